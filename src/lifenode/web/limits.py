"""How many requests are served at a time, and how many from one address."""

from __future__ import annotations

import math
import time
from collections import OrderedDict

from starlette.types import ASGIApp, Receive, Scope, Send

from lifenode.settings import Settings
from lifenode.web.problems import problem

_NEVER_LIMITED = ("/healthz", "/readyz")
_ADDRESSES_KEPT = 10_000


class Overload:
    """Refuse at once, with 503 and Retry-After, what exceeds the number of requests served at a time.

    Parameters
    ----------
    app
        What is protected.
    config
        Settings in force; ``max_concurrent_requests`` for each worker process.
    """

    def __init__(self, app: ASGIApp, config: Settings) -> None:
        self._app = app
        self._most = config.max_concurrent_requests
        self._now = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve or refuse one request."""
        if scope["type"] != "http" or scope["path"] in _NEVER_LIMITED:
            await self._app(scope, receive, send)
            return
        if self._now >= self._most:
            busy = problem(
                503, "The node serves as many requests as it can.", code="busy", headers={"retry-after": "1"},
                next_step="Try again in a second.",
            )  # fmt: skip
            await busy(scope, receive, send)
            return
        self._now += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._now -= 1


class RateLimit:
    """Refuse, with 429 and Retry-After, an address that asks more often than the settings allow.

    Every address has a bucket of ``rate_limit_burst`` tokens that fills by ``rate_limit_per_second``. The address is
    that of the connection, or the last of X-Forwarded-For that is none of our own proxies.

    Parameters
    ----------
    app
        What is protected.
    config
        Settings in force.
    """

    def __init__(self, app: ASGIApp, config: Settings) -> None:
        self._app = app
        self._rate, self._burst = config.rate_limit_per_second, config.rate_limit_burst
        self._proxies = {name.strip() for name in config.trusted_proxies.split(",") if name.strip()}
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve or refuse one request."""
        if self._rate <= 0 or scope["type"] != "http" or scope["path"] in _NEVER_LIMITED:
            await self._app(scope, receive, send)
            return
        left = self._take(self._address(scope))
        if left >= 0:
            await self._app(scope, receive, send)
            return
        wait = str(max(1, math.ceil(-left / self._rate)))
        refusal = problem(
            429, f"More than {self._rate:g} requests a second came from your address.", code="too_many_requests",
            headers={"retry-after": wait, "ratelimit": f"limit={self._burst}, remaining=0, reset={wait}"},
            next_step=f"Wait {wait} s, or run lifenode on your own machine.",
        )  # fmt: skip
        await refusal(scope, receive, send)

    def _take(self, address: str) -> float:
        """Take a token; return how many are left, negative where there was none to take."""
        now = time.monotonic()
        tokens, before = self._buckets.pop(address, (float(self._burst), now))
        tokens = min(float(self._burst), tokens + (now - before) * self._rate)
        left = tokens - 1
        self._buckets[address] = (left if left >= 0 else tokens, now)
        if len(self._buckets) > _ADDRESSES_KEPT:
            self._buckets.popitem(last=False)
        return left

    def _address(self, scope: Scope) -> str:
        address = str((scope.get("client") or ("",))[0])
        if address not in self._proxies:
            return address
        forwarded = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
        hops = [hop.strip() for hop in forwarded.decode("latin-1").split(",") if hop.strip()]
        return next((hop for hop in reversed(hops) if hop not in self._proxies), address)
