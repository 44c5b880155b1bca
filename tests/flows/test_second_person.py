"""Steps that cannot be taken back need a second account."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponseBase

from contacts.models import Person
from opsportal.audit.models import AuditEvent
from procedures.models import Run, RunStep, StepEvent
from services.models import Service
from tests.factories import HTMX, answer, make_procedure, make_run, steps_of, visitor
from tests.flows.sending import take_back, text, tick


@pytest.fixture
def drop(service: Service, ada: Person) -> RunStep:
    """The only step of a run, which two people have to answer for."""
    return steps_of(make_run(make_procedure(service, steps=["Drop the old table (second person)"]), ada))[0]


def confirm(step: RunStep, person: Person, *, htmx: bool = True, **fields: str) -> HttpResponseBase:
    data = {"op": str(uuid4()), **fields}
    headers = HTMX if htmx else {}
    return visitor(person).post(f"/runs/{step.run_id}/steps/{step.pk}/confirm/", data, headers=headers)


def complete(step: RunStep, person: Person) -> int:
    status: int = visitor(person).post(f"/runs/{step.run_id}/complete/", {"summary": ""}).status_code
    return status


def test_a_done_step_waits_until_another_account_confirms_it(drop: RunStep, ada: Person, bo: Person) -> None:
    assert "Waits for a second person" in text(tick(drop, ada))
    assert complete(drop, ada) == 409
    shown = confirm(drop, bo)
    assert shown.status_code == 200
    assert "confirmed by Bo Lind" in text(shown)
    drop.refresh_from_db()
    assert (drop.person, drop.confirmed_by) == (ada, bo)
    assert AuditEvent.objects.filter(verb="step.confirmed", actor_name="Bo Lind").count() == 1
    assert complete(drop, ada) == 302
    assert Run.objects.get(pk=drop.run_id).state == "completed"


def test_the_same_account_is_refused_with_a_sentence(drop: RunStep, ada: Person) -> None:
    tick(drop, ada)
    refused = confirm(drop, ada)
    assert refused.status_code == 422
    assert "You did this step yourself" in text(refused)
    assert "/confirm/" not in text(refused)
    drop.refresh_from_db()
    assert drop.confirmed_at is None


def test_the_database_refuses_a_confirmation_by_the_same_person(drop: RunStep, ada: Person) -> None:
    answer(drop, ada)
    done = RunStep.objects.filter(pk=drop.pk)
    with pytest.raises(IntegrityError, match="run_step_confirmed_by_another"), transaction.atomic():
        done.update(confirmed_by=ada, confirmed_at=drop.run.started_at)


def test_an_undo_clears_the_confirmation(drop: RunStep, ada: Person, bo: Person) -> None:
    tick(drop, ada)
    confirm(drop, bo)
    assert take_back(drop, bo, note="wrong table").status_code == 200
    tick(drop, bo)
    drop.refresh_from_db()
    assert (drop.state, drop.person, drop.confirmed_by, drop.confirmed_at) == ("done", bo, None, None)


def test_a_confirmation_sent_twice_or_by_a_third_changes_nothing(
    drop: RunStep, ada: Person, bo: Person, mia: Person
) -> None:
    tick(drop, ada)
    op = str(uuid4())
    assert [confirm(drop, bo, op=op).status_code for _ in range(2)] == [200, 200]
    assert confirm(drop, mia).status_code == 200
    drop.refresh_from_db()
    assert drop.confirmed_by == bo
    assert StepEvent.objects.filter(before="done", after="done").count() == 1


@pytest.mark.parametrize("state", ["failed", "skipped"])
def test_what_was_not_done_waits_for_nobody(drop: RunStep, ada: Person, bo: Person, state: str) -> None:
    assert "Waits for a second person" not in text(tick(drop, ada, state, note="locked"))
    refused = confirm(drop, bo)
    assert refused.status_code == 422
    assert "waits for no confirmation" in text(refused)


def test_a_step_without_the_mark_needs_no_confirmation(run: Run, ada: Person, bo: Person) -> None:
    first = steps_of(run)[0]
    tick(first, ada)
    assert confirm(first, bo).status_code == 422


def test_after_the_end_nothing_is_confirmed(drop: RunStep, ada: Person, bo: Person) -> None:
    tick(drop, ada)
    visitor(ada).post(f"/runs/{drop.run_id}/stop/", {"summary": "wrong day"})
    assert confirm(drop, bo).status_code == 409


@pytest.mark.parametrize("who", ["vi", "zoe", "ed"])
def test_only_those_who_may_work_on_the_run_confirm(
    drop: RunStep, ada: Person, who: str, request: pytest.FixtureRequest
) -> None:
    tick(drop, ada)
    assert confirm(drop, request.getfixturevalue(who)).status_code == 403


def test_without_javascript_a_confirmation_leads_back_to_the_run(drop: RunStep, ada: Person, bo: Person) -> None:
    tick(drop, ada)
    assert "waits for a second person" in text(visitor(bo).get(drop.run.get_absolute_url()))
    sent = confirm(drop, bo, htmx=False)
    assert (sent.status_code, sent["Location"]) == (302, f"/runs/{drop.run_id}/#complete")
    assert confirm(drop, bo, htmx=False, op="no-id").status_code == 422


def test_a_colleagues_page_hears_of_the_confirmation(drop: RunStep, ada: Person, bo: Person) -> None:
    tick(drop, ada)
    last = StepEvent.objects.latest("pk").pk
    confirm(drop, bo)
    heard = visitor(ada).get(f"/runs/{drop.run_id}/changes/?after={last}&current=", headers=HTMX)
    assert f'id="step-{drop.pk}"' in text(heard)
    assert "confirmed by Bo Lind" in text(heard)
