"""Access logs made up with a seed: people, programs and crawlers who come again, click twice and fail."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0",
    "python-requests/2.31.0",
    "curl/8.4.0",
    "R (4.3.1 x86_64-pc-linux-gnu x86_64 linux-gnu)",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "-",
)
PATHS = (
    "/", "/enrich?id=a1b2", "/enrich", "/convert", "/static/main.css", "/api/v1/enrich", "/gprofiler/api/gost/profile/",
    "/eqtl/api/v2/datasets?size=20", "/training/events/7", "/healthz", "/enrichment", "/logo.PNG?v=3", "/docs#top",
)  # fmt: skip


def requests(count: int, seed: int = 7, hosts: int = 500, per_second: float = 2.0) -> Iterator[dict[str, object]]:
    """Yield requests in the order of their time, from the last hour of a day on."""
    draw = random.Random(seed)
    time = datetime(2023, 3, 25, 23, 0, tzinfo=UTC).timestamp()
    for _ in range(count):
        time += draw.expovariate(per_second)
        host = draw.randrange(hosts)
        path = draw.choice(PATHS)
        yield {
            "time": int(time), "client": f"10.{host >> 8}.{host & 255}.{host % 7}", "agent": AGENTS[host % len(AGENTS)],
            "path": path, "method": "POST" if "profile" in path else draw.choice(("GET",) * 18 + ("HEAD", "PUT")),
            "status": draw.choice((200,) * 15 + (304, 301, 404, 500)), "size": draw.randrange(100_000),
        }  # fmt: skip


def combined(request: dict[str, object], offset_hours: int = 2) -> str:
    """Return a request as a line of the combined format."""
    zone = timezone(timedelta(hours=offset_hours))
    stamp = datetime.fromtimestamp(int(str(request["time"])), zone).strftime("%d/%b/%Y:%H:%M:%S %z")
    return (
        f'{request["client"]} - - [{stamp}] "{request["method"]} {request["path"]} HTTP/1.1" {request["status"]} '
        f'{request["size"]} "https://example.org/" "{request["agent"]}"\n'
    )


def as_json(request: dict[str, object]) -> str:
    """Return a request as a line of this node's log."""
    stamp = datetime.fromtimestamp(int(str(request["time"])), UTC).isoformat().replace("+00:00", "Z")
    return json.dumps(request | {"time": stamp}) + "\n"
