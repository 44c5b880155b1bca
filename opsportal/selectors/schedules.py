"""A schedule with what comes and what became of it; the register of everything that recurs, by urgency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from opsportal.lib.errors import ActionError
from opsportal.lib.recurrence import RuleError
from opsportal.lib.recurrence.text import parse
from procedures.actions.schedule_checks import Shown, preview_of, words
from procedures.models import Occurrence, Schedule

COMING, PAST, MOST = 10, 25, 200
DAY = 86_400
CYCLES = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 30.4, "YEARLY": 365, "HOURLY": 1 / 24, "MINUTELY": 1 / 1440}
UNITS = {"days": 1, "weeks": 7, "months": 30.4, "years": 365}
DONE = (Occurrence.State.DONE, Occurrence.State.DONE_LATE)


def sentence_of(schedule: Schedule) -> str:
    """The schedule in words; its rule where it has become one that cannot be kept."""
    try:
        return words(schedule)
    except (RuleError, ActionError, ValueError):
        return schedule.rrule or "It cannot be kept as it is."


def next_dates(schedule: Schedule, now: datetime) -> tuple[list[Shown], str]:
    """The next dates with their explanations, and what is wrong with the rule, if anything."""
    try:
        return preview_of(schedule, now, COMING), ""
    except (RuleError, ActionError, ValueError) as error:
        return [], str(error)


def coming(schedule: Schedule) -> QuerySet[Occurrence]:
    """The rows that wait, soonest first."""
    rows = Occurrence.objects.waiting().filter(schedule=schedule)
    return rows.select_related("assignee", "run").order_by("at", "seat")[:COMING]


def past(schedule: Schedule) -> QuerySet[Occurrence]:
    """What became of the last ones, latest first."""
    rows = Occurrence.objects.filter(schedule=schedule).exclude(state__in=Occurrence.WAITING)
    return rows.select_related("assignee", "ended_by", "decided_by", "run").order_by("-at", "-pk")[:PAST]


@dataclass(slots=True)
class Entry:
    """A row of the register: `urgency` is (days late + cycle) ÷ cycle, in percent; 100 is due now (fiix, SMCP)."""

    schedule: Schedule
    cycle: float
    next: Any
    last: datetime | None
    urgency: int
    words: str
    has_steps: bool


def register(now: datetime, *, teams: list[int] | None, slug: str = "", tasks_only: bool = True) -> list[Entry]:
    """Everything that recurs for the teams (None: all), the most urgent first; three queries."""
    schedules = Schedule.objects.active().select_related(
        "service__team", "task__procedure", "procedure", "person", "team", "holidays"
    )
    if tasks_only:
        schedules = schedules.exclude(task=None)
    if slug:
        schedules = schedules.filter(service__slug=slug)
    elif teams is not None:
        schedules = schedules.filter(service__team__in=teams)
    waiting = Occurrence.objects.waiting().filter(schedule=OuterRef("pk")).order_by("at")
    done = Occurrence.objects.filter(schedule=OuterRef("pk"), state__in=DONE).order_by("-ended_at")
    found: list[Any] = list(
        schedules.annotate(next_pk=Subquery(waiting.values("pk")[:1]), last_done=Subquery(done.values("ended_at")[:1]))
        .prefetch_related("pauses", "changes")
        .order_by(F("next_pk").asc(nulls_last=True))[:MOST]
    )
    rows = Occurrence.objects.filter(pk__in=[one.next_pk for one in found if one.next_pk])
    following = {row.pk: row for row in rows.select_related("assignee", "run")}
    entries = [_entry(one, following.get(one.next_pk), now) for one in found]
    return sorted(entries, key=lambda entry: (-entry.urgency, entry.schedule.title))


def _entry(schedule: Any, occurrence: Occurrence | None, now: datetime) -> Entry:
    cycle = cycle_days(schedule)
    late = (now - occurrence.due_at).total_seconds() / DAY if occurrence else -cycle
    task = schedule.task
    return Entry(
        schedule=schedule,
        cycle=cycle,
        next=occurrence,
        last=schedule.last_done,
        urgency=max(0, round(100 * (late + cycle) / cycle)),
        words=sentence_of(schedule),
        has_steps=bool(schedule.procedure_id or (task is not None and task.procedure_id)),
    )


def cycle_days(schedule: Schedule) -> float:
    """About how many days lie between two times."""
    if schedule.floats:
        return max(1 / 24, (schedule.every or 1) * UNITS.get(schedule.unit, 1))
    try:
        recur = parse(schedule.rrule)
    except RuleError:
        return 1
    days = CYCLES.get(recur.freq, 1) * max(1, recur.interval)
    return float(max(1 / 24, days / max(1, len(schedule.times.split()))))
