"""Without scripts every core task works: a list goes in, a table comes out, and its address reproduces it."""

from __future__ import annotations

import pytest

from tests.web.browser.addresses import GENES
from tests.web.browser.conftest import Visitor
from tests.web.browser.visit import NARROW

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.network]

TASKS = {
    "/": ("\n".join(GENES), "GO:0006954"),
    "/enrich": ("\n".join(GENES), "GO:0006954"),
    "/convert": ("TP53\nIL6", "ENSG00000136244"),
    "/orthologs": ("TP53\nIL6", "ENSMUSG00000025746"),
    "/variants": ("7:22725884:C:G", "IL6"),
}
"""Page with a form: what is typed, and what the answer shows."""


@pytest.mark.parametrize("path", TASKS)
def test_a_list_goes_in_and_a_table_comes_out(path: str, visitor: Visitor) -> None:
    typed, expected = TASKS[path]
    page = visitor(javascript=False, size=NARROW).go(path)
    form = page.locator("main form").filter(has=page.locator("textarea[name=query]")).first
    form.locator("textarea[name=query]").fill(typed)
    if path == "/orthologs":
        form.locator("select[name=to]").select_option("mmusculus")
    form.locator("button[type=submit]").first.click()
    page.wait_for_load_state()
    assert expected in page.locator("main table").first.inner_text()
    # The address of the answer is a permanent link.
    assert "query=" in page.url
    again = visitor(javascript=False)
    again.page.goto(page.url)
    assert expected in again.page.locator("main table").first.inner_text()


def test_errors_keep_what_was_typed_and_lead_to_the_field(visitor: Visitor) -> None:
    page = visitor(javascript=False).go("/enrich")
    page.locator("textarea[name=query]").fill("NOSUCHGENE1\nNOSUCHGENE2")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    assert page.locator("textarea[name=query]").input_value().split() == ["NOSUCHGENE1", "NOSUCHGENE2"]
    link = page.locator("[role=alert] a[href^='#']").first
    target = link.get_attribute("href")
    assert page.locator(f"{target}").count() == 1


def test_the_theme_of_the_system_holds(visitor: Visitor) -> None:
    visit = visitor(javascript=False, theme="dark")
    visit.go("/enrich")
    assert visit.shade() < 0.25
