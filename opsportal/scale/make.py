"""Make the large portal: all tables for a few hundred services at a time, each piece in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db import models, transaction

from contacts.models import (
    Contact,
    Directory,
    EscalationLevel,
    Membership,
    Person,
    SeverityLevel,
    Team,
    User,
)
from incidents.models import KeyAlert, KnownIssue
from opsportal.audit.trail import Happening, record_many
from opsportal.lib.bulk import Row, Table
from opsportal.scale import people as p
from opsportal.scale import services as s
from opsportal.scale import work as w
from opsportal.scale.bulk import finish, trust_foreign_keys
from opsportal.scale.shape import Ids, Shape
from opsportal.scale.words import procedure_title
from opsportal.scale.year import OCCURRENCE, SCHEDULE, Year
from procedures.models import (
    MaintenanceTask,
    Occurrence,
    Procedure,
    ProcedureVersion,
    Run,
    RunStep,
    Schedule,
    Step,
    StepEvent,
)
from services.models import ChangeEntry, Dependency, Link, MaintenanceWindow, Metric, Service

Rows = Callable[[int], Iterator[Row]]
STEP_ROWS_A_PIECE = 100_000
SERVICES_A_PIECE = 500


def make(
    shape: Shape, progress: Callable[[int], None] = lambda services: None, *, year: bool = False
) -> list[type[models.Model]]:
    """Insert everything; returns the models that got rows. Calls `progress` with the number of services made so far.

    With `year` there are schedules and a year of their occurrences too. Not one transaction: millions of deferred
    foreign keys would be kept in memory. Ids follow those that exist.
    """
    ids = Ids()
    people = p.People(shape, ids)
    services = s.Services(shape, ids, people)
    work = w.Work(shape, ids, people, services)
    with transaction.atomic():
        crowd = _people(people)
    tables = [*_catalogue(services), *_work(work)]
    tables += _year(Year(shape, ids, people, services, work)) if year else []
    for piece in _pieces(shape):
        with transaction.atomic():
            trust_foreign_keys()
            for table, rows in tables:
                table.insert(row for number in piece for row in rows(number))
            record_many(happening for number in piece for happening in _completed(work, number))
        progress(piece.stop)
    made = [*crowd, *(table.model for table, _ in tables)]
    finish(made)
    return made


def _pieces(shape: Shape) -> Iterator[range]:
    a_service = max(1, shape.step_rows // shape.services)
    size = max(1, min(SERVICES_A_PIECE, STEP_ROWS_A_PIECE // a_service))
    for first in range(0, shape.services, size):
        yield range(first, min(first + size, shape.services))


def _people(people: p.People) -> list[type[models.Model]]:
    Table(Team, p.TEAM).insert(people.teams())
    Table(User, p.USER).insert(people.users())
    Table(Person, p.PERSON).insert(people.people())
    Table(Membership, p.MEMBERSHIP).insert(people.memberships())
    return [Team, User, Person, Membership]


def _catalogue(services: s.Services) -> list[tuple[Table, Rows]]:
    return [
        (Table(Directory, s.DIRECTORY), services.directories),
        (Table(Service, s.SERVICE), services.services),
        (Table(Contact, s.CONTACT), services.contacts),
        (Table(EscalationLevel, s.LEVEL), services.levels),
        (Table(SeverityLevel, s.SEVERITY), services.severities),
        (Table(Metric, s.METRIC), services.metrics),
        (Table(KeyAlert, s.ALERT), services.alerts),
        (Table(KnownIssue, s.ISSUE), services.issues),
        (Table(Link, s.LINK), services.links),
        (Table(MaintenanceTask, s.TASK), services.tasks),
        (Table(MaintenanceWindow, s.WINDOW), services.windows),
        (Table(ChangeEntry, s.CHANGE), services.changes),
        (Table(Dependency, s.DEPENDENCY), services.dependencies),
    ]


def _work(work: w.Work) -> list[tuple[Table, Rows]]:
    return [
        (Table(Procedure, w.PROCEDURE), work.procedures),
        (Table(ProcedureVersion, w.VERSION), work.versions),
        (Table(Step, w.STEP), work.steps),
        (Table(Run, w.RUN), work.runs),
        (Table(RunStep, w.RUN_STEP), work.run_steps),
        (Table(StepEvent, w.EVENT), work.events),
    ]


def _year(year: Year) -> list[tuple[Table, Rows]]:
    return [
        (Table(Schedule, SCHEDULE), year.schedules),
        (Table(Occurrence, OCCURRENCE), year.occurrences),
    ]


def _completed(work: w.Work, service: int) -> Iterator[Happening]:
    """What the audit trail says of each past run, without reading it again. Each is used up before the next."""
    people: dict[int, Person] = {}
    runs: dict[int, Run] = {}
    for pk, place, at, person, name in work.completed(service):
        if place not in runs:
            runs[place] = Run(procedure=Procedure(title=procedure_title(place)))
        if person not in people:
            people[person] = Person(pk=person, name=name)
        runs[place].pk = pk
        yield Happening("run.completed", runs[place], people[person], at, {"summary": ""})
