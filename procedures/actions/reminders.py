"""Remind people of what is due, at most once for each occasion: the messages are written with the row that says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, QuerySet

from contacts.actions import enqueue
from contacts.models import Person, Team
from procedures.models import Occurrence, Run, Schedule

BATCH = 100
LATE = timedelta(hours=1)  # after it was due; sooner where it counts as missed before long
STATES = [Occurrence.State.OPEN, Occurrence.State.IN_PROGRESS]
KINDS = {"before": "is due soon", "due": "is due now", "late": "is late"}


def occasions(schedule: Schedule, due_at: datetime, miss_at: datetime) -> list[tuple[str, datetime]]:
    """Each kind with its time: before and when it is due where the schedule asks for it, and always once it is late."""
    late = ("late", due_at + min(LATE, (miss_at - due_at) / 2))
    if schedule.remind_before is None:
        return [late]
    return [("before", due_at - timedelta(seconds=schedule.remind_before)), ("due", due_at), late]


def remind(*, now: datetime, stop: Callable[[], bool] = lambda: False) -> int:
    """Write the reminders whose time has come; returns for how many occurrences.

    Of several whose time has passed only the last is written: after an outage nobody reads three about one thing.
    """
    reminded = 0
    while not stop() and _due(now).exists():
        count = _remind_batch(now)
        if not count:  # somebody else has them
            break
        reminded += count
    return reminded


def _due(now: datetime) -> QuerySet[Occurrence]:
    return Occurrence.objects.filter(state__in=STATES, remind_at__lte=now)


def _remind_batch(now: datetime) -> int:
    with transaction.atomic():
        locked = _due(now).order_by("remind_at").select_for_update(skip_locked=True, of=("self",), no_key=True)
        rows = list(locked.select_related("schedule", "service__team", "assignee")[:BATCH])
        runs = dict(Run.objects.filter(occurrence__in=rows).values_list("occurrence", "pk"))
        for row in rows:
            passed = [kind for kind, at in _occasions(row) if at <= now]
            if passed:
                _tell(row, passed[-1], runs.get(row.pk), now)
            following = min((at for _, at in _occasions(row) if at > now), default=None)
            Occurrence.objects.filter(pk=row.pk).update(remind_at=following, reminded=F("reminded") + int(bool(passed)))
    return len(rows)


def _occasions(row: Occurrence) -> list[tuple[str, datetime]]:
    return occasions(row.schedule, row.due_at, row.miss_at)


def _tell(row: Occurrence, kind: str, run: int | None, now: datetime) -> None:
    to: Person | Team | None = row.assignee or row.service.team
    if to is None:
        return
    due = row.due_at.astimezone(ZoneInfo(row.schedule.zone))
    began = "It has been started." if row.state == Occurrence.State.IN_PROGRESS else "Nobody has started it."
    enqueue(
        key=f"occurrence:{row.pk}:{kind}",
        to=to,
        subject=f"{row.schedule.title[:120]} {KINDS[kind]} ({row.service.name[:60]})",
        text=f"{row.schedule.title}, {row.service.name}: due {due:%a %d %b, %H:%M} ({row.schedule.zone}). {began}",
        url=f"/runs/{run}/" if run and row.state == Occurrence.State.IN_PROGRESS else "/",
        now=now,
    )
