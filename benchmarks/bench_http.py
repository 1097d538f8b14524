"""The figures of `http_load.py` from short loads; those that the documentation states come from loads of a minute."""

from __future__ import annotations

import sys

import http_load

if __name__ == "__main__":
    sys.argv[1:] = ["--seconds", "5", "--workers", "1", *sys.argv[1:]]
    sys.exit(http_load.main())
