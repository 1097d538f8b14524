"""How fast access logs are counted: lines a second of processor time, from file to stored daily counts.

The logs are made up with a seed: 20,000 hosts, nine user agents, ten requests a second, 172 bytes a line in the
combined format and 205 as JSON. What it is compared with counts the same numbers one line at a time with regular
expressions, dates and dictionaries (tests/oracles/usage.py), on the first lines of the same file. A log whose every
line has a user agent of its own is the worst case: each has to be held against the list of robots.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from measuring import Report, call_times

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.oracles import usage as oracle  # noqa: E402
from tests.reporting.synthetic_logs import as_json, combined, requests  # noqa: E402

from lifenode.reporting.addresses import Addresses  # noqa: E402 - after the path is set
from lifenode.reporting.usage import daily, ingest  # noqa: E402

PER_SECOND = 200_000
SLOW_LINES = 30_000


def slow_rate(log: Path) -> tuple[float, bool]:
    """Return lines a second of the slow count, and whether the fast one finds the same in the same lines."""
    with log.open() as handle:
        lines = [line.rstrip("\n") for line in itertools.islice(handle, SLOW_LINES)]
    rules = [(rule.prefix, rule.service, rule.kind) for rule in Addresses().rules]
    start = time.process_time()
    expected = oracle.count(lines, rules)[1]
    rate = len(lines) / (time.process_time() - start)
    part = log.with_name("part.log")
    part.write_text("".join(f"{line}\n" for line in lines))
    store = log.with_name("part.sqlite")
    store.unlink(missing_ok=True)
    ingest(store, [part])
    return rate, int(daily(store)["queries"].sum()) == sum(expected.values())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=400_000)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    report = Report()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = list(requests(options.lines, hosts=20_000, per_second=10))
        logs = {"combined": folder / "access.log", "JSON": folder / "access.json"}
        logs["combined"].write_text("".join(map(combined, made)))
        logs["JSON"].write_text("".join(map(as_json, made)))
        logs["combined, gzip"] = folder / "access.log.gz"
        logs["combined, gzip"].write_bytes(gzip.compress(logs["combined"].read_bytes(), 6))
        logs["combined, every agent new"] = folder / "agents.log"
        fresh = [request | {"agent": f"Mozilla/5.0 (X11; rv:{n}) Gecko"} for n, request in enumerate(made[:50_000])]
        logs["combined, every agent new"].write_text("".join(map(combined, fresh)))
        slow, same = {}, True
        for kind in ("combined", "JSON"):
            slow[kind], agrees = slow_rate(logs[kind])
            same = same and agrees
        for kind, log in logs.items():

            def once(log: Path = log) -> None:
                store = folder / "usage.sqlite"
                store.unlink(missing_ok=True)
                ingest(store, [log])

            lines = 50_000 if "new" in kind else options.lines
            rates = lines / call_times(once, options.repeats).cpu
            report.at_least(kind, rates, None if "new" in kind else PER_SECOND, "lines/s")
            if kind in slow:
                report.at_least("  times as fast as one line at a time", rates / slow[kind], 1, "x")
        report.at_least("same queries as one line at a time (1: yes)", np.array([float(same)]), 1, "")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"  peak memory of this process, with the lists of the slow count: {peak:,.0f} MB")
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
