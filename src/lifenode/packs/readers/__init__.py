"""Readers of raw upstream files, one module a format.

Every reader streams: a generator of small tuples, one a record, each made when asked for. Bulk tables come as polars
frames from the functions called ``*_frame``. All of them open files through `lifenode.packs.readers.text`: packed with
gzip or bzip2 or not, with or without a byte order mark, LF or CRLF. A broken file raises
`lifenode.errors.FormatError` with its path and 1-based line.
"""
