"""The pages in a real browser: no barrier, no sideways scroll, nothing said in the console, light and dark."""

from __future__ import annotations

from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import BrowserContext, Page

from contacts.models import Person, Team
from incidents.actions import start_issue_run
from incidents.models import KnownIssue
from procedures.models import LogEntry, Run
from services.models import Service
from tests.conftest import Visit
from tests.factories import make_completed_run, make_procedure
from tests.factories import visitor as client_of
from tests.peers.browser import Scheme
from tests.portal.conftest import NOON

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ADMIN = ["/audit/", "/audit/?person=nobody", "/audit/?since=soon", "/people/", "/people/?q=nobody", "/people/new/",
         "/people/{ola}/", "/people/{gone}/", "/people/{kim}/", "/people/teams/", "/people/teams/{team}/",
         "/settings/", "/accounts/password/change/"]  # fmt: skip
OPERATOR = ["/log/", "/log/?service=ledger", "/log/?q=nothing", "/issues/", "/issues/?q=queue+avalanche",
            "/issues/?q=nothing", "/issues/{jam}/", "/issues/{quiet}/", "/more/"]  # fmt: skip


@pytest.fixture
def world(transactional_db: None, crew: Team, ola: Person, ledger: Service, jam: KnownIssue) -> dict[str, int]:
    """One of each thing the pages show; the ids that go into the addresses."""
    procedure = make_procedure(ledger)
    make_completed_run(procedure, ola)
    version = procedure.current_version
    assert version is not None
    Run.objects.create(procedure=procedure, version=version, state="missed", slot="s", due_at=NOON)
    start_issue_run(issue=jam, person=ola, now=NOON)
    quiet = KnownIssue.objects.create(service=ledger, title="Odd-" + "very-long-" * 12 + "noise", symptoms="A hum")
    for kind in LogEntry.Kind.values:
        LogEntry.objects.create(op=uuid4(), team=crew, kind=kind, text="Smoke-" * 40, person=ola, at=NOON)
    gone, kim = Person.objects.create(name="Gus Gone", left_at=NOON), Person.objects.create(name="Kim")
    ids = {"jam": jam, "quiet": quiet, "ola": ola, "gone": gone, "kim": kim, "team": crew}
    return {name: row.pk for name, row in ids.items()}


def log_in(context: BrowserContext, person: Person, address: str) -> Page:
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client_of(person).cookies[name].value, "url": address}])
    return context.new_page()


def barriers(page: Page, path: str) -> list[str]:
    """What is wrong with the page; the window is as high as the page, so that no bar lies over a target."""
    page.goto(path)
    size = page.viewport_size
    assert size is not None
    high = max(size["height"], page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": size["width"], "height": high})
    wide = page.evaluate("document.documentElement.scrollWidth")
    found = [f"{path} is {wide} px wide"] if wide > size["width"] else []
    rules = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    page.set_viewport_size(size)
    return found + [f"{path} {rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in rules]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_has_a_barrier(
    width: int, scheme: Scheme, world: dict[str, int], al: Person, ola: Person, visitor: Visit, live_portal: str
) -> None:
    said: list[str] = []
    problems: list[str] = []
    for person, paths in ((al, ADMIN), (ola, OPERATOR)):
        page = log_in(visitor(width=width, scheme=scheme), person, live_portal)
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        problems += [problem for path in paths for problem in barriers(page, path.format(**world))]
    assert problems == []
    assert [line for line in said if "422" not in line] == []


def test_an_entry_a_filter_and_a_run_work_without_javascript(
    world: dict[str, int], ola: Person, visitor: Visit, live_portal: str
) -> None:
    page = log_in(visitor(javascript=False), ola, live_portal)
    page.goto("/log/?service=ledger")
    page.get_by_label("What happened").fill("The belt squeaks")
    page.get_by_label("Anomaly").check()
    page.get_by_role("button", name="Add to the log").click()
    assert page.locator("li", has_text="The belt squeaks").locator(".st").inner_text() == "Anomaly"
    page.goto(f"/issues/{world['jam']}/")
    page.get_by_role("link", name="Join the run").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Bookings pile up"


def test_the_chain_is_verified_by_keyboard_and_the_verdict_takes_the_focus(
    world: dict[str, int], al: Person, visitor: Visit, live_portal: str
) -> None:
    page = log_in(visitor(), al, live_portal)
    page.goto("/audit/")
    page.get_by_role("button", name="Verify the chain").press("Enter")
    page.wait_for_url("**/audit/verify/")
    assert "chain whole" in page.evaluate("document.activeElement.textContent")
