"""What the server does under load, on loopback, against the limits of the project.

Every request of a load is different unless the line says "the same body", so that no cache helps. A rate per core is
per second of processor time of the server, all its processes together: it does not depend on what else the machine is
doing. The clock's rates and latencies do, and the load generator shares the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
import urllib.request
from collections.abc import Awaitable, Iterator, Set
from dataclasses import dataclass
from itertools import chain, cycle, islice, repeat

import numpy as np
import orjson
import uvloop
from http_bodies import PROFILE, Lists, conversions, post, profiles
from http_client import LOST, Exchanges, OpenLoop, closed_loop
from http_server import Server, serving
from http_siege import SLOW_CLIENTS, besieged, first_large
from measuring import Report

WARM_SECONDS = 2.0
MOST_DRAWN = 60_000
RECOVERY_SECONDS = 10.0
CALM_SECONDS = 0.150
"""An answer within this time is one of a server that is itself."""
REFUSALS = {429, 503}


@dataclass(frozen=True)
class Used:
    """A load and the processor seconds it cost the server."""

    load: Exchanges
    cpu_seconds: float
    wall_seconds: float

    @property
    def per_request(self) -> float:
        """Processor seconds of the server for an answer 200."""
        return self.cpu_seconds / max(self.load.statuses[200], 1)


def run(work: Awaitable[Exchanges]) -> Exchanges:
    """Run one load to its end."""

    async def whole() -> Exchanges:
        return await work

    return uvloop.run(whole())


def drawn(requests: Iterator[bytes], number: float) -> Iterator[bytes]:
    """Draw so many requests now, since the processor that draws them later is the server's too."""
    return chain(list(islice(requests, round(number))), requests)


def busy(server: Server, requests: Iterator[bytes], seconds: float, connections: int) -> Used:
    """Keep the server as busy as it can be, after a warm-up."""
    warm = run(closed_loop(server.address, requests, WARM_SECONDS, connections))
    ahead = drawn(requests, min(1.2 * warm.rate() * seconds, MOST_DRAWN))
    before, start = server.cpu_seconds(), time.perf_counter()
    load = run(closed_loop(server.address, ahead, seconds, connections))
    return Used(load, server.cpu_seconds() - before, time.perf_counter() - start)


def as_array(value: float) -> np.ndarray:
    """Return a figure as the report takes it."""
    return np.array([value])


def only_answers(name: str, load: Exchanges, report: Report, allowed: Set[int] = frozenset({200})) -> None:
    """Hold that a load had no other answers than those allowed."""
    other = {status or "none": number for status, number in load.statuses.items() if status not in allowed}
    if other:
        print(f"  {name}: other answers {other} BROKEN")
        report.broken.append(f"{name}: other answers")


def sustained(name: str, used: Used, limit: float | None, workers: int, report: Report) -> None:
    """Print the rate of a busy server and its cost a request."""
    load = used.load
    if not load.statuses[200]:
        raise SystemExit(f"{name}: no answers, but {dict(load.statuses)}")
    report.at_least(f"{name}, a second of processor time", as_array(1 / used.per_request), limit, "/s")
    report.at_most(f"{name}, processor time a request", as_array(used.per_request), None)
    report.at_least(f"{name}, a second by the clock, {workers} workers", as_array(load.rate()), None, "/s")
    print(f"    {load.statuses[200]:,} answers of {load.mean_size() / 1e3:,.0f} kB, server busy "
          f"{used.cpu_seconds / used.wall_seconds / workers:.0%} of {used.wall_seconds:.0f} s a worker")  # fmt: skip
    only_answers(name, load, report)


def latencies(name: str, load: Exchanges, rate: float, report: Report) -> None:
    """Print how long the answers of an open loop took."""
    p50, p95, p99 = load.quantiles()
    report.at_most(f"{name}, p50 at {rate:,.0f}/s", as_array(p50), None)
    report.at_most(f"{name}, p95 at {rate:,.0f}/s", as_array(p95), None)
    report.at_most(f"{name}, p99 at {rate:,.0f}/s", as_array(p99), CALM_SECONDS)
    only_answers(name, load, report)


def calm(name: str, server: Server, requests: Iterator[bytes], rate: float, seconds: float, report: Report) -> None:
    """Print latencies of an open loop."""
    load = run(OpenLoop(server.address, drawn(requests, rate * seconds), rate, 64).run(seconds))
    latencies(name, load, rate, report)


def siege(server: Server, requests: Iterator[bytes], rate: float, seconds: float, report: Report) -> None:
    """Print latencies of an open loop beside clients that send byte by byte."""
    load = run(besieged(server.address, drawn(requests, rate * seconds), rate, seconds))
    latencies(f"beside {SLOW_CLIENTS} slow clients", load, rate, report)


