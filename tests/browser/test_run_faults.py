"""A run when things go wrong: the server stops, the login ends, the way back; and large text."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from contacts.models import Person, Team
from procedures.models import Run, RunStep, StepEvent
from tests.browser.conftest import Enter
from tests.factories import PASSWORD, answer, make_person, make_procedure, make_run, make_service, make_team, steps_of
from tests.peers.process import answers, free_port, kill, wait_for
from tests.repo.files import ROOT

STEPS = (
    "Open the board",
    "Enter the queue length (limit 100 jobs)",
    "Enter the name of the operator",
    "Enter the name of the witness",
    "If at any time the belt stops: press reset",
    "Close the board",
)


@pytest.fixture
def crew(transactional_db: None) -> Team:
    return make_team()


@pytest.fixture
def ada(crew: Team) -> Person:
    return make_person("Ada Byron", team=crew)


@pytest.fixture
def bo(crew: Team) -> Person:
    return make_person("Bo Lind", team=crew)


@pytest.fixture
def run(crew: Team, ada: Person) -> Run:
    return make_run(make_procedure(make_service(team=crew), steps=STEPS), ada)


class Stoppable:
    """A process of the portal on the test's database, which a test kills and starts again at the same address."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._port = free_port()
        self.url = f"http://localhost:{self._port}"
        self.start()

    def stop(self) -> None:
        """As a crash would, with every connection."""
        kill(self._process)

    def start(self) -> None:
        command = [sys.executable, "-m", "waitress", f"--listen=127.0.0.1:{self._port}", "opsportal.wsgi:application"]
        self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment, start_new_session=True)
        wait_for(lambda: answers(self._port), "the portal answered")


@pytest.fixture
def server(process_env: dict[str, str], tmp_path: Path) -> Iterator[Stoppable]:
    environment = {**process_env, "STATIC_ROOT": str(tmp_path), "ALLOWED_HOSTS": "localhost"}
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v", "0"]
    if "DATABASE_URL" in environment:  # only then are the files served as they were collected
        subprocess.run(collect, cwd=ROOT, env=environment, check=True)
    found = Stoppable(environment)
    yield found
    found.stop()


def log_in(page: Page, person: Person) -> None:
    page.locator("input[name=login]").fill(person.name.split()[0].lower())
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_an_answer_that_finds_the_server_stopped_goes_again_by_itself_when_it_is_back(
    enter: Enter, run: Run, ada: Person, server: Stoppable, complaints: list[str]
) -> None:
    _, number, *_ = steps_of(run)
    page = enter(ada).new_page()
    page.goto(server.url + run.get_absolute_url())
    page.locator(f"#v{number.pk}").fill("12")
    op = page.locator(f"#step-{number.pk} form.ctl input[name=op]").input_value()
    server.stop()
    page.locator(f"#d{number.pk}").click()
    line = page.locator(f"#step-{number.pk} .retry")
    expect(line).to_contain_text("Not saved yet")
    expect(page.locator(f"#v{number.pk}")).to_have_value("12")
    assert StepEvent.objects.count() == 0
    server.start()
    expect(page.locator(f"#step-{number.pk}")).to_contain_text("Done, Ada Byron", timeout=20_000)
    event = StepEvent.objects.get()
    assert (event.value, str(event.op)) == ("12", op)
    assert any("ERR_" in said for said in complaints)
    complaints.clear()


def test_retry_now_sends_at_once_and_another_answer_replaces_the_one_that_waits(
    enter: Enter, run: Run, ada: Person, server: Stoppable, complaints: list[str]
) -> None:
    first, *_ = steps_of(run)
    page = enter(ada).new_page()
    page.goto(server.url + run.get_absolute_url())
    server.stop()
    page.locator(f"#d{first.pk}").click()
    row = page.locator(f"#step-{first.pk}")
    expect(row.locator(".retry")).to_be_visible()
    row.locator(".why summary").click()
    page.locator(f"#n{first.pk}").fill("locked")
    row.get_by_role("button", name="Failed").click()
    expect(row.locator(".retry")).to_be_visible()
    server.start()
    row.get_by_role("button", name="Retry now").click()
    expect(row).to_contain_text("Failed, Ada Byron")
    page.wait_for_timeout(6_000)
    assert StepEvent.objects.get().note == "locked"
    complaints.clear()


def test_a_login_that_ended_leads_back_to_the_step_with_what_was_typed(enter: Enter, run: Run, ada: Person) -> None:
    _, number, *_ = steps_of(run)
    page = enter(ada).new_page()
    page.goto(run.get_absolute_url())
    page.locator(f"#v{number.pk}").fill("12")
    page.locator("#note").fill("belt is loud")
    Session.objects.all().delete()
    page.locator(f"#v{number.pk}").press("Enter")
    page.wait_for_url("**/accounts/login/**")
    log_in(page, ada)
    page.wait_for_url(f"**{run.get_absolute_url()}**")
    expect(page.locator(f"#v{number.pk}")).to_have_value("12")
    expect(page.locator(f"#v{number.pk}")).to_be_focused()
    expect(page.locator("#note")).to_have_value("belt is loud")
    expect(page.locator("main")).to_contain_text("Your login had ended")
    assert page.evaluate("sessionStorage.typed === undefined")
    assert StepEvent.objects.count() == 0
    page.keyboard.press("Enter")
    expect(page.locator(f"#step-{number.pk}")).to_contain_text("Done, Ada Byron")


