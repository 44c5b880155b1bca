"""A page takes as many queries for sixty rows as for three."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contacts.models import Person, Team
from opsportal.runbooks.actions import keep_draft
from procedures.models import Procedure, Run
from services.models import Service
from tests.factories import (
    answer,
    make_completed_run,
    make_procedure,
    make_run,
    make_runbook,
    make_service,
    runbook,
    steps_of,
)
from tests.pages.conftest import queries

FEW, MANY = 3, 60


def _services(rows: int, crew: Team, person: Person) -> str:
    for number in range(rows):
        make_run(make_procedure(make_service(f"Service {rows} {number}", team=crew)), person)
    return "/services/"


def _today(rows: int, crew: Team, person: Person) -> str:
    procedure = make_procedure(make_service(f"Today {rows}", team=crew))
    now = timezone.now()
    Run.objects.bulk_create(
        Run(
            procedure=procedure,
            version_id=procedure.current_version_id or 0,
            state="planned",
            slot=f"{rows}-{number}",
            opens_at=now - timedelta(hours=1),
            due_at=now + timedelta(minutes=number - rows / 2),
        )
        for number in range(rows)
    )
    for _ in range(rows // 3):
        make_completed_run(procedure, person)
        make_run(procedure, person)
    return "/"


def _service(rows: int, crew: Team, person: Person) -> str:
    service = make_runbook(runbook(f"Desk {rows}", rows=rows)).service
    for procedure in service.procedures.all()[:rows]:
        make_completed_run(procedure, person)
    return service.get_absolute_url()


def _contacts(rows: int, crew: Team, person: Person) -> str:
    for number in range(min(rows, 20)):
        make_runbook(runbook(f"Contact desk {rows} {number}", rows=3))
    return "/contacts/"


def _emergency(rows: int, crew: Team, person: Person) -> str:
    make_runbook(runbook(f"Alarm desk {rows}", rows=rows))
    return "/emergency/"


def _search(rows: int, crew: Team, person: Person) -> str:
    make_runbook(runbook(f"Search desk {rows}", rows=rows))
    return "/search/?q=e"


def _run(rows: int, crew: Team, person: Person) -> str:
    procedure = _long(rows, crew)
    make_completed_run(procedure, person)
    run = make_run(procedure, person)
    for step in steps_of(run)[: rows // 2]:
        answer(step, person, value="7")
    return run.get_absolute_url()


def _procedure(rows: int, crew: Team, person: Person) -> str:
    procedure = _long(rows, crew)
    for _ in range(min(rows, 10)):
        make_completed_run(procedure, person)
    return f"/procedures/{procedure.pk}/"


def _long(rows: int, crew: Team) -> Procedure:
    steps = [f"Enter the load of rack {number} (limit 80 %)" for number in range(rows)]
    return make_procedure(make_service(f"Racks {rows}", team=crew), steps=steps)


def _history(rows: int, crew: Team, person: Person) -> str:
    for number in range(rows):
        make_runbook(runbook("History desk", rows=1) + f"\n## Note\n{number}\n", person=person)
    return "/services/history-desk/history/"


def _proposals(rows: int, crew: Team, person: Person) -> str:
    service = make_runbook(runbook(f"Proposal desk {rows}", rows=1)).service
    Service.objects.filter(pk=service.pk).update(requires_approval=True)
    for number in range(rows):
        make_runbook(runbook(f"Proposal desk {rows}", rows=1) + f"\n## Note\n{number}\n", person=person)
    return "/changes/"


def _preview(rows: int, crew: Team, person: Person) -> str:
    make_runbook(runbook(f"Preview desk {rows}", rows=rows))
    data = runbook(f"Preview desk {rows}", rows=rows).replace("< 1%", "< 2%").encode()
    draft = keep_draft(person=person, data=data, file_name="x.md", slug="", now=timezone.now())
    return f"/import/{draft.pk}/"


# What each page may take, login and frame (seven) included.
PAGES: dict[Callable[[int, Team, Person], str], int] = {
    _services: 12,
    _today: 12,
    _run: 12,
    _procedure: 12,
    _contacts: 12,
    _emergency: 12,
    _search: 12,
    _history: 12,
    _proposals: 12,
    _preview: 12,
    _service: 12,
}


@pytest.mark.parametrize("make", PAGES, ids=lambda make: make.__name__.strip("_"))
def test_a_page_takes_the_same_few_queries_for_many_rows(
    make: Callable[[int, Team, Person], str], crew: Team, mia: Person, reader: Client
) -> None:
    few = queries(reader, make(FEW, crew, mia))
    many = queries(reader, make(MANY, crew, mia))
    assert many == few
    assert many <= PAGES[make]
