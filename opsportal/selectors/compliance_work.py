"""What the work of a team consists of: planned or not, what waits and how long, what fails, who does it, how long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from statistics import quantiles
from typing import Any

from django.db.models import Case, Count, DurationField, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from opsportal.lib.periods import Period
from opsportal.selectors.compliance_scope import Scope
from procedures.models import Category, Occurrence, Run, RunStep, StepState

MOST_RUNS = 5000
MOST_STEPS = 10
MOST_CELLS = 2000
AGES = ("not yet late", "up to a day late", "up to a week", "up to a month", "longer")
LIMITS = (timedelta(days=1), timedelta(days=7), timedelta(days=30))


def runs_of(scope: Scope, days: Period) -> QuerySet[Run]:
    """Runs started on a day of the period, by the reader's clock; dry runs count nowhere."""
    begin, end = bounds(days)
    return Run.objects.counted().filter(scope.of("procedure__service"), started_at__gte=begin, started_at__lt=end)


def bounds(days: Period) -> tuple[datetime, datetime]:
    zone = timezone.get_current_timezone()
    first, after = days.first, days.last + timedelta(days=1)
    return datetime.combine(first, time(), tzinfo=zone), datetime.combine(after, time(), tzinfo=zone)


@dataclass(frozen=True, slots=True)
class Part:
    """A kind of work: how many runs, and hours from their start to their end."""

    name: str
    planned: bool
    runs: int
    hours: float


@dataclass(frozen=True, slots=True)
class Split:
    """Planned and unplanned work; 80 to 20 is manageable, 90 to 10 is what maintenance aims at."""

    parts: tuple[Part, ...]

    @property
    def runs(self) -> int:
        return sum(part.runs for part in self.parts)

    @property
    def hours(self) -> float:
        return sum(part.hours for part in self.parts)

    @property
    def planned_runs(self) -> float:
        """Planned runs of all, in per cent."""
        return 100 * sum(part.runs for part in self.parts if part.planned) / max(1, self.runs)

    @property
    def planned_hours(self) -> float:
        return 100 * sum(part.hours for part in self.parts if part.planned) / (self.hours or 1)


KINDS = (("Scheduled", True), ("Out of turn", False), ("Known issues", False), ("Emergencies", False))


def planned_and_not(scope: Scope, days: Period) -> Split:
    """One query."""
    kind = Case(
        When(Q(occurrence__isnull=False) | ~Q(slot=""), then=Value(0)),
        When(procedure__category=Category.EMERGENCY, then=Value(3)),
        When(procedure__category=Category.ISSUE, then=Value(2)),
        default=Value(1),
        output_field=IntegerField(),
    )
    took = Sum(F("ended_at") - F("started_at"), output_field=DurationField())
    groups = runs_of(scope, days).annotate(kind=kind).order_by().values_list("kind").annotate(Count("pk"), took=took)
    found = {number: (count, spent) for number, count, spent in groups}
    parts = []
    for number, (name, planned) in enumerate(KINDS):
        count, spent = found.get(number, (0, None))
        parts.append(Part(name, planned, count, spent.total_seconds() / 3600 if spent else 0.0))
    return Split(tuple(parts))


@dataclass(slots=True)
class Waiting:
    """Open work of one person (or of nobody): how many by age, and hours by the stated durations."""

    name: str
    ages: list[int] = field(default_factory=lambda: [0] * len(AGES))
    seconds: int = 0
    unknown: int = 0

    @property
    def count(self) -> int:
        return sum(self.ages)

    @property
    def hours(self) -> float:
        return self.seconds / 3600


