"""Keys that are held, keys that mean something else, and a run that ends under somebody's hands."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from contacts.models import Person, Team
from procedures.actions import abandon_run, answer_step
from procedures.models import Run, RunNote, RunStep
from tests.browser.conftest import Enter
from tests.factories import make_person, make_procedure, make_run, make_service, make_team, steps_of


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
    steps = [f"Look at rack {number}" for number in range(1, 7)]
    return make_run(make_procedure(make_service(team=crew), steps=steps), ada)


def done(run: Run) -> int:
    return RunStep.objects.filter(run=run, state="done").count()


@pytest.mark.parametrize("key", ["x", "Enter"])
def test_a_key_that_is_held_down_answers_one_step(enter: Enter, run: Run, ada: Person, key: str) -> None:
    page = enter(ada).new_page()
    page.goto(run.get_absolute_url())
    page.locator(".step.cur button[value=done]").focus()
    for _ in range(12):
        page.keyboard.down(key)
        page.wait_for_timeout(100)
    page.keyboard.up(key)
    expect(page.locator("#status")).to_contain_text("Step 1 done")
    assert done(run) == 1
    page.keyboard.press(key)
    expect(page.locator("#status")).to_contain_text("Step 2 done")


def test_going_to_the_services_by_keys_does_not_send_a_skip(enter: Enter, run: Run, ada: Person) -> None:
    page = enter(ada).new_page()
    page.goto(run.get_absolute_url())
    page.keyboard.press("s")
    page.keyboard.type("locked out")
    page.locator(".step.cur button[value=done]").focus()
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/services/")
    assert not RunStep.objects.filter(run=run, state="skipped").exists()


def test_what_is_being_typed_when_a_colleague_ends_the_run_is_kept_as_a_late_note(
    enter: Enter, run: Run, ada: Person, bo: Person
) -> None:
    page = enter(ada).new_page()
    page.goto(run.get_absolute_url())
    page.locator("#note").fill("fan is loud")
    page.locator(".step.cur summary").first.click()
    page.locator(".step.cur textarea").fill("no key to rack 1")
    abandon_run(run=run, person=bo, now=timezone.now(), summary="false alarm")
    expect(page.locator("#notes")).to_contain_text("A colleague has ended this run", timeout=8000)
    expect(page.locator("#note")).to_be_focused()
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("main")).to_contain_text("This run can no longer be changed")
    note = RunNote.objects.get()
    assert "fan is loud" in note.text
    assert "Step 1: no key to rack 1" in note.text
    assert note.late


def test_a_colleagues_tick_just_before_ones_own_appears_too(enter: Enter, run: Run, ada: Person, bo: Person) -> None:
    page = enter(ada).new_page()
    page.goto(run.get_absolute_url())
    first, *_, last = steps_of(run)
    answer_step(step=last, state="done", person=bo, op=uuid4(), now=timezone.now())
    page.keyboard.press("x")
    expect(page.locator(f"#step-{first.pk}")).to_contain_text("Done, Ada Byron")
    expect(page.locator(f"#step-{last.pk}")).to_contain_text("Done, Bo Lind", timeout=8000)
