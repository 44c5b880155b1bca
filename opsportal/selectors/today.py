"""The runs of a day, sorted by urgency."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, DateTimeField, Q, QuerySet

from contacts.models import Person
from opsportal.lib.prepared import Among, Given, Prepared, PreparedObjects
from procedures.models import Occurrence, Run, RunStep, Step, StepState
from procedures.models.run import RunQuerySet

MOST = 100
WITH_PROCEDURE = ("schedule__procedure__service", "schedule__procedure__current_version")
MOST_MISSED = 20
TIME = DateTimeField()


@dataclass(slots=True)
class Day:
    """Runs of one day: late, due (open or due now), later today, ended today; each list at most 100 long.

    `tasks` is open maintenance without steps, which is done in one click.
    """

    late: list[Run] = field(default_factory=list)
    due: list[Run] = field(default_factory=list)
    later: list[Run] = field(default_factory=list)
    done: list[Run] = field(default_factory=list)
    missed: list[Run] = field(default_factory=list)
    tasks: list[Occurrence] = field(default_factory=list)


class Runs:
    """What the page reads of some runs, by statements that are written once."""

    def __init__(self, runs: Callable[[], RunQuerySet]) -> None:
        names = ("procedure__service", "version", "started_by", "ended_by")
        soon = Q(state=Run.State.OPEN) | Q(opens_at__lt=Given("tomorrow", TIME))
        self.unfinished = PreparedObjects[Any](
            lambda: runs().unfinished().filter(soon).select_related(*names).order_by("due_at", "pk")[:MOST]
        )
        self.ended = PreparedObjects[Any](
            lambda: (
                runs()
                .counted()
                .filter(ended_at__gte=Given("midnight", TIME))
                .select_related(*names)
                .order_by("-ended_at")[:MOST]
            )
        )
        self.missed = PreparedObjects[Any](
            lambda: (
                runs()
                .filter(state=Run.State.MISSED, due_at__gte=Given("week_ago", TIME))
                .select_related("procedure__service")
                .order_by("-due_at")[:MOST_MISSED]
            )
        )


EVERYBODYS = Runs(Run.objects.all)
OF_TEAMS = Runs(Run.objects.of_given_teams)
PROGRESS = Prepared(
    lambda: (
        RunStep.objects.filter(Among("run", "runs"), pinned=False)
        .order_by()
        .values_list("run")
        .annotate(
            Count("pk"),
            answered=Count("pk", filter=~Q(state=StepState.TODO)),
            failed=Count("pk", filter=Q(state=StepState.FAILED)),
            skipped=Count("pk", filter=Q(state=StepState.SKIPPED)),
        )
    )
)
STEPS = Prepared(
    lambda: (
        Step.objects.filter(Among("version", "versions"), parent=None)
        .order_by()
        .values_list("version")
        .annotate(Count("pk"))
    )
)


def day_of(person: Person, now: datetime, zone: ZoneInfo, *, everything: bool = False) -> Day:
    """The person's day: their teams' runs, or all of them. At most seven statements."""
    local = now.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    runs = EVERYBODYS if everything else OF_TEAMS
    teams = {} if everything else {"teams": list(person.roles)}
    day = Day()
    unfinished = runs.unfinished.all(tomorrow=midnight + timedelta(days=1), **teams)
    for run in unfinished:
        if run.due_at is not None and run.due_at < now:
            day.late.append(run)
        elif run.is_open or (run.opens_at is not None and run.opens_at <= now):
            day.due.append(run)
        else:
            day.later.append(run)
    day.done = runs.ended.all(midnight=midnight, **teams)
    day.missed = runs.missed.all(week_ago=midnight - timedelta(days=7), **teams)
    waiting = Occurrence.objects.all() if everything else Occurrence.objects.of_teams(list(person.roles))
    day.tasks = _without_steps(waiting)
    to_come = _to_come(waiting, now, midnight + timedelta(days=1))
    day.later = sorted([*day.later, *to_come], key=lambda run: run.opens_at or now)
    _count_steps([*unfinished, *to_come])
    return day


def _without_steps(occurrences: QuerySet[Occurrence]) -> list[Occurrence]:
    open_ones = occurrences.filter(state=Occurrence.State.OPEN, run=None, schedule__procedure=None)
    found = open_ones.filter(schedule__task__procedure=None).select_related("schedule", "service", "assignee")
    return list(found.order_by("due_at", "pk")[:MOST])


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


def _count_steps(runs: Iterable[Any]) -> None:
    """Give the runs `total`, `answered`, `failed` and `skipped` steps; a planned one has the steps of its version."""
    begun = [run.pk for run in runs if run.state != Run.State.PLANNED]
    planned = {run.version_id for run in runs if run.state == Run.State.PLANNED}
    counts = {run: numbers for run, *numbers in PROGRESS.rows(runs=begun)} if begun else {}
    steps: dict[int, int] = dict(STEPS.rows(versions=list(planned))) if planned else {}
    for run in runs:
        nothing = [steps.get(run.version_id, 0), 0, 0, 0]
        run.total, run.answered, run.failed, run.skipped = counts.get(run.pk, nothing)
