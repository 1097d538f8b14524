"""Text of users is text: nothing in lists, names, backgrounds or gene sets runs, wherever it is shown."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from tests.web.browser.addresses import GENES, asked
from tests.web.browser.conftest import Visitor
from tests.web.browser.visit import Visit

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.network]

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    '"><svg onload=alert(3)>',
    "'-alert(4)-'",
    "</textarea><script>alert(5)</script>",
    "</title><script>alert(6)</script>",
    "javascript:alert(7)",
    "{{7*7}}${7*7}<%=7*7%>",
    "<iframe srcdoc='<script>parent.alert(8)</script>'></iframe>",
    "<a href=javascript:alert(9) autofocus onfocus=alert(10)>",
    "</script><script>alert(11)</script>",
    "<style>*{display:none}</style>",
    "\u2028alert(12)\u2029",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(13)>",
    "&lt;script&gt;alert(14)&lt;/script&gt;",
    "`${alert(15)}`",
)
ALL = " ".join(HOSTILE)
FEW = "IL6\nTNF\nCXCL8\nIL1B\nCCL2"


def nothing_ran(visit: Visit) -> None:
    """Hold that no script of the text ran and no part of it became markup."""
    page = visit.page
    # Two frames later, anything that handles errors, focus or loading has had its chance.
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert visit.dialogs == []
    assert visit.violations() == []
    planted = "iframe, math, [onerror], [onload], [onfocus], img[src='x'], a[href^='javascript:']"
    assert page.locator(planted).count() == 0
    assert page.locator("main").is_visible()
    assert [text for text in visit.complaints if "status of 4" not in text] == []


@pytest.mark.parametrize("text", HOSTILE)
def test_names_of_lists(text: str, visitor: Visitor) -> None:
    visit = visitor()
    visit.page.goto(visit.base + asked("/enrich", query=f"> {text}\n{FEW}\n> other\n{FEW}", organism="hsapiens"))
    nothing_ran(visit)
    assert text.split()[0] in visit.page.locator("main").inner_text()


@pytest.mark.parametrize("path", ["/enrich", "/convert", "/orthologs", "/variants"])
def test_identifiers(path: str, visitor: Visitor) -> None:
    visit = visitor()
    visit.page.goto(visit.base + asked(path, query="\n".join((*HOSTILE, FEW)), organism="hsapiens"))
    nothing_ran(visit)


@pytest.mark.parametrize(
    "path",
    [
        asked("/enrich", query=FEW, organism=ALL),
        asked("/enrich", query=FEW, sources=ALL),
        asked("/enrich", query=FEW, correction=ALL, domain=ALL, threshold=ALL),
        asked("/enrich", link=ALL),
        asked("/convert", query=FEW, to=ALL),
        asked("/orthologs", query=FEW, to=ALL),
        asked("/search", q=ALL),
        asked("/term/GO:0006954", organism=ALL),
        f"/term/{quote(ALL, safe='')}",
        f"/gene/{quote(ALL, safe='')}",
        f"/{quote(ALL, safe='')}",
    ],
    ids=range(11),
)
def test_every_part_of_the_address(path: str, visitor: Visitor) -> None:
    visit = visitor()
    visit.page.goto(visit.base + path)
    nothing_ran(visit)


def test_names_of_gene_sets(visitor: Visitor) -> None:
    visit = visitor()
    members = "\t".join(FEW.split())
    sets = "".join(f"{text}\t{text}\t{members}\tEXTRA{place}\n" for place, text in enumerate(HOSTILE))
    sets += "\t".join(("others", "", *GENES)) + "\n"
    page = visit.go("/enrich")
    page.locator("textarea[name=query]").fill(FEW)
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    page.locator("textarea[name=gene_sets]").fill(sets)
    page.locator("main form button[type=submit]").first.click()
    page.locator("main table").first.wait_for()
    nothing_ran(visit)
    assert "alert(1)" in page.locator("main table").first.inner_text()


def test_stored_links(visitor: Visitor) -> None:
    visit = visitor()
    payload = {"organism": "hsapiens", "query": f"> {HOSTILE[1]}\n{FEW}\n{HOSTILE[0]}"}
    kept = visit.page.request.post(
        f"{visit.base}/gplink/l", data=json.dumps({"payload": payload}), headers={"Content-Type": "application/json"}
    )
    assert kept.ok
    visit.page.goto(f"{visit.base}/gplink/l/{kept.json()['result']}")
    nothing_ran(visit)
    assert "onerror=alert(2)" in visit.page.locator("main").inner_text()
