"""Plan and open the work of many schedules in a database of its own, beside raw COPY of the rows that came of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from contacts.models import Directory
from procedures.actions.clockwork import materialise
from procedures.models import Occurrence, Procedure, ProcedureVersion, Run, Schedule, Step
from services.models import Service

START = datetime(2026, 11, 2, tzinfo=UTC)
RULES = ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=DAILY;INTERVAL=2")
STEPS = 6
ROUNDS = 3


def main(services: str, *_: str) -> dict[str, Any]:
    """Seconds and rows of planning sixty days ahead, of a tick with nothing due, and of opening a day's work."""
    call_command("migrate", verbosity=0)
    _fill(int(services))
    plan = _seconds(lambda: _until_quiet(START))
    planned = Occurrence.objects.count()
    copied = _copy_seconds(Occurrence, "TRUE")
    idle = min(_seconds(lambda: materialise(now=START, last_seen=START)) for _ in range(ROUNDS))
    day = START + timedelta(hours=8, minutes=30)  # opened, and nobody has to be reminded yet
    opening = _seconds(lambda: _until_quiet(day))
    return {
        "schedules": Schedule.objects.count(),
        "planned": planned,
        "plan_seconds": plan,
        "copy_seconds": copied,
        "idle_seconds": idle,
        "opened": Run.objects.count(),
        "open_seconds": opening,
        "copy_runs_seconds": _copy_seconds(Run, "TRUE"),
    }


def _fill(number: int) -> None:
    """So many services with a procedure of six steps and three schedules each."""
    directories = Directory.objects.bulk_create([Directory(name=f"Desk {n}") for n in range(number)])
    services = Service.objects.bulk_create(
        [Service(slug=f"desk-{n}", name=f"Desk {n}", directory=one) for n, one in enumerate(directories)]
    )
    procedures = Procedure.objects.bulk_create([Procedure(service=one, title="Look") for one in services])
    versions = ProcedureVersion.objects.bulk_create(
        [ProcedureVersion(procedure=one, number=1, digest="0" * 64, created_at=START) for one in procedures]
    )
    for procedure, version in zip(procedures, versions, strict=True):
        procedure.current_version = version
    Procedure.objects.bulk_update(procedures, ["current_version"], batch_size=2000)
    Step.objects.bulk_create(
        [Step(version=one, position=n, number=str(n), text="Look") for one in versions for n in range(1, STEPS + 1)]
    )
    given = {"title": "Look", "times": "09:00", "zone": "Europe/Berlin", "starts_on": date(2026, 1, 1)}
    Schedule.objects.bulk_create(
        Schedule(service=one.service, procedure=one, rrule=rule, plan_at=START, planned_until=START, **given)
        for one in procedures
        for rule in RULES
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _until_quiet(now: datetime) -> None:
    """Tick until a tick finds nothing to do."""
    while True:
        tick = materialise(now=now, last_seen=now)
        if not (tick.planned or tick.opened):
            return


def _copy_seconds(model: type[Occurrence] | type[Run], where: str) -> float:
    """COPY of the table's rows into one like it, keys, checks and indexes and all; the best of three."""
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        held = io.BytesIO()
        with cursor.copy(f"COPY (SELECT * FROM {table} WHERE {where}) TO STDOUT") as copy:
            for piece in copy:
                held.write(piece)
        return min(_copy_once(cursor, table, held.getvalue()) for _ in range(ROUNDS))


def _copy_once(cursor: Any, table: str, data: bytes) -> float:
    with transaction.atomic():
        cursor.execute(f"CREATE TABLE copied (LIKE {table} INCLUDING ALL)")
    began = perf_counter()
    with transaction.atomic(), cursor.copy("COPY copied FROM STDIN") as copy:
        copy.write(data)
    seconds = perf_counter() - began
    with transaction.atomic():
        cursor.execute("DROP TABLE copied")
    return seconds


def _seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began
