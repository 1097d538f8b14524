"""The compiled form of `lifenode.web.compat.gprofiler_spans.Scratch.joined`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

Integers = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]


@njit(cache=True, nogil=True)
def joined(mapped: Bytes, scratch: Bytes, where: npt.NDArray[np.bool_], starts: Integers, ends: Integers) -> Bytes:
    """Return the stretches of all columns, row by row; `where` says which columns lie in `mapped`."""
    columns, rows = starts.shape
    size = 0
    for column in range(columns):
        for row in range(rows):
            size += ends[column, row] - starts[column, row]
    out = np.empty(size, np.uint8)
    at = 0
    for row in range(rows):
        for column in range(columns):
            # One loop for each buffer: taking either as a variable would count its references, and slices cost more
            # than the few bytes they hold.
            if where[column]:
                for place in range(starts[column, row], ends[column, row]):
                    out[at] = mapped[place]
                    at += 1
            else:
                for place in range(starts[column, row], ends[column, row]):
                    out[at] = scratch[place]
                    at += 1
    return out
