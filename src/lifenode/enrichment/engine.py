"""Which implementation of the kernels a process uses: arrays in numpy, or compiled loops.

Both give the same bits, so the choice is only about time. Loading the compiler costs about a second, more than a
single query takes in numpy; so a process starts with numpy and changes over once it has done enough work to earn the
second back, or at once when a long computation is announced.
"""

from __future__ import annotations

import os
from importlib.util import find_spec

_WORTH_COMPILING = 400_000  # tails; numpy has then spent about as long as loading the compiler takes
_work = {"done": 0, "compiled": False}


def use_compiled(work: int) -> bool:
    """Say whether the compiled kernels should do `work` more tails, and remember that they are done."""
    if _work["compiled"]:
        return True
    _work["done"] += work
    return _work["done"] >= _WORTH_COMPILING and switch_to_compiled()


def compiled_ready() -> bool:
    """Say whether the compiled kernels are in use already."""
    return bool(_work["compiled"])


def announce(work: int) -> None:
    """Prepare for a long computation, of `work` genes or tails in all."""
    if not _work["compiled"] and work >= _WORTH_COMPILING:
        switch_to_compiled()


def switch_to_compiled() -> bool:
    """Use the compiled kernels from now on, if the compiler is installed and not ruled out by the settings."""
    choice = os.environ.get("LIFENODE_KERNELS", "auto")
    _work["compiled"] = choice != "numpy" and find_spec("numba") is not None
    return bool(_work["compiled"])


def reset() -> None:
    """Forget what was chosen; the next call chooses again."""
    _work.update(done=0, compiled=os.environ.get("LIFENODE_KERNELS") == "numba" and find_spec("numba") is not None)


reset()
