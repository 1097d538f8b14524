"""The command line: thin faces of the library, one file a service."""
