"""A visit to pages of the node that notes everything a careful visitor would hold against them."""

from __future__ import annotations

from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, CDPSession, Dialog, Page, Request

WIDE, NARROW = (1280, 900), (390, 844)
GRAVE = ("serious", "critical")
_AXE = Axe()
_GROUND = """body => {
  const own = getComputedStyle(body).backgroundColor;
  return own === "rgba(0, 0, 0, 0)" ? getComputedStyle(document.documentElement).backgroundColor : own;
}"""
_WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
"""


class Visit:
    """One visitor with a browser profile of their own.

    Parameters
    ----------
    browser
        The browser.
    base
        Address of the node.
    size
        Width and height of the window, CSS pixels.
    theme
        What the visitor's system prefers: ``light`` or ``dark``.
    javascript
        Whether scripts run.

    Attributes
    ----------
    page
        The page, for anything else.
    complaints
        What went wrong so far: messages of the console, errors of scripts, requests to other hosts, failed requests.
    dialogs
        Messages of dialogs that opened; injected scripts of the tests open some.
    """

    def __init__(
        self,
        browser: Browser,
        base: str,
        size: tuple[int, int] = WIDE,
        theme: str = "light",
        javascript: bool = True,
    ) -> None:
        self.base = base
        self.complaints: list[str] = []
        self.dialogs: list[str] = []
        self._context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=javascript,
            reduced_motion="reduce",
            accept_downloads=True,
        )
        self._context.set_default_timeout(15_000)
        self._context.add_init_script(_WATCH)
        self.page = self._context.new_page()
        self._javascript = javascript
        self._watch(self.page)
        self._wire = _bytes_of(self._context.new_cdp_session(self.page))

    def __enter__(self) -> Visit:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._context.close()

    def _watch(self, page: Page) -> None:
        page.on("console", lambda said: self._note(said.type in ("error", "warning"), f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: self._note(True, f"script: {error}"))
        page.on("request", self._foreign)
        page.on("requestfailed", lambda request: self._note(self._unexpected(request), f"failed: {request.url}"))
        page.on("dialog", self._refuse)

    def _note(self, wrong: bool, text: str) -> None:
        if wrong:
            self.complaints.append(text)

    def _refuse(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _foreign(self, request: Request) -> None:
        parts = urlsplit(request.url)
        own = request.url.startswith(self.base) or parts.scheme in ("data", "blob", "about")
        self._note(not own, f"another host: {request.url}")

    @staticmethod
    def _unexpected(request: Request) -> bool:
        # A request that the next navigation or a download overtakes has not failed.
        return "ERR_ABORTED" not in (request.failure or "")

    def go(self, path: str, status: int = 200, settled: bool = False) -> Page:
        """Open a page of the node, which has to answer with `status`; `settled`, wait until it asks for no more."""
        self._wire.clear()
        answer = self.page.goto(f"{self.base}{path}", wait_until="networkidle" if settled else "load")
        assert answer is not None
        assert answer.status == status, f"{path[:80]}: status {answer.status}"
        if status >= 400:
            # The console notes the status of the page itself as an error.
            self.complaints = [text for text in self.complaints if f"status of {status}" not in text]
        return self.page

    def transferred(self) -> dict[str, int]:
        """Return the bytes on the wire since the page was opened, by address."""
        return dict(self._wire)

    def violations(self) -> list[str]:
        """Return what the content security policy of the page has blocked so far."""
        found: list[str] = self.page.evaluate("window.violations") if self._javascript else []
        return found

    def barriers(self) -> list[str]:
        """Return the serious and critical barriers that axe finds, a line each."""
        found: list[dict[str, Any]] = _AXE.run(self.page).response["violations"]
        return [
            f"{each['id']} ({each['impact']}): {node['target']} {node['html'][:160]}"
            for each in found
            if each["impact"] in GRAVE
            for node in each["nodes"]
        ]

    def shade(self) -> float:
        """Return how light the ground of the page is, from 0 (black) to 1 (white)."""
        colour: str = self.page.locator("body").evaluate(_GROUND)
        return sum(int(part) for part in colour.strip("rgba()").split(",")[:3]) / 765

    def overhang(self) -> int:
        """Return the pixels by which the page is wider than the window."""
        found: int = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return found


def _bytes_of(session: CDPSession) -> dict[str, int]:
    """Return bytes on the wire by address, filled while pages load."""
    counted: dict[str, int] = {}
    addresses: dict[str, str] = {}
    session.on("Network.requestWillBeSent", lambda sent: addresses.update({sent["requestId"]: sent["request"]["url"]}))

    def finished(done: dict[str, Any]) -> None:
        address = addresses.get(done["requestId"], "?")
        if not address.startswith("data:"):
            counted[address] = counted.get(address, 0) + int(done["encodedDataLength"])

    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    return counted