def backlog(scope: Scope, now: datetime) -> list[Waiting]:
    """Everything that is open now, by whom it is assigned to, in order of names; nobody's first. One query."""
    rows = Occurrence.objects.filter(scope.of(), state__in=Occurrence.WAITING, opens_at__lte=now)
    stated = Coalesce("schedule__procedure__duration_seconds", "schedule__task__procedure__duration_seconds")
    late = [When(due_at__gte=now - limit, then=Value(place)) for place, limit in enumerate((timedelta(), *LIMITS))]
    age = Case(*late, default=Value(len(LIMITS) + 1), output_field=IntegerField())
    groups = (
        rows.annotate(age=age, stated=stated)
        .order_by()
        .values_list("assignee__name", "age")
        .annotate(Count("pk"), Sum("stated"), unknown=Count("pk", filter=Q(stated=None)))
    )
    found: dict[str, Waiting] = {}
    for name, place, count, seconds, unknown in groups:
        row = found.setdefault(name or "", Waiting(name or "nobody"))
        row.ages[place] += count
        row.seconds += seconds or 0
        row.unknown += unknown
    return [row for _, row in sorted(found.items())]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A step that failed or was skipped; `so_far` is the share of all trouble up to this row, in per cent."""

    text: str
    procedure: str
    procedure_id: int
    failed: int
    skipped: int
    so_far: float

    @property
    def count(self) -> int:
        return self.failed + self.skipped


def troubled(scope: Scope, days: Period) -> tuple[list[Trouble], int]:
    """The ten steps with the most trouble, worst first, and how much trouble there was in all. One query."""
    begin, end = bounds(days)
    bad = (StepState.FAILED, StepState.SKIPPED)
    rows = RunStep.objects.filter(scope.of("run__procedure__service"), state__in=bad, at__gte=begin, at__lt=end)
    rows = rows.filter(run__practice=False)
    failed = Count("pk", filter=Q(state=StepState.FAILED))
    groups = (
        rows.order_by()
        .values_list("step__text", "run__procedure__title", "run__procedure")
        .annotate(failed=failed, skipped=Count("pk") - failed)
        .order_by("-failed", "-skipped", "step__text")[:MOST_CELLS]
    )
    counted = sorted(groups, key=lambda row: -(row[3] + row[4]))
    total, so_far, found = sum(row[3] + row[4] for row in counted), 0, []
    for text, procedure, pk, fails, skips in counted[:MOST_STEPS]:
        so_far += fails + skips
        found.append(Trouble(text, procedure, pk, fails, skips, 100 * so_far / total))
    return found, total


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who completed how much of which service: `rows` are (person, a count for each of `services`)."""

    services: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    most: int


MOST_PEOPLE, MOST_SERVICES = 20, 12


def who_and_what(scope: Scope, days: Period) -> Matrix:
    """The services with the most completed runs, and the people in order of their names. One query."""
    done = runs_of(scope, days).filter(state=Run.State.COMPLETED, ended_by__isnull=False)
    groups = done.order_by().values_list("ended_by__name", "procedure__service__name").annotate(count=Count("pk"))
    cells = list(groups.order_by("-count")[:MOST_CELLS])
    by_service: dict[str, int] = {}
    for _, service, count in cells:
        by_service[service] = by_service.get(service, 0) + count
    services = tuple(sorted(by_service, key=lambda name: (-by_service[name], name))[:MOST_SERVICES])
    people: dict[str, dict[str, int]] = {}
    for person, service, count in cells:
        people.setdefault(person, {})[service] = count
    rows = tuple(
        (name, tuple(people[name].get(service, 0) for service in services)) for name in sorted(people)[:MOST_PEOPLE]
    )
    return Matrix(services, rows, max((count for _, _, count in cells), default=0))


@dataclass(frozen=True, slots=True)
class Took:
    """How long the runs of a procedure took, in minutes, beside what its runbook states."""

    procedure: int
    title: str
    service: str
    emergency: bool
    runs: int
    stated: float | None
    half: float
    most: float

    @property
    def longer(self) -> bool:
        """Whether half of the runs take longer than stated."""
        return self.stated is not None and self.half > self.stated


def durations(scope: Scope, days: Period) -> list[Took]:
    """Each procedure's median and 90th percentile over the last 5,000 completed runs of the period. One query."""
    done = runs_of(scope, days).filter(state=Run.State.COMPLETED).order_by("-ended_at")
    columns = ("procedure", "procedure__title", "procedure__service__name", "procedure__category",
               "procedure__duration_seconds", "started_at", "ended_at")  # fmt: skip
    taken: dict[tuple[Any, ...], list[float]] = {}
    for *procedure, started, ended in done.values_list(*columns)[:MOST_RUNS]:
        taken.setdefault(tuple(procedure), []).append((ended - started).total_seconds() / 60)
    found = (_took(procedure, minutes) for procedure, minutes in taken.items())
    return sorted(found, key=lambda row: (row.service, row.title))


def _took(procedure: Sequence[Any], minutes: list[float]) -> Took:
    pk, title, service, category, stated = procedure
    half, most = percentiles(minutes)
    emergency = category == Category.EMERGENCY
    return Took(pk, title, service, emergency, len(minutes), stated / 60 if stated else None, half, most)


def percentiles(values: Iterable[float]) -> tuple[float, float]:
    """Median and 90th percentile (inclusive method); of a single value, that value twice."""
    known = sorted(values)
    if len(known) < 2:
        return known[0], known[0]
    cuts = quantiles(known, n=10, method="inclusive")
    return cuts[4], cuts[8]
