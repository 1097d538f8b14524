"""Draw docs/images/portal-*.png: the pages of a node as Chromium shows them.

From the project's folder: ``python -m docs.make_pictures``, with names of pictures to draw only those.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from tests.web.browser.addresses import PAGES
from tests.web.browser.chromium import ARGUMENTS, find_chromium
from tests.web.browser.visit import NARROW, WIDE, Visit
from tests.web.server import running_server

IMAGES = Path(__file__).parent / "images"
COLOURS = 256
PICTURES = {
    "enrich-light": ("enrich, typical", WIDE, "light"),
    "enrich-dark": ("enrich, typical", WIDE, "dark"),
    "enrich-phone-light": ("enrich, typical", NARROW, "light"),
    "enrich-phone-dark": ("enrich, typical", NARROW, "dark"),
    "enrich-several": ("enrich, several lists", WIDE, "light"),
    "enrich-error": ("enrich, error", WIDE, "light"),
    "home-light": ("home", WIDE, "light"),
    "home-dark": ("home", WIDE, "dark"),
    "convert": ("convert", WIDE, "light"),
    "orthologs": ("orthologs", WIDE, "light"),
    "variants": ("variants", WIDE, "light"),
    "editing": ("editing", WIDE, "light"),
    "term": ("term", WIDE, "light"),
    "gene": ("gene", WIDE, "light"),
    "data": ("data", WIDE, "light"),
    "eqtl-locus-light": ("locus", WIDE, "light"),
    "eqtl-variant": ("eqtl variant", WIDE, "light"),
    "edam": ("edam", WIDE, "light"),
    "training": ("training, events", WIDE, "light"),
    "resources": ("resources", WIDE, "light"),
    "fair": ("fair", WIDE, "light"),
}
"""Name of each picture: the page, the size of the window, the theme."""


def draw(browser: Browser, base: str, name: str) -> None:
    """Draw one picture."""
    page, size, theme = PICTURES[name]
    path, status = PAGES[page]
    with Visit(browser, base, size=size, theme=theme) as visit:
        drawn = visit.go(path, status).screenshot(animations="disabled", caret="hide")
    # A page has few colours; a palette makes the file a third as large and looks the same.
    image = Image.open(io.BytesIO(drawn)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    image.save(IMAGES / f"portal-{name}.png", optimize=True)


def main() -> int:
    """Draw all pictures, or those named on the command line."""
    names = sys.argv[1:] or list(PICTURES)
    unknown = set(names) - PICTURES.keys()
    if unknown:
        raise SystemExit(f"There is no picture {', '.join(sorted(unknown))}; there are {', '.join(PICTURES)}.")
    path = find_chromium()
    if path is None:
        raise SystemExit("Chromium is missing: install the package chromium.")
    with running_server() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for name in names:
            draw(browser, base, name)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
