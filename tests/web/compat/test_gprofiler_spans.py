from __future__ import annotations

import numpy as np
import pytest

from lifenode.enrichment import engine
from lifenode.web.compat.gprofiler_spans import Column, Scratch


@pytest.mark.parametrize("kernels", ["numpy", "numba"])
def test_rows_are_put_together(kernels: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_KERNELS", kernels)
    engine.reset()
    mapped = np.frombuffer(b"abcdef", np.uint8)
    scratch = Scratch(3)
    letters = Column(np.array([0, 4, 2]), np.array([1, 6, 2]), mapped=True)
    whole, broken = scratch.numbers(b"[1,20,300,0.5,1e-300,-2.25]")
    named = scratch.choice([b":x,", b":yy,"], np.array([1, 0, 1]))
    columns = [letters, whole, scratch.choice([b"|"]), broken, named, scratch.each([b"A;", b";", b"CCC;"])]
    assert bytes(scratch.joined(columns, mapped)) == b"a1|0.5:yy,A;ef20|1e-300:x,;300|-2.25:yy,CCC;"
    monkeypatch.undo()
    engine.reset()


def test_one_row_of_one_number() -> None:
    scratch = Scratch(1)
    (only,) = scratch.numbers(b"[7]")
    assert bytes(scratch.joined([only], np.frombuffer(b"", np.uint8))) == b"7"
