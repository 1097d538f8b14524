"""The plots of a locus with scripts: what a dot is, labels, arrow keys, rows of the table; and without."""

from __future__ import annotations

import pytest

from tests.web.browser.addresses import PAGES
from tests.web.browser.conftest import Visitor
from tests.web.browser.visit import NARROW

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.network]

LOCUS, COLOC = PAGES["locus"][0], PAGES["coloc"][0]


def test_a_dot_says_what_it_is_and_lights_its_row(visitor: Visitor) -> None:
    visit = visitor()
    page = visit.go(LOCUS)
    page.locator(".wide [tabindex='0']").hover()
    tip = page.locator(".tip:visible").inner_text()
    assert tip.splitlines()[0] == "rs3846662 (chr5_75355259_A_G)"
    assert "p 9.2e-9" in tip
    assert "rs3846662" in page.locator("tr.lit").inner_text()
    page.locator("h1").hover()
    assert page.locator(".tip:visible").count() == 0
    page.locator("#associations tbody tr").nth(1).hover()
    assert "rs6882842" in (page.locator(".wide .lit").get_attribute("aria-label") or "")
    assert visit.complaints == []


def test_arrows_walk_and_enter_pins(visitor: Visitor) -> None:
    visit = visitor()
    page = visit.go(LOCUS)
    page.locator(".wide [tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    first = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert "rs3846662" not in first
    page.keyboard.press("Enter")
    assert page.locator(".tip.pinned").inner_text().startswith(first.split("; ")[0])
    page.keyboard.press("ArrowLeft")
    assert "rs3846662" in page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.get_by_label("Remove the label").click()
    assert page.locator(".tip.pinned").count() == 0
    page.keyboard.press("Tab")
    assert visit.complaints == []
    assert visit.violations() == []


def test_a_variant_is_lit_in_every_plot(visitor: Visitor) -> None:
    page = visitor().go(COLOC)
    page.locator(".wide polygon[tabindex='0']").first.hover()
    assert page.locator(".wide .lit").count() == 3  # above, below, and one against the other


def test_a_phone_has_its_own_drawing(visitor: Visitor) -> None:
    page = visitor(size=NARROW).go(LOCUS)
    assert page.locator(".narrow svg:visible").count() == 1
    assert page.locator(".wide svg:visible").count() == 0
    size = page.locator(".narrow text.tick").first.evaluate("node => node.getBoundingClientRect().height")
    assert size >= 9


def test_a_form_leads_to_an_answer_without_scripts(visitor: Visitor) -> None:
    page = visitor(javascript=False).go("/eqtl/coloc")
    page.locator("#second").select_option("example-ldl-hmgcr")
    page.locator("#gene").fill("CERT1")
    page.get_by_role("button", name="Compare").click()
    assert "CERT1 and LDL cholesterol have different causal variants" in page.locator("h1").inner_text()
    assert page.locator(".wide circle title").first.text_content()
    page.get_by_role("link", name="SVG").first.click()
