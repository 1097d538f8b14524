"""What the benchmarks share: time of a call or of a fresh process, and figures held against their limits.

Other work on a machine only ever adds to a time. So a limit counts as broken when even the fastest quarter of the runs
is beyond it; a median beyond it with faster runs within is reported as noise.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Times:
    """Seconds of several runs: by the clock, and of processor time (user and system, all threads)."""

    wall: Floats
    cpu: Floats

    def __sub__(self, other: Times) -> Times:
        """Return the times beyond the median of `other`."""
        return Times(self.wall - np.median(other.wall), self.cpu - np.median(other.cpu))


def call_times(function: Callable[[], object], repeats: int, warm: int = 1) -> Times:
    """Time calls in this process, after `warm` calls that do not count."""
    for _ in range(warm):
        function()
    times = []
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        function()
        times.append((time.perf_counter() - wall, time.process_time() - cpu))
    return Times(*np.array(times).T)


def process_times(commands: Mapping[str, Sequence[str]], repeats: int) -> dict[str, Times]:
    """Time fresh processes, the commands taking turns so that a change of the machine's load hits all alike."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(repeats + 1):
        for name, command in commands.items():
            start = time.perf_counter()
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
            times[name].append((time.perf_counter() - start, used.ru_utime + used.ru_stime))
    # The first round filled the file cache.
    return {name: Times(*np.array(found[1:]).T) for name, found in times.items()}


@dataclass
class Report:
    """Prints figures with their limits and remembers those that are broken."""

    broken: list[str] = field(default_factory=list)

    def at_most(self, name: str, values: Floats, limit: float | None, unit: str = "ms", scale: float = 1e3) -> None:
        """Print the median of `values` (seconds by default) and hold it against an upper limit."""
        self._print(name, values * scale, None if limit is None else limit * scale, unit, -1.0)

    def at_least(self, name: str, values: Floats, limit: float | None, unit: str) -> None:
        """Print the median of `values` and hold it against a lower limit."""
        self._print(name, values, limit, unit, 1.0)

    def _print(self, name: str, values: Floats, limit: float | None, unit: str, sign: float) -> None:
        values = np.atleast_1d(values)
        median, best = float(np.median(values)), float(np.quantile(values, 0.75 if sign > 0 else 0.25))
        line = f"  {name:58}{_digits(median):>10} {unit}"
        if limit is not None:
            line += f"   limit {'>=' if sign > 0 else '<='} {_digits(limit)} {unit}: "
            line += "kept" if sign * median >= sign * limit else f"over, fastest quarter {_digits(best)}"
            if sign * best < sign * limit:
                line += " BROKEN"
                self.broken.append(name)
            elif sign * median < sign * limit:
                line += ", so within noise"
        print(line, flush=True)

    def close(self) -> int:
        """Print the verdict; return the exit code."""
        print(f"limits broken: {'; '.join(self.broken)}" if self.broken else "all limits kept")
        return int(bool(self.broken))


def _digits(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
