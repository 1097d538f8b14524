"""Usage counted the slow, obvious way: one line at a time, with regular expressions, dates and dictionaries.

Visitors are kept as they are written in the log, so nothing of this is fit for use.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from lifenode.reporting.agents import CLASSES, class_of

_COMBINED = re.compile(
    r'(?:\S+ )?(?P<client>\S+) \S+ \S+ \[(?P<time>[^\]]+)\] "(?P<request>(?:[^"\\]|\\.)*)"'
    r" (?P<status>\d{3}) (?P<size>\d+|-)"
    r'(?: "(?:[^"\\]|\\.)*" "(?P<agent>(?:[^"\\]|\\.)*)".*)?$'
)
ASSETS = (".css", ".js", ".png", ".svg", ".ico", ".woff2")


def parse(line: str) -> dict[str, object] | None:
    """Return time, client, agent, method, path, status and size of a line, or None."""
    if line.startswith("{"):
        found = json.loads(line)
        found["time"] = datetime.fromisoformat(found["time"])
        return dict(found)
    match = _COMBINED.match(line)
    if match is None:
        return None
    method, path = match["request"].split(" ")[:2]
    return {
        "time": datetime.strptime(match["time"], "%d/%b/%Y:%H:%M:%S %z"), "client": match["client"],
        "agent": match["agent"] or "", "method": method, "path": path, "status": int(match["status"]),
        "size": int(match["size"].replace("-", "0")),
    }  # fmt: skip


def rule_of(path: str, rules: list[tuple[str, str, str]]) -> tuple[str, str]:
    """Return service and kind of the longest prefix that ends where a word of the path ends."""
    for prefix, service, kind in sorted(rules, key=lambda rule: -len(rule[0])):
        rest = path.removeprefix(prefix)
        if path.startswith(prefix) and (not rest or prefix.endswith("/") or not prefix or rest[0] in "/?."):
            return service, kind
    return "other", "page"


def count(lines: Iterable[str], rules: list[tuple[str, str, str]]) -> tuple[Counter[tuple[str, ...]], ...]:
    """Return requests, queries, repeated and failed by day, service, kind and class; visits and visitors by three."""
    requests, queries, repeated, failed = Counter[tuple[str, ...]](), Counter[tuple[str, ...]](), Counter[
        tuple[str, ...]
    ](), Counter[tuple[str, ...]]()  # fmt: skip
    visitors, visits = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    clicked: dict[tuple[object, ...], float] = {}
    came: dict[tuple[object, ...], float] = {}
    for line in lines:
        found = parse(line)
        if found is None:
            continue
        moment = found["time"]
        assert isinstance(moment, datetime)
        day, time = moment.astimezone(UTC).date().isoformat(), moment.timestamp()
        path = str(found["path"]).partition("#")[0]
        asset = path.partition("?")[0].lower().endswith(ASSETS)
        service, kind = ("all", "asset") if asset else rule_of(path, rules)
        group = CLASSES[class_of(str(found["agent"]))]
        key = (day, service, kind, group)
        status = int(str(found["status"]))
        requests[key] += 1
        failed[key] += status >= 400
        if asset or kind == "ignore" or found["method"] not in ("GET", "POST"):
            continue
        if not (200 <= status < 300 or status == 304):
            continue
        visitor = (day, found["client"], found["agent"])
        if found["method"] == "GET":
            before = clicked.get((visitor, path), -1e9)
            clicked[visitor, path] = time
            if time - before <= 30:
                repeated[key] += 1
                continue
        queries[key] += 1
        for name in (service, "all"):
            if (visitor, name) not in came:
                visitors[day, name, group] += 1
            if time - came.get((visitor, name), -1e9) > 1800:
                visits[day, name, group] += 1
            came[visitor, name] = time
    return requests, queries, +repeated, +failed, visitors, visits