def overload(server: Server, requests: Iterator[bytes], peak: float, seconds: float, report: Report) -> None:
    """Ask three times what the server can do; then ask half, and see when it is itself again."""
    ahead = drawn(requests, 3 * peak * seconds + peak * RECOVERY_SECONDS)

    async def burst_then_calm() -> tuple[Exchanges, Exchanges]:
        burst = OpenLoop(server.address, ahead, 3 * peak, 512)
        await burst.send(seconds)
        calm = await OpenLoop(server.address, ahead, peak / 2, 64).run(RECOVERY_SECONDS)
        return await burst.drain(), calm

    load, after = uvloop.run(burst_then_calm())
    statuses = dict(sorted(load.statuses.items()))
    print(f"  3 x overload, {3 * peak:,.0f}/s for {seconds:.0f} s: answers {statuses}, {load.unsent} could not be sent")
    report.at_most("3 x overload, p99 of what was answered", as_array(load.quantiles()[2]), None)
    report.at_least("3 x overload, share of the peak answered", as_array(load.rate() / peak), 0.8, "")
    only_answers("3 x overload", load, report, {200, *REFUSALS})
    silent = sum(each.status in REFUSALS and not each.says_when for each in load.done)
    if silent:
        print(f"  {silent} refusals without Retry-After BROKEN")
        report.broken.append("refusals without Retry-After")
    late = [each.done - after.start for each in after.done if each.status != 200 or each.done - each.due > CALM_SECONDS]
    report.at_most("until the last late answer after it", as_array(max(late, default=0.0)), 5.0, "s", 1.0)


def stopping(workers: int, requests: Iterator[bytes], report: Report) -> None:
    """Stop a server in the midst of a load: every request it had by then has to be answered."""
    with serving(workers) as server:

        async def load_and_stop() -> Exchanges:
            work = asyncio.ensure_future(closed_loop(server.address, requests, 4.0, 16))
            await asyncio.sleep(2.0)
            stopped.append(time.perf_counter())
            server.process.terminate()
            return await work

        stopped: list[float] = []
        load = run(load_and_stop())
        code = server.process.wait(35.0)
        taken = time.perf_counter() - stopped[0]
    lost = [each for each in load.done if each.status == LOST and each.sent < stopped[0]]
    after = sum(each.status == 200 and each.done > stopped[0] for each in load.done)
    bad = bool(lost) or code != 0
    print(f"  SIGTERM under load, {workers} workers: {len(lost)} accepted requests lost, {after} answered after it, "
          f"ended after {taken:.1f} s with {code}{' BROKEN' if bad else ''}")  # fmt: skip
    if bad:
        report.broken.append(f"SIGTERM with {workers} workers")


def organisms(server: Server) -> list[str]:
    """Return the organisms the server has."""
    with urllib.request.urlopen(server.url("/gprofiler/api/util/organisms_list"), timeout=10) as answer:  # noqa: S310
        return [entry["id"] for entry in orjson.loads(answer.read())]


def memory(workers: int, report: Report) -> None:
    """Print the memory of each process once every starter pack has been asked."""
    with serving(workers) as server:
        found = organisms(server)
        bodies = [post(PROFILE, orjson.dumps({"organism": name, "query": Lists(0, name).one(200)})) for name in found]
        # Many rounds over many connections, so that every worker has seen every organism.
        run(closed_loop(server.address, cycle(bodies), 4.0, 8 * workers))
        sizes = server.memory()
    for process, (resident, proportional) in sizes.items():
        print(f"    process {process}: resident {resident:.0f} MB, proportional {proportional:.0f} MB")
    most = max(proportional for _, proportional in sizes.values())
    report.at_most(f"largest of {len(sizes)} processes, all {len(found)} packs, {workers} workers",
                   as_array(most), 600.0, "MB", 1.0)  # fmt: skip
    report.at_most("all processes together", as_array(sum(size for _, size in sizes.values())), None, "MB", 1.0)


def measure(workers: int, seconds: float, seed: int, report: Report) -> None:
    """Print all figures of a server with a number of workers."""
    with serving(workers) as server:
        lists = profiles(seed)
        report.at_most("first question for a process of its own", as_array(first_large(server)), None)
        main = busy(server, lists, seconds, 4 * workers)
        sustained("200 genes, all sources", main, 300.0, workers, report)
        peak = main.load.rate()
        calm("200 genes, all sources", server, lists, peak / 2, seconds, report)
        siege(server, lists, peak / 2, min(seconds, 20.0), report)
        same = busy(server, repeat(next(lists)), min(seconds, 10.0), 4 * workers)
        sustained("the same body again", same, 2000.0, workers, report)
        thousand = busy(server, conversions(seed), min(seconds, 20.0), 4 * workers)
        sustained("1,000 identifiers converted", thousand, 100.0, workers, report)
        overload(server, lists, peak, min(seconds, 20.0), report)
    stopping(workers, lists, report)
    memory(workers, report)


def main() -> int:
    """Run the benchmark; exit 1 if a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="length of the main load")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="numbers of worker processes to measure")
    parser.add_argument("--seed", type=int, default=1, help="seed of the lists")
    arguments = parser.parse_args()
    report = Report()
    for workers in arguments.workers:
        print(f"# workers: {workers}, main load {arguments.seconds:.0f} s, Python {sys.version.split()[0]}")
        measure(workers, arguments.seconds, arguments.seed, report)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
