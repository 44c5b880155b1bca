"""A run with its history, its colleagues and its time boxes stays within the budget of queries and bytes."""

from __future__ import annotations

import gzip
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts.models import Person
from procedures.actions import be_here
from procedures.models import Procedure, Run
from services.models import Service
from tests.emergency import make_emergency, make_ladder
from tests.factories import HTMX, answer, make_completed_run, make_procedure, make_run, steps_of, visitor
from tests.flows.sending import text

MOST = 12  # queries, those of the login and the frame included
ASIDE = ("SAVEPOINT", "RELEASE", "SELECT pg_advisory_xact_lock")  # reading and writing rows is what is counted
TICK = 2048  # bytes, packed


def statements(client: Client, path: str, **sent: str) -> tuple[int, HttpResponseBase]:
    """How many statements a page takes, or, with fields, the answer to a form."""
    with CaptureQueriesContext(connection) as captured:
        response = client.post(path, sent, headers=HTMX) if sent else client.get(path)
    assert response.status_code == 200
    texts = [query["sql"] or "prepared" for query in captured]  # Django cannot show a statement bound on the server
    return sum(not sql.startswith(ASIDE) for sql in texts), response


def busy(procedure: Procedure, ada: Person, bo: Person, *, before: int) -> Run:
    """A run after some completed ones, in which a colleague is and has answered the first half."""
    for _ in range(before):
        make_completed_run(procedure, ada)
    run = make_run(procedure, ada)
    steps = steps_of(run)
    for step in steps[: len(steps) // 2]:
        answer(step, bo, "skipped", note="later")
    be_here(run=run, person=bo, step=steps[-1].pk, now=timezone.now())
    return run


def tick_next(client: Client, run: Run) -> tuple[int, HttpResponseBase]:
    step = next(step for step in steps_of(run) if step.state == "todo")
    path = f"/runs/{run.pk}/steps/{step.pk}/answer/"
    return statements(client, path, op=str(uuid4()), state="done", value="7")


@pytest.mark.parametrize(("rows", "before"), [(4, 1), (40, 16)])
def test_page_tick_and_poll_take_the_same_few_queries(
    service: Service, ada: Person, bo: Person, rows: int, before: int
) -> None:
    steps = [f"Enter the load of rack {number} (limit 80 %)" for number in range(rows)]
    run = busy(make_procedure(service, steps=steps), ada, bo, before=before)
    client = visitor(ada)
    page, _ = statements(client, run.get_absolute_url())
    tick, _ = tick_next(client, run)
    assert (page, tick) == (11, MOST)


def test_an_emergency_with_its_ladder_stays_within_too(service: Service, ada: Person, bo: Person) -> None:
    make_ladder(service)
    run = busy(make_emergency(service), ada, bo, before=2)
    client = visitor(ada)
    page, response = statements(client, run.get_absolute_url())
    assert "data-over" in text(response)
    assert page <= MOST
    tick, answered = tick_next(client, run)
    assert tick <= MOST
    assert len(gzip.compress(text(answered).encode(), 6)) <= TICK


def test_the_answer_to_a_tick_is_small_with_fourteen_values_beside_it(
    service: Service, ada: Person, bo: Person
) -> None:
    steps = [f"Enter the load of rack {number} (limit 80 %) (critical)" for number in range(6)]
    run = busy(make_procedure(service, steps=steps), ada, bo, before=14)
    _, answered = tick_next(visitor(ada), run)
    assert "14 runs" in text(answered)
    assert len(gzip.compress(text(answered).encode(), 6)) <= TICK
