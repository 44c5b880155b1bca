"""The 10 % rule for work that comes at intervals of ten days or more: done within ±10 % of the interval, or not.

Source: the maintenance metric "PM compliance with the 10 % rule" (a 90-day task within 9 days, a 30-day task within 3).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, Value

from opsportal.lib.periods import Period
from opsportal.lib.recurrence.cycle import cycle_of_completion, cycle_of_rule
from opsportal.selectors.compliance_scope import Scope
from opsportal.selectors.compliance_tally import kinds
from procedures.models import Occurrence, Schedule

LONG = timedelta(days=10)
Kind = tuple[str, str, int | None, str]  # anchor, rule, every, unit


@dataclass(frozen=True, slots=True)
class TenPercent:
    """`within` of `due` occurrences of long intervals were done close enough to their due time."""

    due: int
    within: int

    @property
    def share(self) -> float | None:
        return 100 * self.within / self.due if self.due else None


def ten_percent(scope: Scope, days: Period, now: datetime) -> TenPercent:
    """Two queries: which rules have long intervals, and their occurrences."""
    long, within = long_and_within(long_kinds())
    rows = scope.occurrences(days).filter(kinds(now)["due"][1])
    found = rows.filter(long).aggregate(due=Count("*"), within=Count(Value(1), filter=within))
    return TenPercent(found["due"], found["within"])


def long_kinds() -> list[tuple[Kind, timedelta]]:
    """Each kind of rule with an interval of at least ten days. Rules repeat: there are few, whatever the schedules."""
    kind: Iterable[Kind] = Schedule.objects.order_by().values_list("anchor", "rrule", "every", "unit").distinct()
    cycles = ((one, _cycle(one)) for one in kind)
    return [(one, cycle) for one, cycle in cycles if cycle is not None and cycle >= LONG]


def _cycle(kind: Kind) -> timedelta | None:
    anchor, rrule, every, unit = kind
    if anchor == Schedule.Anchor.COMPLETION and every:
        return cycle_of_completion(every, unit)
    return cycle_of_rule(rrule)


def long_and_within(long: Iterable[tuple[Kind, timedelta]]) -> tuple[Q, Q]:
    """Conditions on occurrences: of these schedules; and done within a tenth of the interval around the due time."""
    by_cycle: dict[timedelta, Q] = {}
    for kind, cycle in long:
        by_cycle[cycle] = by_cycle.get(cycle, Q(pk__in=[])) | _of_kind(kind)
    every, close = Q(pk__in=[]), Q(pk__in=[])
    for cycle, schedules in by_cycle.items():
        every |= schedules
        slack = cycle / 10
        close |= schedules & Q(ended_at__gte=F("due_at") - slack, ended_at__lte=F("due_at") + slack)
    done = Q(state__in=[Occurrence.State.DONE, Occurrence.State.DONE_LATE])
    return every, done & close


def _of_kind(kind: Kind) -> Q:
    anchor, rrule, every, unit = kind
    if anchor == Schedule.Anchor.COMPLETION:
        return Q(schedule__anchor=anchor, schedule__every=every, schedule__unit=unit)
    return Q(schedule__anchor=anchor, schedule__rrule=rrule)
