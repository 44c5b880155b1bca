"""`manage.py screenshots`: a picture of every kind of page, for somebody to look at. For developers; needs Chromium.

Starts a portal with the demo, logs in, follows links, and takes of each address pattern the first page it meets.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections import deque
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandParser
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, Page

from opsportal.demo import logins
from tests.peers.browser import Scheme, chromium, context
from tests.peers.portal import Portal

WIDTHS = (390, 1280)  # CSS pixels: a phone, a desk
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
NOT_OURS = ("admin/", "api/", "health/", "accounts/logout")
LOGIN = "/accounts/login/"


class Command(BaseCommand):
    help = "Take pictures of every kind of page, on a phone and a desk, light and dark."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, default=Path("screenshots"))
        parser.add_argument("--login", default="", help="user name of the demo login (default: the first manager)")

    def handle(self, *args: Any, **options: Any) -> None:
        options["output"].mkdir(parents=True, exist_ok=True)
        name, password, _ = _login(options["login"])
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "OPSPORTAL_DATA_DIR": f"{folder}/var"}
            portal = Portal.start(environment, Path(folder) / "log")
            try:
                with chromium() as browser:
                    self._take(browser, f"http://127.0.0.1:{portal.port}", (name, password), options["output"])
            finally:
                portal.stop()

    def _take(self, browser: Browser, base: str, login: tuple[str, str], output: Path) -> None:
        with context(browser, base) as visitor:
            paths = [LOGIN, *_pages(_logged_in(visitor.new_page(), login))]
        for width, scheme in product(WIDTHS, SCHEMES):
            with context(browser, base, width=width, scheme=scheme) as visitor:
                page = visitor.new_page()
                for path in paths:  # the login page first, while nobody is logged in
                    page.goto(path)
                    picture = output / f"{_file_name(path)}-{width}-{scheme}.png"
                    page.screenshot(path=picture, full_page=True)
                    self.stdout.write(str(picture))
                    if path == LOGIN:
                        _logged_in(page, login)


def _login(wanted: str) -> tuple[str, str, str]:
    return next(login for login in logins() if login[0] == wanted or (not wanted and "manager" in login[2]))


def _logged_in(page: Page, login: tuple[str, str]) -> Page:
    page.goto(LOGIN)
    page.locator("input[name=login]").fill(login[0])
    page.locator("input[name=password]").fill(login[1])
    page.locator("form:has(input[name=password]) [type=submit]").click()
    page.wait_for_url(lambda url: LOGIN not in url)
    return page


def _pages(page: Page) -> Iterator[str]:
    """Paths of pages that links lead to, breadth first, one for each address pattern."""
    waiting, seen = deque(["/"]), set[str]()
    while waiting:
        path = waiting.popleft()
        route = _route(path)
        if route is None or route in seen:
            continue
        seen.add(route)
        if page.request.get(path).headers.get("content-type", "").startswith("text/html"):
            yield path
            waiting.extend(_links(page, path))


def _links(page: Page, path: str) -> list[str]:
    """Paths on this portal that the page links to."""
    page.goto(path)
    links = [urlsplit(link) for link in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")]
    return [link.path for link in links if link.netloc == urlsplit(page.url).netloc]


def _route(path: str) -> str | None:
    """The address pattern of a path; None for what is not a page of ours."""
    try:
        route = resolve(path).route
    except Resolver404:
        return None
    return None if route.startswith(NOT_OURS) else route


def _file_name(path: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "today"
