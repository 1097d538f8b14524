"""Every page, in both themes, on a desk and on a phone: no barrier, no complaint, nothing from elsewhere, light."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser

from tests.web.browser.addresses import PAGES
from tests.web.browser.conftest import Visitor
from tests.web.browser.visit import NARROW, WIDE, Visit

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.network]

FIRST_VIEW = 150_000
"""Most bytes on the wire for a first view, without the library that draws interactive plots."""


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", PAGES)
def test_page_is_sound_in_both_themes(name: str, size: tuple[int, int], visitor: Visitor) -> None:
    path, status = PAGES[name]
    visit = visitor(size=size)
    page = visit.go(path, status, settled=True)
    barriers = {"light": visit.barriers()}
    page.emulate_media(color_scheme="dark")
    barriers["dark"] = visit.barriers()
    assert barriers == {"light": [], "dark": []}
    assert visit.complaints == []
    assert visit.violations() == []
    assert visit.overhang() == 0, "the page scrolls sideways"


@pytest.fixture(scope="module", params=PAGES)
def opened(request: pytest.FixtureRequest, site: str, browser: Browser) -> Iterator[Visit]:
    """Each page, opened once."""
    path, status = PAGES[request.param]
    with Visit(browser, site) as visit:
        visit.go(path, status, settled=True)
        yield visit


def test_first_view_is_light(opened: Visit) -> None:
    sizes = {address: size for address, size in opened.transferred().items() if "plotly" not in address}
    assert sum(sizes.values()) < FIRST_VIEW, sizes


def test_page_has_a_language_a_title_one_heading_and_a_main_part(opened: Visit) -> None:
    assert opened.page.evaluate("document.documentElement.lang") == "en"
    assert opened.page.title().endswith("lifenode")
    assert opened.page.locator("h1").count() == 1
    assert opened.page.locator("main").count() == 1


def test_every_link_of_the_page_has_a_text_and_leads_somewhere(opened: Visit) -> None:
    answers: dict[str, int] = {}
    # Those that are folded away too, so by what they hold and not by what is seen of it.
    links = opened.page.locator("a[href]").evaluate_all(
        "all => all.map(a => [a.getAttribute('href'), a.textContent.trim() || a.getAttribute('aria-label') || ''])"
    )
    for address, text in links:
        assert text, address
        path = address.partition("#")[0]
        if path.startswith("/") and path not in answers and len(answers) < 12:
            answers[path] = opened.page.request.get(f"{opened.base}{path}").status
    # Long lists of terms and genes are alike; the first dozen stand for all.
    assert {path: status for path, status in answers.items() if status != 200} == {}


def test_dark_is_dark_and_light_is_light(opened: Visit) -> None:
    shades = {}
    themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for theme in themes:
        opened.page.emulate_media(color_scheme=theme)
        shades[theme] = opened.shade()
    assert shades["light"] > 0.9
    assert shades["dark"] < 0.25
