"""How many requests are served at a time, and how many from one address."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lifenode.settings import Settings
from lifenode.web.problems import problem

_NEVER_LIMITED = ("/healthz", "/readyz")
_ADDRESSES_KEPT = 10_000


def proxies_of(config: Settings) -> frozenset[str]:
    """Return the addresses whose word for that of a client, and for how it connected, is taken."""
    return frozenset(name.strip() for name in config.trusted_proxies.split(",") if name.strip())


class Overload:
    """Serve requests in the order they came; what exceeds the waiting room is refused with 503 and Retry-After.

    Small work is done in this process, so between any two requests the loop gets a turn: it reads what has come in the
    meantime, and who finds the room full is told so at once instead of after all those before.

    Parameters
    ----------
    app
        What is protected.
    config
        Settings in force; ``max_concurrent_requests``, ``max_waiting_requests`` and ``waiting_seconds``, for each
        worker process.
    """

    def __init__(self, app: ASGIApp, config: Settings) -> None:
        self._app = app
        self._places, self._room = config.max_concurrent_requests, config.max_waiting_requests
        self._seconds = config.waiting_seconds
        self._queue: deque[asyncio.Future[None]] = deque()
        self._turn = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve or refuse one request."""
        if scope["type"] != "http" or scope["path"] in _NEVER_LIMITED:
            await self._app(scope, receive, send)
            return
        if not await self._enter():
            busy = problem(
                503, "The node serves as many requests as it can.", code="busy", headers={"retry-after": "1"},
                next_step="Try again in a second.",
            )  # fmt: skip
            await busy(scope, receive, send)
            return
        leave = _Once(self._leave)

        async def answering(message: Message) -> None:
            # The work is done; a client that takes its answer slowly keeps nobody else waiting.
            leave()
            await send(message)

        try:
            await self._app(scope, receive, answering)
        finally:
            leave()

    async def _enter(self) -> bool:
        """Take a place, after some time in the waiting room if need be; return whether there was one."""
        if self._places > 0 and not self._turn and not self._queue:
            self._places -= 1
            self._pass_turn()
            return True
        if len(self._queue) >= self._room + self._places:
            return False
        mine = asyncio.get_running_loop().create_future()
        self._queue.append(mine)
        try:
            async with asyncio.timeout(self._seconds):
                await mine
        except TimeoutError:
            return self._give_up(mine)
        except asyncio.CancelledError:
            if self._give_up(mine):
                self._leave()
            raise
        return True

    def _give_up(self, mine: asyncio.Future[None]) -> bool:
        """Leave the waiting room; return whether a place was given in the same moment."""
        if mine.done() and not mine.cancelled():
            return True
        with contextlib.suppress(ValueError):
            self._queue.remove(mine)
        return False

    def _leave(self) -> None:
        self._places += 1
        if self._queue and not self._turn:
            self._pass_turn()

    def _pass_turn(self) -> None:
        self._turn = True
        asyncio.get_running_loop().call_soon(self._next)

    def _next(self) -> None:
        """Let in who has waited longest."""
        self._turn = False
        while self._queue and self._places > 0:
            first = self._queue.popleft()
            if not first.done():
                self._places -= 1
                first.set_result(None)
                self._pass_turn()
                return


class _Once:
    """Calls a function, but only the first time."""

    def __init__(self, function: Callable[[], None]) -> None:
        self._function: Callable[[], None] | None = function

    def __call__(self) -> None:
        function, self._function = self._function, None
        if function is not None:
            function()


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
        self._proxies = proxies_of(config)
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