def test_a_note_sent_with_a_login_that_ended_is_not_lost(enter: Enter, run: Run, ada: Person) -> None:
    page = enter(ada).new_page()
    page.goto(run.get_absolute_url())
    page.locator("#note").fill("long thoughts")
    Session.objects.all().delete()
    page.get_by_role("button", name="Add note").click()
    page.wait_for_url("**/accounts/login/**")
    log_in(page, ada)
    expect(page.locator("#note")).to_have_value("long thoughts")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("#notes .log")).to_contain_text("long thoughts")
    expect(page.locator("#note")).to_have_value("")


def test_what_somebody_typed_is_not_shown_to_another_who_logs_in(
    enter: Enter, run: Run, ada: Person, bo: Person
) -> None:
    page = enter(ada).new_page()
    page.goto(run.get_absolute_url())
    page.locator("#note").fill("between us")
    Session.objects.all().delete()
    page.wait_for_url("**/accounts/login/**", timeout=8_000)
    log_in(page, bo)
    expect(page.locator("h1")).to_have_text("Morning look")
    page.wait_for_load_state()
    expect(page.locator("#note")).to_have_value("")
    assert page.evaluate("sessionStorage.typed === undefined")


def test_the_back_button_shows_the_run_as_it_is_and_not_as_it_was(
    enter: Enter, run: Run, ada: Person, bo: Person
) -> None:
    first, number, *_ = steps_of(run)
    page = enter(ada).new_page()
    page.goto(run.get_absolute_url())
    page.locator(f"#d{first.pk}").click()
    expect(page.locator(f"#step-{first.pk}")).to_contain_text("Done, Ada Byron")
    page.get_by_role("link", name="The procedure").click()
    page.wait_for_url("**/procedures/**")
    answer(number, bo, value="7")
    page.go_back()
    expect(page.locator(f"#step-{first.pk}")).to_contain_text("Done, Ada Byron")
    expect(page.locator(f"#step-{number.pk}")).to_contain_text("Done, Bo Lind")
    expect(page.locator("nav").first).to_be_visible()


@pytest.mark.parametrize("width", [1280, 1024])
def test_text_twice_as_large_needs_no_sideways_scrolling_and_loses_nothing(
    enter: Enter, run: Run, ada: Person, width: int
) -> None:
    page = enter(ada, width=width).new_page()
    page.goto(run.get_absolute_url())
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    wide = page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((one) => one.offsetParent
          && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cut = page.evaluate(
        """() => [...document.querySelectorAll("main :is(p, button, a, h1, h2, summary, label)")]
          .filter((one) => one.offsetParent && one.scrollWidth > one.clientWidth + 1
            && getComputedStyle(one).overflow !== "visible" && !one.closest(".place, .vh") && !one.matches(".vh"))
          .map((one) => one.textContent.trim().slice(0, 60))"""
    )
    assert cut == []


def test_a_text_entered_once_is_offered_again(enter: Enter, run: Run, ada: Person) -> None:
    _, _, operator, witness, *_ = steps_of(run)
    page = enter(ada).new_page()
    page.goto(run.get_absolute_url())
    page.locator(f"#v{operator.pk}").fill("Noor")
    page.keyboard.press("Enter")
    expect(page.locator(f"#step-{operator.pk}")).to_contain_text("Done, Ada Byron")
    offered = page.locator(f"#v{witness.pk}").evaluate("field => [...field.list.options].map((one) => one.value)")
    assert offered == ["Noor"]


def test_it_happened_with_one_tap_and_a_colleague_sees_it(enter: Enter, run: Run, ada: Person, bo: Person) -> None:
    belt: RunStep = steps_of(run)[4]
    page, theirs = enter(ada, width=390).new_page(), enter(bo).new_page()
    page.goto(run.get_absolute_url())
    theirs.goto(run.get_absolute_url())
    page.locator(f"#p{belt.pk}").tap()
    expect(page.locator("#pinned")).to_contain_text("It happened. Ada Byron")
    expect(page.locator("#status")).to_have_text("Written down; the steps below go on.")
    theirs.locator("#pinned summary").click()
    theirs.locator(f"#pn{belt.pk}").fill("pressed it")
    expect(theirs.locator("#pinned")).to_contain_text("It happened. Ada Byron", timeout=7_000)
    expect(theirs.locator(f"#pn{belt.pk}")).to_have_value("pressed it")
