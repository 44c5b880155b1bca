"""The runs of a day, sorted by urgency."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from contacts.models import Person
from procedures.models import Occurrence, Run, Step, StepState

MOST = 100
WITH_PROCEDURE = ("schedule__procedure__service", "schedule__procedure__current_version")
COUNTED = Q(steps__pinned=False)
ANSWERED = COUNTED & ~Q(steps__state__in=[StepState.TODO])


@dataclass(slots=True)
class Day:
    """Runs of one day: late, due (open or due now), later today, ended today; each list at most 100 long."""

    late: list[Run] = field(default_factory=list)
    due: list[Run] = field(default_factory=list)
    later: list[Run] = field(default_factory=list)
    done: list[Run] = field(default_factory=list)
    missed: list[Run] = field(default_factory=list)


def with_progress(runs: QuerySet[Run]) -> QuerySet[Run]:
    """Runs with their names and counts: `total`, `answered`, `failed`, `skipped`."""
    return runs.select_related("procedure__service", "version", "started_by", "ended_by").annotate(
        total=Count("steps", filter=COUNTED),
        answered=Count("steps", filter=ANSWERED),
        failed=Count("steps", filter=Q(steps__state=StepState.FAILED)),
        skipped=Count("steps", filter=Q(steps__state=StepState.SKIPPED)),
    )


def day_of(person: Person, now: datetime, zone: ZoneInfo, *, everything: bool = False) -> Day:
    """The person's day: their teams' runs, or all of them."""
    local = now.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = midnight + timedelta(days=1)
    runs = Run.objects.all() if everything else Run.objects.of_teams(person.roles)
    day = Day()
    unfinished = with_progress(runs.unfinished().filter(Q(state=Run.State.OPEN) | Q(opens_at__lt=tomorrow)))
    for run in unfinished.order_by("due_at", "pk")[:MOST]:
        if run.due_at is not None and run.due_at < now:
            day.late.append(run)
        elif run.is_open or (run.opens_at is not None and run.opens_at <= now):
            day.due.append(run)
        else:
            day.later.append(run)
    day.done = list(with_progress(runs.filter(ended_at__gte=midnight)).order_by("-ended_at")[:MOST])
    day.missed = list(
        runs.filter(state=Run.State.MISSED, due_at__gte=midnight - timedelta(days=7))
        .select_related("procedure__service")
        .order_by("-due_at")[:20]
    )
    waiting = Occurrence.objects.all() if everything else Occurrence.objects.of_teams(list(person.roles))
    day.later = sorted([*day.later, *_to_come(waiting, now, tomorrow)], key=lambda run: run.opens_at or now)
    _count_planned(day)
    return day


def _to_come(occurrences: QuerySet[Occurrence], now: datetime, until: datetime) -> list[Run]:
    """The runs of what is planned, as they will be: they get their rows when they open."""
    planned = occurrences.filter(state=Occurrence.State.PLANNED, opens_at__gt=now, opens_at__lt=until, run=None)
    found = planned.exclude(schedule__procedure=None).select_related(*WITH_PROCEDURE)
    return [
        Run(
            procedure=one.schedule.procedure,
            version=one.schedule.procedure.current_version,
            state=Run.State.PLANNED,
            slot=one.slot,
            opens_at=one.opens_at,
            due_at=one.due_at,
        )
        for one in found.order_by("opens_at", "pk")[:MOST]
        if one.schedule.procedure is not None
    ]


def _count_planned(day: Day) -> None:
    """A planned run has no steps yet: show how many its version has."""
    planned = [run for run in (*day.late, *day.due, *day.later) if run.state == Run.State.PLANNED]
    counts = dict(
        Step.objects.filter(version__in={run.version_id for run in planned}, parent=None)
        .values_list("version")
        .annotate(Count("pk"))
    )
    for run in planned:
        run.total = counts.get(run.version_id, 0)  # type: ignore[attr-defined]
