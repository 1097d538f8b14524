"""Everything works by keyboard: the tab key reaches the form, a chord sends it, the plot's marks can be walked."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.web.browser.addresses import GENES, PAGES, TYPICAL
from tests.web.browser.conftest import Visitor

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.network]

FORMS = ("/", "/enrich", "/convert", "/orthologs", "/variants")
_FOCUSED = """() => {
  const at = document.activeElement;
  if (at === null || at === document.body) return "";
  return `${at.tagName.toLowerCase()}[${at.name || at.id || at.textContent.trim()}]`;
}"""
_RING = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none";
}"""


def tab_stops(page: Page, most: int = 60) -> list[str]:
    """Press the tab key until the focus leaves the page; return what it stopped at."""
    stops: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(_FOCUSED)
        if not at:
            break
        stops.append(at)
    return stops


@pytest.mark.parametrize("path", FORMS)
def test_the_tab_key_reaches_the_form_in_order(path: str, visitor: Visitor) -> None:
    page = visitor().go(path)
    page.locator("body").press("Home")
    stops = tab_stops(page)
    assert stops, "nothing takes the focus"
    assert any(stop.startswith("textarea[query") for stop in stops)
    field = next(place for place, stop in enumerate(stops) if stop.startswith("textarea[query"))
    assert any(stop.startswith("button") for stop in stops[field:]), "no button after the field"


def test_the_first_stop_skips_to_the_content(visitor: Visitor) -> None:
    page = visitor().go("/enrich")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


@pytest.mark.parametrize("path", FORMS)
def test_the_focus_can_be_seen(path: str, visitor: Visitor) -> None:
    page = visitor().go(path)
    unseen = []
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate(_FOCUSED) and not page.evaluate(_RING):
            unseen.append(page.evaluate(_FOCUSED))
    assert unseen == []


def test_a_list_is_sent_by_keyboard(visitor: Visitor) -> None:
    page = visitor().go("/enrich")
    page.locator("textarea[name=query]").focus()
    page.keyboard.insert_text("\n".join(GENES))
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type === 'submit'"):
            break
    page.keyboard.press("Enter")
    page.locator("main table").first.wait_for()
    assert "GO:0006954" in page.locator("main table").first.inner_text()


def test_the_marks_of_the_plot_can_be_walked(visitor: Visitor) -> None:
    visit = visitor()
    page = visit.go(TYPICAL)
    stops = page.locator("main svg [tabindex='0']")
    assert stops.count() == 1, "one mark takes the tab key, the arrows go on from there"
    stops.focus()
    names = []
    for _ in range(5):
        names.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
        page.keyboard.press("ArrowRight")
    assert all(names)
    assert len(set(names)) == 5
    assert visit.complaints == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_holds_the_focus(name: str, visitor: Visitor) -> None:
    path, status = PAGES[name]
    page = visitor().go(path, status)
    stops = tab_stops(page, 8)
    assert len(set(stops)) > 3, stops
