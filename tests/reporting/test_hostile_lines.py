"""Lines cut and changed at random: places stay inside the block, and the rest is counted.

With NUMBA_BOUNDSCHECK=1 (and a NUMBA_CACHE_DIR of its own) the compiled code checks every access as well.
"""

from __future__ import annotations

import io
import random

import pytest

from lifenode.reporting import logs
from lifenode.reporting.addresses import Addresses
from lifenode.reporting.log_fields import AGENT, AGENT_END, FAULT, FINE, HOST, HOST_END, PATH, PATH_END
from lifenode.reporting.usage_tables import Tally
from tests.reporting.synthetic_logs import as_json, combined, requests

PIECES = ('"', "\\", "[", "]", "{", "}", " ", ":", ",", "-", "/", "#", "http://", "\0", "+02", "é", "2023-", "Z")


def changed(line: str, draw: random.Random) -> str:
    """Return a line with a few pieces taken out, put in or replaced."""
    letters = list(line)
    for _ in range(draw.randrange(1, 6)):
        place = draw.randrange(len(letters) + 1)
        letters[place : place + draw.choice((0, 1, 40))] = draw.choice((*PIECES, ""))
    return "".join(letters)


@pytest.mark.parametrize("seed", range(40))
def test_places_stay_inside_the_block(seed: int) -> None:
    draw = random.Random(seed)
    lines = [written(request) for written in (combined, as_json) for request in requests(50, seed)]
    text = "".join(changed(line, draw) for line in lines).encode()[: draw.randrange(1, 20_000)]
    tally, fine = Tally(Addresses(), b"x" * 16), 0
    for block in logs.blocks(io.BytesIO(text), 0):
        rows = block.rows[block.rows[:, FAULT] == FINE]
        for start, end in ((HOST, HOST_END), (PATH, PATH_END), (AGENT, AGENT_END)):
            assert (rows[:, start] >= 0).all()
            assert (rows[:, start] <= rows[:, end]).all()
            assert (rows[:, end] <= len(block.letters)).all()
        assert len(list(block.broken())) == len(block.rows) - len(rows)
        tally.add(block)
        fine += len(rows)
    counted = sum(int(counts[..., 0].sum()) for counts in tally.counts.values())
    assert counted == fine


@pytest.mark.parametrize("piece", [b"", b"\n", b"[", b"{", b'"', b'{"', b"a - - [", b'{"time":', b'{"a":"\\'])
def test_beginnings_of_lines(piece: bytes) -> None:
    for length in range(1, 60):
        for block in logs.blocks(io.BytesIO(piece * length), 0):
            assert len(list(block.broken())) == len(block.rows)
