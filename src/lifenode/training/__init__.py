"""The training portal: courses and materials read from where they are published, checked, kept and found again."""
