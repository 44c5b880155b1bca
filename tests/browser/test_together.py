"""Together on a run, back after an interruption, and an emergency against the clock, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from contacts.models import Person, Role, Team
from procedures.actions import answer_step, be_here, complete_run, confirm_step, report_step
from procedures.models import Procedure, Run, StepEvent
from services.models import Service
from tests.browser.conftest import Enter
from tests.browser.test_every_page import barriers
from tests.emergency import NUMBER, make_emergency, make_ladder
from tests.factories import answer, make_person, make_procedure, make_run, make_service, make_team, steps_of
from tests.peers.browser import Scheme

RISKY = (
    "Enter the queue length (limit 100 jobs)",
    "Drop the old table (second person)",
    "Burn the copy (second person)",
    "Close the board",
)


@pytest.fixture
def crew(transactional_db: None) -> Team:
    return make_team()


@pytest.fixture
def ada(crew: Team) -> Person:
    return make_person("Ada Byron", role=Role.MANAGER, team=crew)


@pytest.fixture
def bo(crew: Team) -> Person:
    return make_person("Bo Lind", team=crew)


@pytest.fixture
def service(crew: Team) -> Service:
    found = make_service(team=crew)
    make_ladder(found)
    return found


def ago(minutes: float, run: Run, place: int, person: Person, value: str = "") -> None:
    """The person did that step so many minutes ago."""
    at = timezone.now() - timedelta(minutes=minutes)
    answer_step(step=steps_of(run)[place - 1], state="done", person=person, op=uuid4(), now=at, value=value)


@pytest.fixture
def left(service: Service, ada: Person, bo: Person) -> Run:
    """Ada did step 1 twelve minutes ago, Bo step 2 since; both wait for nothing else."""
    run = make_run(make_procedure(service), ada, now=timezone.now() - timedelta(minutes=20))
    ago(12, run, 1, ada)
    ago(8, run, 2, bo, "7")
    return run


@pytest.fixture
def fire(service: Service, ada: Person) -> Run:
    """An emergency that began a minute ago."""
    return make_run(make_emergency(service), ada, now=timezone.now() - timedelta(minutes=1))


def test_who_comes_back_touches_the_current_step_before_a_key_answers_it(enter: Enter, left: Run, ada: Person) -> None:
    page = enter(ada).new_page()
    page.goto(left.get_absolute_url())
    expect(page.locator("#back")).to_contain_text("You left at step 1, 12 min ago. Bo Lind did 2.")
    page.keyboard.press("x")
    expect(page.locator("#status")).to_contain_text("look at this step again")
    expect(page.locator(f"#d{steps_of(left)[2].pk}")).to_be_focused()
    assert StepEvent.objects.count() == 2
    page.keyboard.press("x")
    expect(page.locator(f"#step-{steps_of(left)[2].pk}")).to_contain_text("Done, Ada Byron")


def test_a_page_that_was_hidden_for_long_says_what_happened_meanwhile(
    enter: Enter, service: Service, ada: Person
) -> None:
    run = make_run(make_procedure(service), ada)
    page = enter(ada).new_page()
    page.clock.install()
    page.goto(run.get_absolute_url())
    expect(page.locator("#back")).to_be_empty()
    _hide(page, hidden=True)
    page.clock.fast_forward("12:00")
    Run.objects.filter(pk=run.pk).update(started_at=timezone.now() - timedelta(minutes=12))
    _hide(page, hidden=False)
    expect(page.locator("#back")).to_contain_text("You started this 12 min ago")


def _hide(page: Page, *, hidden: bool) -> None:
    page.evaluate(
        """hidden => {
          Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_two_on_a_run_see_each_other_and_where(enter: Enter, left: Run, ada: Person, bo: Person) -> None:
    ours, theirs = enter(ada).new_page(), enter(bo).new_page()
    ours.goto(left.get_absolute_url())
    expect(ours.locator("#here")).to_be_hidden()
    theirs.goto(left.get_absolute_url())
    expect(theirs.locator("#here")).to_contain_text("Ada Byron at step 3")
    expect(ours.locator("#here")).to_contain_text("Bo Lind at step 3", timeout=7_000)


def test_a_second_person_confirms_in_the_row(enter: Enter, service: Service, ada: Person, bo: Person) -> None:
    run = make_run(make_procedure(service, steps=["Drop the old table (second person)"]), ada)
    step = steps_of(run)[0]
    page = enter(ada).new_page()
    page.goto(run.get_absolute_url())
    page.locator(f"#d{step.pk}").click()
    expect(page.locator(f"#step-{step.pk}")).to_contain_text("Waits for a second person")
    expect(page.locator("#complete-run")).to_have_attribute("aria-disabled", "true")
    theirs = enter(bo).new_page()
    theirs.goto(run.get_absolute_url())
    theirs.locator(f"#c{step.pk}").click()
    expect(theirs.locator(f"#step-{step.pk}")).to_contain_text("confirmed by Bo Lind")
    expect(theirs.locator("#complete-run")).to_be_focused()
    expect(page.locator(f"#step-{step.pk}")).to_contain_text("confirmed by Bo Lind", timeout=7_000)


def test_a_time_box_counts_down_announces_and_prompts_but_ticks_nothing(enter: Enter, fire: Run, ada: Person) -> None:
    page = enter(ada).new_page()
    page.clock.install()
    page.goto(fire.get_absolute_url())
    box = page.locator(".phases li").first
    expect(box).to_contain_text("left")
    prompt = page.locator("[data-over]").first
    expect(prompt).to_be_hidden()
    page.clock.fast_forward("03:05")
    expect(page.locator("#status")).to_have_text("0–5 min: 1 minute left")
    page.clock.fast_forward("01:30")
    expect(page.locator("#status")).to_have_text("0–5 min: time is over; you may escalate now")
    expect(box).to_contain_text("over by")
    expect(prompt).to_contain_text("Escalate to L2 now?")
    expect(prompt).not_to_contain_text(NUMBER)
    assert StepEvent.objects.count() == 0
    prompt.get_by_role("button", name="Show").click()
    expect(prompt).to_contain_text(NUMBER)


def test_in_an_emergency_a_key_opens_a_folded_step_before_it_answers_it(enter: Enter, fire: Run, ada: Person) -> None:
    page = enter(ada, width=390).new_page()
    page.goto(fire.get_absolute_url())
    last = page.locator(f"#step-{steps_of(fire)[3].pk}")
    expect(last.locator("pre")).to_be_hidden()
    last.locator("summary").first.focus()
    page.keyboard.press("x")
    expect(last.locator("pre")).to_be_visible()
    assert StepEvent.objects.count() == 0
    page.keyboard.press("x")
    expect(last).to_contain_text("Done, Ada Byron")


def test_the_first_five_minutes_need_no_scrolling_on_a_phone(enter: Enter, fire: Run, ada: Person) -> None:
    page = enter(ada, width=390).new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(fire.get_absolute_url())
    second = page.locator(f"#step-{steps_of(fire)[1].pk}").bounding_box()
    bar = page.locator(".nav").bounding_box()
    assert second is not None
    assert bar is not None
    assert second["y"] + second["height"] <= bar["y"]


def test_without_javascript_the_boxes_say_until_when_and_nothing_offers_to_print(
    enter: Enter, fire: Run, ada: Person
) -> None:
    page = enter(ada, javascript=False).new_page()
    page.goto(fire.get_absolute_url())
    expect(page.locator(".phases li").first).to_contain_text("until ")
    expect(page.locator("[data-print]")).to_be_hidden()


def test_a_printed_run_shows_its_version_each_state_and_what_is_folded(enter: Enter, fire: Run, ada: Person) -> None:
    answer(steps_of(fire)[0], ada)
    page = enter(ada, scheme="dark").new_page()
    page.goto(fire.get_absolute_url())
    page.evaluate("window.print = () => { window.printed = true; }")
    page.locator("[data-print]").click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    expect(page.locator(".paper")).to_contain_text("Version 1 of 17 Nov 2026, Ledger.")
    expect(page.locator(".paper")).to_contain_text("1 of 4 done, current step 2")
    states = [page.locator(f"#step-{step.pk} .last") for step in steps_of(fire)]
    for state, word in zip(states, ("Done, Ada Byron", "Current step", "To do", "To do"), strict=True):
        expect(state).to_be_visible()
        expect(state).to_contain_text(word)
    expect(page.locator("pre")).to_be_visible()
    for gone in (".top", ".nav", "[data-print]", ".wrong", "#note", ".why"):
        assert not any(place.is_visible() for place in page.locator(gone).all()), gone
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf(format="A4").startswith(b"%PDF-")


def _measure_before(procedure: Procedure, ada: Person, bo: Person) -> None:
    """Three completed runs, so that there is a line of values."""
    for value in ("40", "60", "120"):
        run = make_run(procedure, ada)
        for step in steps_of(run):
            answer(step, ada, value=value if "Enter" in step.step.text else "")
            if step.step.answer.second_person:
                confirm_step(step=step, person=bo, op=uuid4(), now=timezone.now())
        complete_run(run=run, person=ada, now=timezone.now())


def _states(run: Run, late: Run, risky: Run, report: str) -> Iterator[tuple[str, str]]:
    """The addresses of what is new, by name."""
    yield "back and together", run.get_absolute_url()
    yield "waiting for a second person", risky.get_absolute_url()
    yield "time is over", late.get_absolute_url()
    yield "reported", f"/procedures/{risky.procedure_id}/"
    yield "report", report


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")])
def test_what_is_new_on_a_run_is_free_of_barriers(
    enter: Enter, service: Service, left: Run, fire: Run, ada: Person, bo: Person, width: int, scheme: Scheme
) -> None:
    procedure = make_procedure(service, title="Risky", steps=RISKY)
    _measure_before(procedure, ada, bo)
    risky = make_run(procedure, ada)
    answer(steps_of(risky)[1], bo)
    answer(steps_of(risky)[2], ada)
    report_step(step=steps_of(risky)[1], person=bo, text="Wrong schema", op=uuid4(), now=timezone.now())
    be_here(run=left, person=bo, step=steps_of(left)[2].pk, now=timezone.now() + timedelta(minutes=5))
    late = make_run(fire.procedure, ada, now=timezone.now() - timedelta(minutes=7))
    page = enter(ada, width=width, scheme=scheme).new_page()
    found: dict[str, list[str]] = {}
    form = f"/runs/{risky.pk}/steps/{steps_of(risky)[0].pk}/wrong/"
    for name, address in _states(left, late, risky, form):
        page.goto(address)
        found[name] = barriers(page)
    page.goto(form)
    page.locator("#text").fill(" ")
    page.get_by_role("button", name="Report").click()
    expect(page.locator("#text-error")).to_be_visible()
    found["report refused"] = barriers(page)
    page.goto(fire.get_absolute_url())
    page.locator(".fold summary").first.click()
    found["emergency, a step opened"] = barriers(page)
    assert {name: problems for name, problems in found.items() if problems} == {}
