"""Every page, light and dark, on a phone and a desk: no barrier, no sideways scroll, no complaint of the browser."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, Page

from procedures.models import RunStep
from tests.browser.conftest import Enter, violations
from tests.browser.world import make_portal
from tests.conftest import Visit
from tests.factories import make_person
from tests.peers.browser import Scheme

NOT_OURS = ("admin/", "api/", "health/", "accounts/")
DOWNLOADS = (".md", ".csv")
LINKS = "links => links.filter(link => link.host === location.host).map(link => link.pathname)"
TALLEST = 16_000


def paths_from(page: Page, start: list[str]) -> Iterator[str]:
    """The given paths, and what links on them lead to: one for each address pattern."""
    waiting, routes, paths = deque(start), set[str](), set[str]()
    while waiting:
        path = waiting.popleft()
        route = _route(path)
        known = not route or route in routes or route.startswith(NOT_OURS) or route.endswith(DOWNLOADS)
        if path in paths or (known and path not in start):
            continue
        routes.add(route)
        paths.add(path)
        page.goto(path)
        waiting.extend(page.eval_on_selector_all("main a[href], .nav a[href]", LINKS))
        yield path


def _route(path: str) -> str:
    try:
        return resolve(urlsplit(path).path).route
    except Resolver404:
        return ""


def barriers(page: Page) -> list[str]:
    """What is wrong with the page as it stands. Bars that stick would cover targets, so the window is as high as it."""
    size = page.viewport_size
    assert size is not None
    problems = []
    for width in sorted({size["width"], 320} if size["width"] < 600 else {size["width"]}):
        page.set_viewport_size({"width": width, "height": size["height"]})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            problems.append(f"{wide} px wide in a window of {width}: {page.evaluate(WIDEST)}")
    high = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], high)})
    problems += violations(page)
    page.set_viewport_size(size)
    return problems


# The outermost thing that ends beyond the right edge of the window.
WIDEST = """() => {
  const edge = document.documentElement.clientWidth;
  const over = [...document.querySelectorAll("main *, .top *")].find((e) => e.getBoundingClientRect().right > edge + 1);
  return over ? over.outerHTML.slice(0, 120) : "";
}"""


def error_states(context: BrowserContext, addresses: dict[str, str]) -> Iterator[tuple[str, Page]]:
    """Pages as they stand after a form was refused."""
    page = context.new_page()
    page.goto("/import/")
    page.get_by_role("button", name="Show the preview").click()
    yield "import refused", page
    page.goto("/settings/")
    page.locator("#id_name").fill("   ")  # the browser itself refuses an empty one
    page.get_by_role("button", name="Create token").click()
    page.locator("#errors").wait_for()
    yield "token refused", page
    page.locator("#id_name").fill("pager")
    page.get_by_role("button", name="Create token").click()
    yield "token made", page
    page.goto(addresses["fresh run"])
    step = RunStep.objects.filter(run=int(addresses["fresh run"].split("/")[2])).order_by("step__position")[1]
    page.locator(f"#v{step.pk}").fill("many")
    page.locator(f"#d{step.pk}").click()
    page.locator(f"#e{step.pk}").wait_for()
    yield "answer refused", page
    page.locator("#complete-run").click(force=True)
    page.get_by_text("cannot be completed yet").wait_for()
    yield "completion refused", page
    page.goto("/services/")
    page.keyboard.press("Control+k")
    page.locator("#menu-list [role=option]").first.wait_for()
    yield "menu open", page
    page.keyboard.type("xyzzy")
    page.get_by_text("Nothing fits").wait_for()
    yield "menu empty", page
    page.close()


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")])
def test_every_page_is_free_of_barriers(transactional_db: None, enter: Enter, width: int, scheme: Scheme) -> None:
    mia, addresses = make_portal()
    context = enter(mia, width=width, scheme=scheme)
    page = context.new_page()
    found: dict[str, list[str]] = {}
    visited = []
    for path in paths_from(page, ["/", *addresses.values()]):
        visited.append(path)
        found[path] = barriers(page)
    for name, shown in error_states(context, addresses):
        found[name] = barriers(shown)
    assert {path: problems for path, problems in found.items() if problems} == {}
    assert len(visited) > len(addresses) + 8


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_empty_portal_and_its_login_are_free_of_barriers(
    transactional_db: None, visitor: Visit, enter: Enter, scheme: Scheme
) -> None:
    page = visitor(width=390, scheme=scheme).new_page()
    page.goto("/accounts/login/")
    login = barriers(page)
    page.get_by_role("button", name="Log in").click()
    found = {"login": login}
    inside = enter(make_person(), width=390, scheme=scheme).new_page()
    for path in ("/", "/services/", "/contacts/", "/emergency/", "/changes/"):
        inside.goto(path)
        found[path] = barriers(inside)
    assert {path: problems for path, problems in found.items() if problems} == {}
