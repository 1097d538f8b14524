"""``lifenode selftest``: checks that this installation gives the right numbers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import click

from lifenode.cli.messages import tell
from lifenode.cli.output import write_text
from lifenode.errors import LifenodeError

# P[X >= k] for (k, K, n, N), from exact rational arithmetic.
VECTORS = (
    (10, 200, 100, 20_000, 6.327509782074238e-08),
    (60, 200, 100, 20_000, 5.78280965501917e-97),
    (0, 15, 300, 18_000, 1.0),
    (5, 5, 5, 5_000, 3.8476899947624605e-17),
    (30, 1_500, 400, 20_000, 0.5278391537271784),
    (3, 3, 10, 10, 1.0),
)


@click.command("selftest")
def command() -> int:
    """Check packs, numbers and kernels on this machine; exit with 1 if anything is wrong.

    \b
    Example:
      lifenode selftest
        ok      hypergeometric tails: 6 reference values, largest relative error ... (... s)
        ok      kernels: numpy and compiled give the same bits (... s)
        ok      pack hsapiens: 8 files, 35803 terms (... s)
        ok      enrichment: 1160 terms from the genes of one (... s)
        ...
    """
    checks: list[tuple[str, Callable[[], str]]] = [
        ("hypergeometric tails", _tails),
        ("kernels", _kernels),
        *[(f"pack {name}", check) for name, check in _packs()],
        ("enrichment", _enrichment),
    ]
    failures = 0
    for name, check in checks:
        start = time.perf_counter()
        try:
            said = check()
        except LifenodeError as error:
            failures += 1
            write_text(f"FAILED  {name}: {error}\n", None)
        else:
            write_text(f"ok      {name}: {said} ({time.perf_counter() - start:.2f} s)\n", None)
    if failures:
        tell(f"{failures} of {len(checks)} checks failed")
    return int(failures > 0)


def _require(condition: bool, problem: str) -> None:
    if not condition:
        raise LifenodeError(problem, next_step="Please report this, with the output of lifenode --version.")


def _tails() -> str:
    from lifenode.enrichment.hypergeometric import upper_tail

    worst = max(abs(upper_tail(*v[:4]).p[0] - v[4]) / v[4] for v in VECTORS)
    _require(worst <= 1e-12, f"a reference value is off by {worst:.1e}")
    return f"{len(VECTORS)} reference values, largest relative error {worst:.0e}"


def _kernels() -> str:
    import numpy as np

    from lifenode.enrichment import engine
    from lifenode.enrichment.hypergeometric import upper_tail

    k = np.arange(1, 60)
    plain = upper_tail(k, 300, 200, 18_000)
    if not engine.switch_to_compiled():
        return "numpy only; install numba for long work"
    compiled = upper_tail(k, 300, 200, 18_000)
    same = plain.mantissa.tobytes() == compiled.mantissa.tobytes()
    _require(same, "the compiled kernel and numpy differ")
    return "numpy and compiled give the same bits"


def _packs() -> Iterator[tuple[str, Callable[[], str]]]:
    from lifenode.packs.pack import installed, open_pack

    def check(path: Path) -> str:
        pack = open_pack(path)
        pack.verify()
        return f"{len(pack.manifest['files'])} files, {len(pack.annotations().term_ids)} terms"

    for path in installed():
        yield path.name, partial(check, path)


def _enrichment() -> str:
    import lifenode

    result = lifenode.enrich(["GO:0006954"], sources="GO:BP")
    recall = dict(zip(result["term_id"], result["recall"].tolist(), strict=True))
    _require(recall.get("GO:0006954") == 1.0, "a term is not found from its own genes")
    return f"{len(result)} terms from the genes of one"
