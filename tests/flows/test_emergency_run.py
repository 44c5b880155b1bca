"""An emergency is read, then done: one step is large, time boxes prompt and never decide."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from contacts.models import Person
from procedures.boxes import boxes_of, label_of
from procedures.models import Phase, Procedure, Run
from procedures.selectors import sheet_of
from services.models import Service
from tests.emergency import NUMBER, make_emergency, make_ladder
from tests.factories import answer, make_run, steps_of, visitor
from tests.flows.sending import text, tick

NOW = timezone.now()


@pytest.fixture
def fire(service: Service) -> Procedure:
    return make_emergency(service)


@pytest.fixture
def ladder(service: Service) -> None:
    make_ladder(service)


def started(fire: Procedure, person: Person, seconds: int) -> Run:
    return make_run(fire, person, now=NOW - timedelta(seconds=seconds))


def page(run: Run, person: Person, at: datetime = NOW) -> str:
    with time_machine.travel(at, tick=False):
        return text(visitor(person).get(run.get_absolute_url()))


def prompts(shown: str) -> list[bool]:
    """Of each box that ends, whether its prompt is to be seen."""
    return ["hidden" not in part.split(">")[0] for part in shown.split("data-over=")[1:]]


def test_the_current_step_is_open_and_the_others_are_folded(fire: Procedure, ada: Person) -> None:
    run = started(fire, ada, 60)
    first, _, _, last = steps_of(run)
    shown = page(run, ada)
    rows = {step.pk: shown.split(f'id="step-{step.pk}"')[1].split("</li>")[0] for step in (first, last)}
    assert '<details class="fold">' not in rows[first.pk]
    assert '<details class="fold">' in rows[last.pk]
    assert "broom --bay" in rows[last.pk].split('<details class="fold">')[1]


def test_a_folded_step_can_be_done_and_a_refusal_stands_open(fire: Procedure, ada: Person) -> None:
    run = started(fire, ada, 60)
    smoke = steps_of(run)[1]
    refused = tick(smoke, ada, value="lots")
    assert refused.status_code == 422
    assert '<details class="fold" open>' in text(refused)
    assert tick(smoke, ada, value="2").status_code == 200


def test_a_routine_run_is_not_folded_and_has_no_boxes(run: Run, ada: Person) -> None:
    shown = page(run, ada)
    assert "fold" not in shown
    assert 'class="phases"' not in shown


def test_boxes_say_without_script_until_when_they_run(fire: Procedure, ada: Person) -> None:
    run = started(fire, ada, 60)
    zone_time = (NOW + timedelta(seconds=240)).strftime("%H:%M")
    shown = page(run, ada).split('class="phases"')[1].split("</ol>")[0]
    assert f"until {zone_time}" in shown
    assert f"from {zone_time}" in shown
    assert "1 open" in shown
    assert "0–5 min" in shown


def test_an_overrun_prompts_with_the_next_level_and_its_masked_number(
    fire: Procedure, ladder: None, ada: Person
) -> None:
    run = started(fire, ada, 299)
    assert prompts(page(run, ada)) == [False, False]
    shown = page(run, ada, NOW + timedelta(seconds=2))
    assert prompts(shown) == [True, False]
    assert "Escalate to L2 now?" in shown
    assert "Noor" in shown
    assert NUMBER not in shown
    assert "/phone/" in shown
    assert "Escalate to L3 now?" in shown.split("data-over=")[2]


def test_an_overrun_changes_no_step_and_done_phases_do_not_prompt(fire: Procedure, ladder: None, ada: Person) -> None:
    run = started(fire, ada, 400)
    assert {step.state for step in steps_of(run)} == {"todo"}
    for step in steps_of(run)[:2]:
        answer(step, ada, value="1")
    assert prompts(page(run, ada)) == [False, False]
    assert [(box.label, box.left, box.over) for box in boxes_of(sheet_of(run), NOW)] == [
        ("0–5 min", 0, False), ("5–15 min", 1, False), ("Recovery", 1, False),
    ]  # fmt: skip


def test_without_levels_the_prompt_says_so(fire: Procedure, ada: Person) -> None:
    assert "No escalation level is written down" in page(started(fire, ada, 400), ada)


def test_who_may_not_see_numbers_gets_no_button_for_them(
    fire: Procedure, ladder: None, ada: Person, vi: Person
) -> None:
    assert "/phone/" not in page(started(fire, ada, 400), vi)


def test_a_tick_brings_the_boxes_along(fire: Procedure, ada: Person) -> None:
    run = started(fire, ada, 60)
    answer(steps_of(run)[0], ada)
    ticked = text(tick(steps_of(run)[1], ada, value="1"))
    assert "<b>0–5 min</b><span>done</span>" in ticked


def test_an_ended_emergency_counts_nothing_down(fire: Procedure, ladder: None, ada: Person) -> None:
    run = started(fire, ada, 400)
    visitor(ada).post(f"/runs/{run.pk}/stop/", {"summary": "false alarm"})
    shown = page(run, ada)
    assert ('class="phases"' in shown, "data-over" in shown, "fold" in shown) == (False, False, False)


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [(0, 300, "0–5 min"), (900, None, "15+ min"), (0, 7200, "0–2 h"), (90, 300, "1.5–5 min"), (None, None, "Sweep")],
)
def test_a_box_is_named_by_its_times(start: int | None, end: int | None, label: str) -> None:
    assert label_of(Phase(title="Sweep", from_seconds=start, to_seconds=end)) == label
