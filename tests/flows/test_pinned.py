"""Steps of the whole run: always in sight, answered whenever their case arises, never in the way of the end."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from contacts.models import Person
from opsportal.audit.models import AuditEvent
from procedures.models import Run, RunNote, RunStep, StepEvent
from services.models import Service
from tests.factories import HTMX, answer, make_procedure, make_run, steps_of, visitor
from tests.flows.sending import text

STEPS = ("Open the board", "If at any time the disk passes 95 %: delete old logs", "Close the board")


def happened(step: RunStep, person: Person, *, htmx: bool = True, **fields: Any) -> Any:
    data = {"op": str(uuid4()), **fields}
    path = f"/runs/{step.run_id}/steps/{step.pk}/happened/"
    return visitor(person).post(path, data, headers=HTMX if htmx else {})


@pytest.fixture
def run(service: Service, ada: Person) -> Run:
    return make_run(make_procedure(service, steps=STEPS), ada)


@pytest.fixture
def disk(run: Run) -> RunStep:
    return steps_of(run)[1]


def test_it_stands_above_the_list_and_counts_with_none_of_the_steps(run: Run, disk: RunStep, ada: Person) -> None:
    page = text(visitor(ada).get(run.get_absolute_url()))
    pinned = page.index('id="pinned"')
    assert pinned < page.index('class="steps')
    assert pinned < page.index(f'id="step-{disk.pk}"') < page.index("</section>", pinned)
    assert "(2 open)" in page
    assert "Step 1</a> of 2" in page


def test_a_run_is_completed_whether_or_not_it_happened(run: Run, ada: Person) -> None:
    first, _, last = steps_of(run)
    for step in (first, last):
        answer(step, ada)
    assert visitor(ada).post(f"/runs/{run.pk}/complete/").status_code == 302
    assert Run.objects.get().state == "completed"


def test_each_time_it_happens_is_written_down_with_what_was_done(disk: RunStep, ada: Person, bo: Person) -> None:
    assert happened(disk, ada, note="96 %, deleted 4 GB").status_code == 200
    again = text(happened(disk, bo, note="97 %"))
    assert "96 %, deleted 4 GB" in again
    assert "It happened again" in again
    assert StepEvent.objects.count() == 2
    assert AuditEvent.objects.filter(verb="step.happened").count() == 2


def test_the_same_form_sent_twice_happened_once(disk: RunStep, ada: Person) -> None:
    op = str(uuid4())
    for _ in range(2):
        assert happened(disk, ada, op=op).status_code == 200
    assert StepEvent.objects.count() == 1


def test_without_javascript_it_leads_back_to_the_pinned_steps(disk: RunStep, ada: Person) -> None:
    response = happened(disk, ada, htmx=False)
    assert (response.status_code, response["Location"]) == (302, f"/runs/{disk.run_id}/#pinned")


def test_what_did_not_happen_after_all_is_taken_back(disk: RunStep, ada: Person) -> None:
    happened(disk, ada)
    visitor(ada).post(f"/runs/{disk.run_id}/steps/{disk.pk}/undo/", {"op": str(uuid4()), "note": "wrong disk"})
    disk.refresh_from_db()
    assert disk.state == "todo"
    assert "It happened again" not in text(visitor(ada).get(f"/runs/{disk.run_id}/"))


@pytest.mark.parametrize("htmx", [True, False])
def test_after_the_end_it_is_kept_as_a_late_note(run: Run, disk: RunStep, ada: Person, htmx: bool) -> None:
    visitor(ada).post(f"/runs/{run.pk}/stop/", {"summary": "drill"})
    refused = happened(disk, ada, htmx=htmx, note="96 %")
    assert refused.status_code == 409
    assert "kept as a late note" in text(refused)
    assert RunNote.objects.get().text == "Step 2: Done, 96 %"


def test_a_step_of_the_list_does_not_happen_and_strangers_say_nothing(
    run: Run, disk: RunStep, ada: Person, zoe: Person
) -> None:
    assert happened(steps_of(run)[0], ada).status_code == 422
    assert happened(disk, zoe).status_code == 403
    assert happened(disk, ada, op="nonsense").status_code == 422
    assert StepEvent.objects.count() == 0


def test_a_colleague_hears_of_it(run: Run, disk: RunStep, ada: Person, bo: Person) -> None:
    happened(disk, ada, note="96 %")
    heard = text(visitor(bo).get(f"/runs/{run.pk}/changes/", {"after": "0", "current": "0"}, headers=HTMX))
    assert heard.count('id="pinned"') == 1
    assert "96 %" in heard


def test_the_lists_count_only_the_steps_of_the_list(run: Run, disk: RunStep, ada: Person) -> None:
    happened(disk, ada)
    assert "0 of 2" in text(visitor(ada).get("/"))
