"""Back, reload, share and the choice of a theme: what was seen can be seen again."""

from __future__ import annotations

import pytest

from tests.web.browser.addresses import GENES, TYPICAL
from tests.web.browser.conftest import Visitor
from tests.web.browser.visit import Visit

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.network]

FIRST, SECOND = "\n".join(GENES), "BRCA1\nBRCA2\nRAD51\nPALB2\nATM"


def ask(visit: Visit, genes: str) -> str:
    """Ask for the enrichment of a list on the page and return the first row of the answer."""
    page = visit.page
    before = page.url
    page.locator("textarea[name=query]").fill(genes)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: url != before)
    return first_row(visit)


def first_row(visit: Visit) -> str:
    """Return the text of the first row of the answer."""
    row = visit.page.locator("main table tbody tr").first
    row.wait_for()
    return row.inner_text()


def test_back_reload_and_share_show_the_same_answer(visitor: Visitor) -> None:
    visit = visitor()
    page = visit.go("/enrich")
    first = ask(visit, FIRST)
    shared = page.url
    second = ask(visit, SECOND)
    assert first != second
    page.go_back()
    page.wait_for_url(shared)
    assert first_row(visit) == first
    assert page.locator("textarea[name=query]").input_value().split() == GENES
    page.reload()
    assert first_row(visit) == first
    page.go_forward()
    assert first_row(visit) == second
    stranger = visitor()
    stranger.page.goto(shared)
    assert first_row(stranger) == first
    assert visit.complaints == stranger.complaints == []


def test_a_long_list_is_kept_only_when_asked(visitor: Visitor) -> None:
    visit = visitor()
    page = visit.go("/enrich")
    page.locator("textarea[name=query]").fill("\n".join(GENES * 8))
    page.locator("main form button[type=submit]").first.click()
    shown = first_row(visit)
    assert "query=" not in page.url
    page.locator("form[action='/links'] button").first.click()
    page.wait_for_url("**link=**")
    assert first_row(visit) == shown
    stranger = visitor()
    stranger.page.goto(page.url)
    assert first_row(stranger) == shown


def test_the_chosen_theme_stays(visitor: Visitor) -> None:
    visit = visitor()
    visit.go("/")
    assert visit.shade() > 0.9
    choose_theme(visit, "dark")
    for path in ("/enrich", "/convert", TYPICAL):
        visit.go(path)
        assert visit.shade() < 0.25, path
    visit.page.reload()
    assert visit.shade() < 0.25
    choose_theme(visit, "light")
    assert visit.shade() > 0.9


def choose_theme(visit: Visit, name: str) -> None:
    """Press or choose until the page says that it has the theme `name`."""
    switch = visit.page.locator("[data-theme-switch]")
    for _ in range(3):
        switch.click()
        if visit.page.evaluate("document.documentElement.dataset.theme") == name:
            return
    raise AssertionError(f"the switch does not lead to {name}")


def test_sorting_and_filtering_keep_the_rows_counted(visitor: Visitor) -> None:
    visit = visitor()
    page = visit.go(TYPICAL)
    rows = page.locator("main table tbody tr:visible")
    rows.first.wait_for()
    before = rows.count()
    page.locator("main input[type=search]").first.fill("inflammatory response")
    page.wait_for_timeout(300)
    assert 0 < rows.count() < before
    assert visit.complaints == []
