"""Signs that a checklist was ticked rather than done: dwell times, ticks in a bunch, ticks after the due time.

They say nothing about a person, so they are counted by procedure and never by who ticked. Ticks that were made without
a connection arrive together and look bunched. Source: Pickering 2013 on time-outs that are ticked and not done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from operator import itemgetter
from statistics import median
from typing import Any

from django.db.models import QuerySet

from opsportal.lib.periods import Period
from opsportal.selectors.compliance_scope import Scope
from opsportal.selectors.compliance_work import percentiles, runs_of
from procedures.models import Run, RunStep, StepState

QUICK = timedelta(seconds=2)
FEWEST = 3  # ticks of a run from which on it can be bunched
MOST_TICKS = 20_000
MOST_BUNCHED = 20
Tick = tuple[int, datetime, str, bool]  # run, when, the step's text, whether after the run's due time


@dataclass(slots=True)
class Ticks:
    """What the ticks of a procedure's (or a service's) runs look like."""

    key: int | str
    title: str = ""
    service: str = ""
    runs: int = 0
    ticks: int = 0
    pairs: int = 0
    quick: int = 0
    after_due: int = 0
    bunched: list[tuple[int, datetime]] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)

    @property
    def quick_share(self) -> float:
        """Ticks within two seconds of the one before, of all that have one before, in per cent."""
        return 100 * self.quick / max(1, self.pairs)

    @property
    def late_share(self) -> float:
        return 100 * self.after_due / max(1, self.ticks)

    @property
    def dwell(self) -> float | None:
        """Seconds from one tick to the next, in the middle."""
        return median(self.gaps) if self.gaps else None

    def add(self, run: int, ticks: list[Tick]) -> None:
        """Count the ticks of one run, in order of time."""
        late = sum(tick[3] for tick in ticks)
        gaps = [(after[1] - before[1]) for before, after in pairwise(ticks)]
        quick = sum(gap <= QUICK for gap in gaps)
        self.runs += 1
        self.ticks += len(ticks)
        self.pairs += len(gaps)
        self.quick += quick
        self.after_due += late
        self.gaps += [gap.total_seconds() for gap in gaps]
        if is_bunched(ticks):
            self.bunched.append((run, ticks[-1][1]))


def is_bunched(ticks: list[Tick]) -> bool:
    """Whether more than half of a run's ticks came within 2 s of the one before or the one after, or after the due
    time; of fewer than three ticks nothing can be said."""
    if len(ticks) < FEWEST:
        return False
    times = [tick[1] for tick in ticks]
    close = [after - before <= QUICK for before, after in pairwise(times)]
    near = [before or after for before, after in zip([False, *close], [*close, False], strict=True)]
    return sum(tick[3] or quick for tick, quick in zip(ticks, near, strict=True)) * 2 > len(ticks)


def ticks_by(runs: QuerySet[Run], by: str) -> tuple[dict[int | str, Ticks], bool]:
    """Grouped by a column of the run such as "procedure"; and whether only the latest 20,000 were read. One query."""
    rows = _rows(runs, by, "procedure__title", "procedure__service__name")
    found: dict[int | str, Ticks] = {}
    for run, group in groupby(rows, key=itemgetter(0)):
        ticks = list(group)
        key, title, service = ticks[0][4:]
        one = found.setdefault(key, Ticks(key, title, service))
        one.add(run, [tick[:4] for tick in ticks])
    return found, sum(one.ticks for one in found.values()) >= MOST_TICKS


def bunched_services(scope: Scope, days: Period, slugs: Iterable[str]) -> set[int | str]:
    """Which of the services have more than a tenth of their runs bunched. One query."""
    runs = runs_of(scope, days).filter(procedure__service__slug__in=list(slugs))
    found, _ = ticks_by(runs, "procedure__service__slug")
    return {slug for slug, ticks in found.items() if len(ticks.bunched) * 10 > ticks.runs}


def _rows(runs: QuerySet[Run], *more: str) -> Iterator[tuple[Any, ...]]:
    """(run, when, text, after due, …more) of every tick, run by run in order of time."""
    ticked = RunStep.objects.filter(run__in=runs.order_by(), at__isnull=False, step__parent=None, pinned=False)
    ticked = ticked.exclude(state__in=[StepState.TODO, StepState.NOT_APPLICABLE]).order_by("-run", "at", "pk")
    columns = ("run", "at", "step__text", "run__due_at", *(f"run__{name}" for name in more))
    for run, at, text, due, *rest in ticked.values_list(*columns)[:MOST_TICKS]:
        yield run, at, text, due is not None and at > due, *rest


@dataclass(frozen=True, slots=True)
class Dwell:
    """How long people stay on a step before they tick it, in seconds."""

    text: str
    ticks: int
    half: float
    most: float
    quick: float


def dwell_of_steps(runs: QuerySet[Run]) -> list[Dwell]:
    """Of each step of a procedure, in the order of the latest run. One query."""
    gaps: dict[str, list[float]] = {}
    for _, group in groupby(_rows(runs), key=itemgetter(0)):
        ticks = list(group)
        for before, after in pairwise(ticks):
            gaps.setdefault(after[2], []).append((after[1] - before[1]).total_seconds())
    return [_dwell(text, seconds) for text, seconds in gaps.items()]


def _dwell(text: str, seconds: Iterable[float]) -> Dwell:
    known = list(seconds)
    quick = sum(one <= QUICK.total_seconds() for one in known)
    return Dwell(text, len(known), *percentiles(known), 100 * quick / len(known))
