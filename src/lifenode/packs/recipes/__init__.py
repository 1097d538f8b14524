"""From raw files to the content of a pack: one file per concern, one per collection of files."""
