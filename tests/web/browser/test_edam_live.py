"""Terms are proposed while the text is written, and what was unticked by hand stays so."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.browser.conftest import Visitor

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.network]


def test_terms_follow_the_text(visitor: Visitor) -> None:
    page = visitor().go("/edam")
    page.fill("#name", "STAR")
    page.fill("#description", "Ultrafast universal RNA-seq aligner.")
    page.uncheck("#accept-operation_0292")
    page.fill("#description", "Ultrafast universal RNA-seq aligner of reads to a genome.")
    expect(page.locator(".evidence mark", has_text="genome")).to_be_visible()
    expect(page.locator("#accept-operation_0292")).not_to_be_checked()
    assert page.url.endswith("reads+to+a+genome.")
