"""The auditor: looks for what is due and untouched, past all the loops that should have touched it.

Each question is answered from an index, under a time limit; one that takes longer counts as a failure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from contacts.models import Message
from opsportal.lib.database import database_now
from procedures.models import Occurrence, Schedule

SECONDS = 2  # that one question may take
CLOCKS = timedelta(seconds=5)  # that this host's clock may differ from the database's
Question = Callable[[datetime], models.QuerySet[models.Model]]
NAMED = 3

UNTOUCHED: dict[str, Question] = {
    "Schedules are due to be planned and were not": Schedule.objects.to_plan,
    "Work is due to be opened and was not": Occurrence.objects.opening,
    "Work whose time has passed was not written down": Occurrence.objects.expiring,
    "Messages wait in the outbox": Message.objects.overdue,
}


def findings(now: datetime) -> list[str]:
    """What is wrong, each as a sentence; empty when everything is touched in time. `now` is the database's."""
    before = now - timedelta(seconds=settings.CLOCKWORK_SILENCE)
    found = [f"{words}." for words, ask in UNTOUCHED.items() if _there_is(ask(before))]
    return [*found, *_quarantined(now), *_clocks()]


def _there_is(rows: models.QuerySet[models.Model]) -> bool:
    """Whether there are such rows; also when that cannot be found out in time."""
    try:
        with transaction.atomic():
            _limit()
            return rows.exists()
    except DatabaseError:
        return True


def _quarantined(now: datetime) -> Iterator[str]:
    raising = Schedule.objects.active().filter(quarantined_until__gt=now).select_related("service").order_by("pk")
    for schedule in raising[:NAMED]:
        title, service = schedule.title[:80], schedule.service.name[:60]
        yield f"The schedule “{title}” of {service} cannot be planned: {schedule.quarantine_error[:120]}"


def _clocks() -> Iterator[str]:
    apart = timezone.now() - database_now()
    if abs(apart) > CLOCKS:
        yield f"The clock of this host differs from the database's by {apart.total_seconds():.0f} seconds."


def _limit() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{SECONDS}s"])
