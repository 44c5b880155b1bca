"""Procedures and runs by API."""

from __future__ import annotations

from datetime import UTC, datetime, time
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Person
from procedures.actions import answer_step, complete_run, start_run
from procedures.models import Procedure, ProcedureVersion, Run, RunStep, Step
from services.models import Service
from tests.api.conftest import Make

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RUNS = "/api/v1/runs/"


@pytest.fixture
def procedure(service: Service) -> Procedure:
    made = Procedure.objects.create(
        service=service, title="Morning check", category="daily", frequency="daily at 09:00", due_time=time(9)
    )
    version = ProcedureVersion.objects.create(procedure=made, number=1, digest="0" * 64, created_at=NOON)
    for position in (1, 2):
        Step.objects.create(version=version, position=position, number=str(position), text=f"Look {position}")
    made.current_version = version
    made.save()
    return made


def test_procedures_come_with_the_steps_of_their_current_version(procedure: Procedure, caller: Make) -> None:
    [row] = caller("read").get("/api/v1/services/ledger/procedures/").json()["procedures"]
    assert (row["id"], row["title"], row["due_time"], row["version"]) == (
        procedure.pk,
        "Morning check",
        "09:00:00",
        1,
    )
    assert [step["text"] for step in row["steps"]] == ["Look 1", "Look 2"]


def test_a_procedure_that_the_runbook_lost_is_not_listed(procedure: Procedure, caller: Make) -> None:
    Procedure.objects.update(retired_at=NOON)
    assert caller("read").get("/api/v1/services/ledger/procedures/").json()["procedures"] == []


def test_a_run_tells_who_when_and_how_far(procedure: Procedure, ada: Person, caller: Make) -> None:
    run = start_run(procedure=procedure, person=ada, now=NOON)
    step = RunStep.objects.filter(run=run).first()
    assert step is not None
    answer_step(step=step, state="done", person=ada, op=uuid4(), now=NOON)
    [row] = caller("read").get(RUNS).json()["results"]
    assert (row["service"], row["procedure"], row["version"]) == ("ledger", "Morning check", 1)
    assert (row["state"], row["started_at"], row["started_by"]) == ("open", "2026-03-02T12:00:00+00:00", "Ada Byron")
    assert row["steps"] == {"total": 2, "answered": 1}


def test_runs_are_filtered_by_state_and_service(procedure: Procedure, ada: Person, caller: Make) -> None:
    done, _ = [start_run(procedure=procedure, person=ada, now=NOON) for _ in range(2)]
    for step in RunStep.objects.filter(run=done):
        answer_step(step=step, state="done", person=ada, op=uuid4(), now=NOON)
    assert complete_run(run=done, person=ada, now=NOON)
    client = caller("read")
    assert [row["id"] for row in client.get(f"{RUNS}?state=completed").json()["results"]] == [done.pk]
    assert len(client.get(f"{RUNS}?service=ledger").json()["results"]) == 2
    assert client.get(f"{RUNS}?service=other").json()["results"] == []


def test_runs_are_paged_newest_first(procedure: Procedure, ada: Person, caller: Make) -> None:
    made = [start_run(procedure=procedure, person=ada, now=NOON).pk for _ in range(5)]
    client, following, seen = caller("read"), f"{RUNS}?page_size=2&state=open", []
    while following:
        body = client.get(following).json()
        seen += [row["id"] for row in body["results"]]
        following = body["next"]
    assert seen == sorted(made, reverse=True)


def test_the_list_takes_the_same_statements_for_any_number_of_runs(
    procedure: Procedure, ada: Person, caller: Make
) -> None:
    client = caller("read")
    client.get(RUNS)  # notes the first use of the token
    counts = []
    for more in (1, 20):
        for _ in range(more):
            start_run(procedure=procedure, person=ada, now=NOON)
        with CaptureQueriesContext(connection) as queries:
            client.get(RUNS)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4
    assert Run.objects.count() == 21
