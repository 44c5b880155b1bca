"""Two crews with a manager each, and occurrences made by hand so that every figure can be counted on fingers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from contacts.models import Person, Role, Team
from opsportal.lib.periods import Period
from procedures.models import Occurrence, Procedure, Schedule
from services.models import Service
from tests.factories import make_person, make_procedure, make_service, make_team

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = NOON.date()
NINETY = Period(TODAY - timedelta(days=89), TODAY)


def make_schedule(
    service: Service, *, rrule: str = "FREQ=DAILY", title: str = "Morning look", procedure: Procedure | None = None,
    **fields: Any,
) -> Schedule:  # fmt: skip
    """A schedule at 09:00 UTC."""
    more = {"times": "09:00", "zone": "UTC", "starts_on": TODAY, **fields}
    return Schedule.objects.create(service=service, procedure=procedure, title=title, rrule=rrule, **more)


def happen(schedule: Schedule, days_ago: int, state: str, reason: str = "", **fields: Any) -> Occurrence:
    """What became of the schedule's time so many days ago: planned for 09:00 UTC, due at 10:00, missed at 17:00."""
    at = NOON.replace(hour=9) - timedelta(days=days_ago)
    local = at.strftime("%Y-%m-%dT%H:%M")
    due = at + timedelta(hours=1)
    ended = due + timedelta(minutes=30) if state == "done_late" else due - timedelta(minutes=30)
    words = "Office closed" if state in ("excused", "skipped") else ""
    made: dict[str, Any] = {
        "slot": local,
        "planned": local,
        "local": local,
        "at": at,
        "opens_at": at,
        "due_at": due,
        "miss_at": at + timedelta(hours=8),
        "ended_at": ended if state in ("done", "done_late") else None,
        "explanation": words,
    }
    return Occurrence.objects.create(
        schedule=schedule, service=schedule.service, state=state, reason=reason, **{**made, **fields}
    )


def recent(schedule: Schedule, days_ago: int, state: str, reason: str = "", **fields: object) -> Occurrence:
    """As `happen`, counted from the real today, since pages read the clock."""
    at = (timezone.now() - timedelta(days=days_ago)).replace(hour=1, minute=0, second=0, microsecond=0)
    times = {"at": at, "opens_at": at, "due_at": at + timedelta(hours=1), "miss_at": at + timedelta(hours=8)}
    made: dict[str, object] = {**times, "local": at.strftime("%Y-%m-%dT%H:%M"), "slot": at.date().isoformat()}
    made["ended_at"] = at + timedelta(minutes=20) if state.startswith("done") else None
    return happen(schedule, days_ago, state, reason, **{**made, **fields})


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    """Pages read the clock: for them it is NOON too."""
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def crew(db: None) -> Team:
    return make_team("Ledger crew")


@pytest.fixture
def others(db: None) -> Team:
    return make_team("Harbour crew")


@pytest.fixture
def mia(crew: Team) -> Person:
    return make_person("Mia Manager", role=Role.MANAGER, team=crew)


@pytest.fixture
def omar(others: Team) -> Person:
    return make_person("Omar Other", role=Role.MANAGER, team=others)


@pytest.fixture
def al(crew: Team) -> Person:
    return make_person("Al Admin", role=Role.ADMIN, team=crew)


@pytest.fixture
def ledger(crew: Team) -> Service:
    return make_service("Ledger", team=crew)


@pytest.fixture
def crane(others: Team) -> Service:
    return make_service("Crane", team=others)


@pytest.fixture
def daily(ledger: Service) -> Schedule:
    return make_schedule(ledger, procedure=make_procedure(ledger))
