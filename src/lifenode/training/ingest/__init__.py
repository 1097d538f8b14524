"""Readers, one file a kind of source: each makes records of bytes, and says what it could not use and why."""
