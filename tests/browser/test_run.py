"""A run in a real browser: by keyboard, without JavaScript, together with a colleague, and when the server is away."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from contacts.models import Person, Role, Team
from procedures.models import Procedure, Run, RunStep, StepEvent
from tests.browser import probes
from tests.browser.conftest import Enter
from tests.factories import PASSWORD, make_person, make_procedure, make_run, make_service, make_team, steps_of

FIVE = ("Open the board", "Look at the queue", "Look at the log", "Empty the tray", "Close the board")


@pytest.fixture
def crew(transactional_db: None) -> Team:
    return make_team()


@pytest.fixture
def ada(crew: Team) -> Person:
    return make_person("Ada Byron", team=crew)


@pytest.fixture
def bo(crew: Team) -> Person:
    return make_person("Bo Lind", role=Role.MANAGER, team=crew)


@pytest.fixture
def procedure(crew: Team) -> Procedure:
    return make_procedure(make_service(team=crew), steps=FIVE)


@pytest.fixture
def run(procedure: Procedure, ada: Person) -> Run:
    return make_run(procedure, ada)


@pytest.fixture
def asking(procedure: Procedure, ada: Person) -> Run:
    """A run of the default procedure, whose second step asks for a number."""
    return make_run(make_procedure(procedure.service, title="Count"), ada)


def state_of(run: Run) -> str:
    return Run.objects.get(pk=run.pk).state


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def row(page: Page, step: RunStep) -> str:
    return f"#step-{step.pk}"


def test_five_steps_and_the_completion_take_six_keys(enter: Enter, run: Run, ada: Person) -> None:
    page = enter(ada).new_page()
    page.goto(run.get_absolute_url())
    for step in steps_of(run):
        page.keyboard.press("x")
        expect(page.locator(row(page, step))).to_contain_text("Done, Ada Byron")
    assert focused(page) == "complete-run"
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("This run can no longer be changed")
    assert state_of(run) == "completed"


def test_without_javascript_a_run_is_done_from_start_to_end(enter: Enter, asking: Run, ada: Person) -> None:
    page = enter(ada, javascript=False).new_page()
    page.goto(f"/procedures/{asking.procedure_id}/")
    page.get_by_role("button", name="Start", exact=True).click()
    run = Run.objects.order_by("pk").last()
    assert run is not None
    first, second, third = steps_of(run)
    page.locator(row(page, first)).get_by_role("button", name="Done").click()
    page.locator(row(page, second)).get_by_role("button", name="Done").click()
    expect(page.locator(row(page, second)).get_by_role("alert")).to_contain_text("Enter what you found")
    page.locator(f"#v{second.pk}").fill("140")
    page.locator(row(page, second)).get_by_role("button", name="Done").click()
    expect(page.locator(row(page, second))).to_contain_text("out of range")
    page.locator(row(page, third)).locator("summary").click()
    page.locator(f"#n{third.pk}").fill("no key")
    page.locator(row(page, third)).get_by_role("button", name="Failed").click()
    page.locator("#complete-run").click()
    assert state_of(run) == "completed"
    assert list(StepEvent.objects.order_by("pk").values_list("after", "value")) == [
        ("done", ""), ("done", "140"), ("failed", ""),
    ]  # fmt: skip


def test_a_colleagues_tick_appears_within_six_seconds_and_typed_text_stays(
    enter: Enter, asking: Run, ada: Person, bo: Person
) -> None:
    first, second, _ = steps_of(asking)
    ours, theirs = enter(ada).new_page(), enter(bo).new_page()
    ours.goto(asking.get_absolute_url())
    theirs.goto(asking.get_absolute_url())
    ours.locator(f"#v{second.pk}").fill("7")
    theirs.locator(row(theirs, first)).get_by_role("button", name="Done").click()
    expect(ours.locator(row(ours, first))).to_contain_text("Done, Bo Lind", timeout=6_000)
    expect(ours.locator(row(ours, second))).to_have_attribute("aria-current", "step")
    assert ours.locator(f"#v{second.pk}").input_value() == "7"
    assert focused(ours) == f"v{second.pk}"


def test_what_was_typed_into_a_step_that_a_colleague_answers_goes_to_the_note(
    enter: Enter, asking: Run, ada: Person, bo: Person
) -> None:
    _, second, _ = steps_of(asking)
    ours, theirs = enter(ada).new_page(), enter(bo).new_page()
    ours.goto(asking.get_absolute_url())
    theirs.goto(asking.get_absolute_url())
    ours.locator(f"#v{second.pk}").fill("61")
    theirs.locator(f"#v{second.pk}").fill("60")
    theirs.locator(row(theirs, second)).get_by_role("button", name="Done").click()
    expect(ours.locator("#note")).to_have_value("Step 2: 61", timeout=6_000)
    expect(ours.locator("#status")).to_contain_text("A colleague answered")


def test_a_page_reloads_itself_when_a_colleague_ends_the_run(enter: Enter, run: Run, ada: Person, bo: Person) -> None:
    page, theirs = enter(ada).new_page(), enter(bo).new_page()
    page.goto(run.get_absolute_url())
    theirs.goto(run.get_absolute_url())
    theirs.get_by_text("Stop the run unfinished").click()
    theirs.locator("#stop").fill("fire drill")
    theirs.get_by_role("button", name="Stop this run").click()
    expect(page.locator("main")).to_contain_text("This run can no longer be changed", timeout=7_000)


def test_a_double_click_makes_one_event(enter: Enter, run: Run, ada: Person) -> None:
    first = steps_of(run)[0]
    page = enter(ada).new_page()
    page.goto(run.get_absolute_url())
    page.locator(f"#d{first.pk}").dblclick()
    expect(page.locator(row(page, first))).to_contain_text("Done, Ada Byron")
    page.wait_for_load_state("networkidle")
    assert StepEvent.objects.filter(run_step=first).count() == 1


def test_after_a_tick_the_focus_is_on_the_next_control_and_the_status_is_said(
    enter: Enter, asking: Run, ada: Person
) -> None:
    first, second, third = steps_of(asking)
    page = enter(ada).new_page()
    page.goto(asking.get_absolute_url())
    page.locator(f"#d{first.pk}").press("Enter")
    expect(page.locator(f"#v{second.pk}")).to_be_focused()
    assert page.locator("#status").inner_text() == "Step 1 done, 2 left"
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.locator(f"#d{third.pk}")).to_be_focused()


def test_after_an_error_the_focus_is_in_the_field_that_is_wrong(enter: Enter, asking: Run, ada: Person) -> None:
    first, second, _ = steps_of(asking)
    page = enter(ada).new_page()
    page.goto(asking.get_absolute_url())
    page.locator(f"#v{second.pk}").fill("lots")
    page.keyboard.press("Enter")
    expect(page.locator(row(page, second)).get_by_role("alert")).to_contain_text("“lots” is no number")
    expect(page.locator(f"#v{second.pk}")).to_be_focused()
    page.locator(row(page, first)).locator("summary").click()
    page.locator(row(page, first)).get_by_role("button", name="Skip").click()
    expect(page.locator(f"#n{first.pk}")).to_be_focused()


def test_when_the_server_is_away_the_row_says_so_and_a_second_press_saves(
    enter: Enter, asking: Run, ada: Person, complaints: list[str]
) -> None:
    _, second, _ = steps_of(asking)
    page = enter(ada).new_page()
    page.goto(asking.get_absolute_url())
    page.route(re.compile("/answer/"), _away)
    page.locator(f"#v{second.pk}").fill("12")
    page.keyboard.press("Enter")
    expect(page.locator(row(page, second)).get_by_role("alert")).to_contain_text("Not saved")
    assert page.locator(f"#v{second.pk}").input_value() == "12"
    assert StepEvent.objects.count() == 0
    page.unroute(re.compile("/answer/"))
    page.locator(f"#d{second.pk}").click()
    expect(page.locator(row(page, second))).to_contain_text("Done, Ada Byron")
    assert StepEvent.objects.get().value == "12"
    assert any("ERR_FAILED" in line for line in complaints)
    complaints.clear()


def _away(route: Route) -> None:
    route.abort()


def test_an_undo_opens_the_step_again_and_later_asks_why(enter: Enter, run: Run, ada: Person, bo: Person) -> None:
    first = steps_of(run)[0]
    page = enter(ada).new_page()
    page.goto(run.get_absolute_url())
    page.keyboard.press("x")
    expect(page.locator(row(page, first))).to_contain_text("Done, Ada Byron")
    page.keyboard.press("u")
    expect(page.locator(f"#d{first.pk}")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator(row(page, first))).to_contain_text("Done, Ada Byron")
    other = enter(bo).new_page()
    other.goto(run.get_absolute_url())
    other.locator(row(other, first)).get_by_role("button", name="Undo").click()
    expect(other.locator(f"#ur{first.pk}")).to_be_focused()
    other.keyboard.type("not done")
    other.keyboard.press("Enter")
    expect(other.locator(f"#d{first.pk}")).to_be_focused()


def test_single_keys_rest_in_fields_and_when_they_are_switched_off(
    enter: Enter, run: Run, ada: Person, live_portal: str
) -> None:
    context = enter(ada)
    page = context.new_page()
    page.goto(run.get_absolute_url())
    page.locator("#note").press_sequentially("xsxs")
    assert page.locator("#note").input_value() == "xsxs"
    context.add_cookies([{"name": "keys", "value": "off", "url": live_portal}])
    page.goto(run.get_absolute_url())
    page.keyboard.press("x")
    page.wait_for_timeout(300)
    assert StepEvent.objects.count() == 0


def test_from_the_login_to_the_first_tick_are_three_taps(
    enter: Enter, run: Run, ada: Person, browser: object, live_portal: str
) -> None:
    page = enter(ada, width=390).new_page()
    page.context.clear_cookies()
    page.goto("/")
    page.locator("input[name=login]").fill("ada")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log in").tap()
    page.get_by_role("link", name=re.compile("Continue Morning look")).tap()
    first = steps_of(run)[0]
    box = page.locator(f"#d{first.pk}").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    page.locator(f"#d{first.pk}").tap()
    expect(page.locator(row(page, first))).to_contain_text("Done, Ada Byron")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_focus_is_never_under_a_sticky_bar(enter: Enter, crew: Team, ada: Person, width: int) -> None:
    long = make_procedure(make_service("Long", team=crew), steps=[f"Look at rack {n}" for n in range(1, 25)])
    page = enter(ada, width=width).new_page()
    page.goto(make_run(long, ada).get_absolute_url())
    for step in steps_of(Run.objects.get())[:12]:
        page.keyboard.press("x")
        expect(page.locator(row(page, step))).to_contain_text("Done, Ada Byron")
        assert page.evaluate(probes.COVERED) == []
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate(probes.COVERED) == []
