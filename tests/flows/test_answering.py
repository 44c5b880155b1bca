"""Answer the steps of a run: who was first, what is refused, what is taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from contacts.models import Person
from opsportal.audit.models import AuditEvent
from procedures.models import Run, RunStep, StepEvent
from tests.factories import answer, make_run, steps_of
from tests.flows.sending import take_back, text, tick


@pytest.fixture
def first(run: Run) -> RunStep:
    return steps_of(run)[0]


@pytest.fixture
def number(run: Run) -> RunStep:
    """The step that asks for a number."""
    return steps_of(run)[1]


def state_of(step: RunStep) -> tuple[str, str, str]:
    step.refresh_from_db()
    return step.state, step.value, step.note


def test_the_first_of_two_wins_and_the_second_is_told_who_it_was(number: RunStep, ada: Person, bo: Person) -> None:
    assert tick(number, ada, value="12").status_code == 200
    second = tick(number, bo, value="99", note="long queue")
    assert second.status_code == 200
    assert "Ada Byron" in text(second)
    assert "first answer stands" in text(second)
    assert "You entered: 99, long queue" in text(second)
    assert state_of(number) == ("done", "12", "")
    assert StepEvent.objects.get().person == ada


def test_the_same_form_sent_twice_makes_one_event_and_the_same_row(first: RunStep, ada: Person) -> None:
    op = str(uuid4())
    once, again = tick(first, ada, op=op), tick(first, ada, op=op)
    assert (once.status_code, again.status_code) == (200, 200)
    assert f'id="step-{first.pk}"' in text(again)
    assert "first answer stands" not in text(again)
    assert StepEvent.objects.count() == 1
    assert AuditEvent.objects.filter(verb="step.done").count() == 1


def test_a_step_of_another_run_is_not_found_under_this_one(run: Run, first: RunStep, bo: Person) -> None:
    other = make_run(run.procedure, bo)
    first.run_id = other.pk
    assert tick(first, bo).status_code == 404
    assert StepEvent.objects.count() == 0


@pytest.mark.parametrize("who", ["zoe", "vi", "ed"])
def test_only_operators_and_managers_of_the_team_may_answer(
    who: str, first: RunStep, request: pytest.FixtureRequest
) -> None:
    assert tick(first, request.getfixturevalue(who)).status_code == 403
    assert state_of(first)[0] == "todo"


@pytest.mark.parametrize("value", ["", "about ten", "ten 10"])
def test_what_is_no_number_is_refused_and_stays_in_the_field(number: RunStep, ada: Person, value: str) -> None:
    refused = tick(number, ada, value=value, note="looked twice")
    assert refused.status_code == 422
    assert f'value="{value}" aria-invalid="true"' in text(refused)
    assert "looked twice</textarea>" in text(refused)
    assert state_of(number)[0] == "todo"


def test_without_htmx_a_refusal_is_the_whole_page_with_the_field_as_it_was(number: RunStep, ada: Person) -> None:
    refused = tick(number, ada, htmx=False, value="many")
    assert refused.status_code == 422
    assert "<title>Error: " in text(refused)
    assert 'value="many" aria-invalid="true"' in text(refused)


def test_a_number_out_of_range_is_kept_and_said(number: RunStep, ada: Person) -> None:
    assert "out of range" in text(tick(number, ada, value="1,250"))
    assert state_of(number) == ("done", "1,250", "")


@pytest.mark.parametrize("which", [0, 1])
def test_a_skip_needs_a_reason_and_the_reason_field_says_so(run: Run, ada: Person, which: int) -> None:
    step = steps_of(run)[which]
    refused = tick(step, ada, "skipped", value="5")
    assert refused.status_code == 422
    assert f'<textarea id="n{step.pk}" name="note" rows="2" maxlength="4000" aria-invalid="true"' in text(refused)
    assert '<details class="why" open>' in text(refused)
    assert tick(step, ada, "skipped", note="board is down").status_code == 200
    assert state_of(step) == ("skipped", "", "board is down")


def test_only_a_manager_excuses_a_skipped_step(first: RunStep, ada: Person, mia: Person) -> None:
    answer(first, ada, "skipped", note="no access")
    assert tick(first, ada, "excused", note="fine").status_code == 403
    assert tick(first, mia, "excused", note="fine").status_code == 200
    assert state_of(first) == ("excused", "", "fine")


def test_one_takes_back_ones_own_answer_at_once_without_a_reason(first: RunStep, ada: Person) -> None:
    tick(first, ada)
    assert take_back(first, ada).status_code == 200
    assert state_of(first)[0] == "todo"
    assert StepEvent.objects.count() == 2


def test_later_an_undo_needs_a_reason(first: RunStep, ada: Person) -> None:
    tick(first, ada)
    with time_machine.travel(timezone.now() + timedelta(seconds=11)):
        refused = take_back(first, ada)
        assert refused.status_code == 422
        assert 'aria-invalid="true"' in text(refused)
        assert state_of(first)[0] == "done"
        assert take_back(first, ada, note="wrong board").status_code == 200
    assert state_of(first)[0] == "todo"
    assert StepEvent.objects.get(after="todo").note == "wrong board"


def test_anothers_answer_is_taken_back_only_with_a_reason(first: RunStep, ada: Person, bo: Person) -> None:
    tick(first, ada)
    assert take_back(first, bo).status_code == 422
    assert take_back(first, bo, note="it is not done").status_code == 200


def test_an_open_step_has_nothing_to_undo(first: RunStep, ada: Person) -> None:
    refused = take_back(first, ada)
    assert refused.status_code == 422
    assert "nothing to undo" in text(refused)


@pytest.mark.parametrize("op", ["", "not-an-id", "\0", "x" * 5000])
def test_a_form_with_a_broken_id_is_refused_kindly(first: RunStep, ada: Person, op: str) -> None:
    for refused in (tick(first, ada, op=op), take_back(first, ada, op=op)):
        assert refused.status_code == 422
        assert "reload the page" in text(refused)
    assert StepEvent.objects.count() == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "banana"},
        {"state": ""},
        {"state": "todo"},
        {"state": "done", "value": "9" * 300},
        {"state": "failed", "note": "\0"},
        {"state": "failed", "note": "n" * 4001},
    ],
)
def test_what_no_form_of_ours_sends_changes_nothing(number: RunStep, ada: Person, fields: dict[str, Any]) -> None:
    assert tick(number, ada, **fields).status_code == 422
    assert state_of(number)[0] == "todo"


def test_without_javascript_an_answer_leads_back_to_the_next_open_step(run: Run, ada: Person) -> None:
    first, second, _ = steps_of(run)
    response = tick(first, ada, htmx=False)
    assert (response.status_code, response["Location"]) == (302, f"/runs/{run.pk}/#step-{second.pk}")


def test_an_answer_is_a_piece_that_no_cache_takes_for_the_page(first: RunStep, ada: Person) -> None:
    response = tick(first, ada)
    assert response["Cache-Control"] == "no-store"
    assert "HX-Request" in response["Vary"]
    assert "<html" not in text(response)
