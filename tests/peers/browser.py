"""A real Chromium for the tests, with the contexts that the portal must look right in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from opsportal.management import programs

Scheme = Literal["light", "dark"]
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium, headless; it calls nobody outside. Raises ProgramMissing."""
    path = programs.require("browser")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *as_root])
        try:
            yield browser
        finally:
            browser.close()


def context(
    browser: Browser,
    base_url: str,
    *,
    width: int = 1280,
    scheme: Scheme = "light",
    javascript: bool = True,
) -> BrowserContext:
    """A fresh visitor: `width` 390 is a phone, 1280 a desk; motion is off, so pictures and positions hold still."""
    made = browser.new_context(
        base_url=base_url,
        viewport={"width": width, "height": 844 if width < 600 else 900},
        has_touch=width < 600,
        color_scheme=scheme,
        java_script_enabled=javascript,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="UTC",
    )
    made.set_default_timeout(10_000)
    return made
