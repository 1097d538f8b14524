"""The training portal in a browser: the viewer's time zone, and the page tester with and without scripts."""

from __future__ import annotations

import pytest

from tests.web.browser.conftest import Visitor

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.network]

EVENT = "/training/events/guide-rnas-and-what-they-leave-behind"
SNIPPET = """{"@context": "https://schema.org/", "@type": "Event", "name": "A day", "url": "https://x.org/day",
"startDate": "2027-03-09T10:00:00+02:00", "description": "All of it."}"""


def test_times_can_be_had_in_the_zone_of_who_looks_and_stay_so(visitor: Visitor) -> None:
    visit = visitor()
    page = visit.go(EVENT)
    when = page.locator("time [data-when]").first
    assert "14:00 to 17:00" in when.inner_text()
    assert page.locator("time [data-zone]").first.inner_text() == "America/New York"
    page.locator("[data-zone-switch]").click()
    own = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone").replace("_", " ")
    assert page.locator("time [data-zone]").first.inner_text() == own
    changed = when.inner_text()
    start = page.evaluate(
        "new Intl.DateTimeFormat('en-GB', {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'})"
        ".format(new Date(document.querySelector('time').dataset.instant))"
    )
    assert f"{start} to" in changed
    visit.go(EVENT)
    assert page.locator("time [data-when]").first.inner_text() == changed
    page.locator("[data-zone-switch]").click()
    assert "14:00 to 17:00" in when.inner_text()
    assert visit.complaints == []


@pytest.mark.parametrize("javascript", [True, False])
def test_a_snippet_is_shown_as_it_would_appear(visitor: Visitor, javascript: bool) -> None:
    visit = visitor(javascript=javascript)
    page = visit.go("/training/check")
    page.locator("#text").fill(SNIPPET)
    page.locator("form#ask button.main").click()
    page.locator("h2", has_text="A day").wait_for()
    assert "10:00" in page.locator("time").first.inner_text()
    if javascript:
        assert visit.barriers() == []
    assert visit.complaints == []


def test_a_search_works_without_scripts(visitor: Visitor) -> None:
    page = visitor(javascript=False).go("/training/events")
    page.locator("#q").fill("reads")
    page.locator("details", has_text="Country").locator("summary").first.click()
    page.locator("input[name=country][value=Norway]").check()
    page.locator("form#ask button.main").first.click()
    assert "country=Norway" in page.url
    assert page.locator(".cards h2").all_inner_texts() == ["Sequencing reads, checked and mapped"]
