"""The picture and the table of an enrichment, with scripts: hover, labels, zoom, sources, sizes, columns, files."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

import lifenode
from tests.web.browser.addresses import GENES, TYPICAL, asked
from tests.web.browser.conftest import Visitor

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.network]


def visible(page: Page, selector: str) -> int:
    """Return how many elements are seen."""
    return page.locator(f"{selector}:visible").count()


def test_a_dot_says_what_it_is_and_lights_its_row(visitor: Visitor) -> None:
    visit = visitor()
    page = visit.go(TYPICAL)
    mark = page.locator(".marks [tabindex='0']")
    mark.hover(force=True)
    tip = page.locator(".tip:visible").inner_text()
    assert "inflammatory response" in tip
    assert "GO:BP GO:0006954" in tip
    assert "70 of 199 genes of the list" in tip
    assert page.locator(".terms tr.lit").first.inner_text().count("GO:0006954") == 1
    page.locator("h1").hover()
    assert visible(page, ".tip") == 0
    page.locator(".terms tbody tr").first.hover()
    assert page.locator(".marks circle.lit").get_attribute("data-row") == mark.get_attribute("data-row")
    assert visit.complaints == []


def test_a_click_pins_a_label_and_a_second_removes_it(visitor: Visitor) -> None:
    page = visitor().go(TYPICAL)
    mark = page.locator(".marks [tabindex='0']")
    mark.click(force=True)
    assert "inflammatory response" in page.locator(".manhattan .label").inner_text()
    page.locator(".manhattan .label button").click()
    assert page.locator(".manhattan .label").count() == 0
    mark.focus()
    page.keyboard.press("Enter")
    assert page.locator(".manhattan .label").count() == 1


def test_a_drag_zooms_and_a_double_click_shows_all(visitor: Visitor) -> None:
    page = visitor().go(TYPICAL)
    field = page.locator("[data-field]")
    box = field.bounding_box()
    assert box is not None
    before = page.locator(".marks circle").first.get_attribute("cx")
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 4)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 60, steps=4)
    page.mouse.up()
    zoomed = page.locator(".marks circle").first.get_attribute("cx")
    assert before is not None
    assert zoomed is not None
    assert float(zoomed[:-1]) == pytest.approx((float(before[:-1]) - 20) * 5, abs=1.0)
    field.dblclick(position={"x": 3, "y": 3})
    assert page.locator(".marks circle").first.get_attribute("cx") == before


def test_sources_are_switched_in_picture_and_table(visitor: Visitor) -> None:
    page = visitor().go(TYPICAL)
    rows, marks = visible(page, ".terms tbody tr"), visible(page, ".marks circle")
    chip = page.locator("[data-legend] [data-source='REAC']")
    chip.click()
    assert chip.get_attribute("aria-pressed") == "false"
    expected = int((lifenode.enrich(GENES)["source"] == "REAC").sum())
    assert marks - visible(page, ".marks circle") == expected
    assert rows - visible(page, ".terms tbody tr") == expected
    assert f"{rows - expected} of {rows} rows" in page.locator(".terms [data-rows]").inner_text()
    chip.click()
    assert visible(page, ".marks circle") == marks


def test_the_slider_keeps_terms_of_a_size(visitor: Visitor) -> None:
    page = visitor().go(TYPICAL)
    page.locator("[data-most]").fill("50")
    most = int(page.locator("[data-sizes]").inner_text().split("-")[1])
    sizes = [int(each.get_attribute("data-size") or 0) for each in page.locator(".terms tbody tr:visible").all()]
    assert sizes
    assert max(sizes) <= most < 100


def test_headers_sort_in_place(visitor: Visitor) -> None:
    visit = visitor()
    page = visit.go(TYPICAL)
    address = page.url
    page.get_by_role("button", name="Size", exact=True).click()
    rows = page.locator(".terms tbody tr")
    sizes = [int(each.get_attribute("data-size") or 0) for each in rows.all()]
    assert sizes == sorted(sizes, reverse=True)
    assert page.locator("th[aria-sort='descending']").inner_text().startswith("Size")
    page.get_by_role("button", name="p adjusted").click()
    assert "GO:0006954" in rows.first.inner_text()
    assert page.url == address
    assert visit.complaints == []


def test_columns_can_be_left_out(visitor: Visitor) -> None:
    page = visitor().go(TYPICAL)
    before = visible(page, ".terms th")
    page.locator(".terms .menu summary").click()
    page.locator(".terms .menu label").filter(has_text="Size").locator("input").uncheck()
    assert visible(page, ".terms th") == before - 1
    assert page.locator(".terms tbody tr").first.locator("td:visible").count() == before - 1


def test_files_of_the_answer_are_downloaded(visitor: Visitor) -> None:
    page = visitor().go(asked("/enrich", query="IL6 TNF CXCL8 IL1B CCL2", sources="REAC"))
    for name, start in (("SVG", b"<?xml"), ("PNG", b"\x89PNG"), ("CSV", b"query,source"), ("GEM", b"GO.ID\t")):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=name, exact=True).click()
        assert waiting.value.path().read_bytes().startswith(start), name


def test_a_dropped_file_fills_the_list(visitor: Visitor) -> None:
    page = visitor().go("/enrich")
    page.evaluate("""() => {
      const data = new DataTransfer();
      data.items.add(new File(["IL6\\nTNF\\n"], "genes.txt"));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }""")
    page.wait_for_function("document.querySelector('#query').value === 'IL6\\nTNF\\n'")


def test_the_form_says_at_once_that_it_works_and_folds_on_a_phone(visitor: Visitor) -> None:
    page = visitor(size=(390, 844)).go("/enrich")
    assert visible(page, "textarea[name=query]") == 1
    page.goto(page.url.replace("/enrich", TYPICAL))
    assert visible(page, "textarea[name=query]") == 0
    page.get_by_text("Change the question").click()
    assert visible(page, "textarea[name=query]") == 1
