"""Changes of the portal's tables, one file each."""
