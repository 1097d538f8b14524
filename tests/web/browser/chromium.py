"""Chromium as the tests use it: the system's own, with nothing that reaches beyond this machine."""

from __future__ import annotations

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Every name but the loopback's own leads nowhere, so that a page cannot reach another host even if it tries.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def find_chromium() -> str | None:
    """Path of the installed Chromium, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)
