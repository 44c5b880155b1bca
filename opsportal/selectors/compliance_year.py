"""The last 53 weeks day by day: of a team, of a service, and of each of its schedules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from opsportal.lib.heat import WEEKS, Heat, heat
from opsportal.lib.periods import Period, month_of
from opsportal.lib.recurrence import BusinessCalendar, RuleError
from opsportal.selectors.compliance import grouped
from opsportal.selectors.compliance_scope import Scope
from opsportal.selectors.compliance_tally import Tally
from procedures.models import Schedule
from services.models import HolidayCalendar

MOST_PARTS = 20


@dataclass(slots=True)
class Days:
    """What became of the work of each day, under a title; `schedule` is the id where it is that of one schedule."""

    title: str
    last: date
    schedule: int | None = None
    days: dict[date, Tally] = field(default_factory=dict)
    off: dict[date, str] = field(default_factory=dict)

    def add(self, day: date, state: str, reason: str, past_due: bool, count: int) -> None:
        self.days.setdefault(day, Tally()).add(state, reason, past_due, count)

    @property
    def heat(self) -> Heat:
        holidays = dict.fromkeys(self.off, "off")
        return heat(holidays | {day: worst(tally) for day, tally in self.days.items()}, self.last)

    @property
    def total(self) -> Tally:
        return _sum(self.days.values())

    @property
    def months(self) -> list[tuple[Period, Tally]]:
        """The calendar months with something in them, the latest first."""
        found: dict[date, Tally] = {}
        for day in sorted(self.days, reverse=True):
            tally = found.setdefault(day.replace(day=1), Tally())
            tally += self.days[day]
        return [(month_of(first), tally) for first, tally in found.items()]

    @property
    def words(self) -> str:
        """The picture in words."""
        states = [worst(tally) for tally in self.days.values()]
        counts = {name: states.count(name) for name in ("ok", "late", "missed", "excused")}
        return "{ok} days on time, {late} late, {missed} missed, {excused} excused".format(**counts)


def worst(tally: Tally) -> str:
    """The worst that happened on a day, as a state of the picture."""
    kinds = (("missed", tally.missed), ("late", tally.late), ("excused", tally.excused), ("ok", tally.on_time))
    return next((name for name, count in kinds if count), "open" if tally.open else "none")


def _sum(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        total += tally
    return total


def year_of(scope: Scope, now: datetime, today: date) -> tuple[Days, list[Days]]:
    """The whole, and for one service each of its schedules (at most twenty) by title. Three queries at most."""
    first = today - timedelta(days=today.weekday() + 7 * (WEEKS - 1))
    rows = scope.occurrences(Period(first, today))
    whole = Days(scope.name, today)
    if not scope.service:
        for day, *group in grouped(rows, now, "day"):
            whole.add(date.fromisoformat(day), *group)
        return whole, []
    off = _holidays(scope, first, today)
    parts: dict[int, Days] = {}
    for name, pk, title, day, *group in grouped(rows, now, "service__name", "schedule", "schedule__title", "day"):
        whole.title = name
        part = parts.setdefault(pk, Days(title, today, pk, off=off))
        for one in (whole, part):
            one.add(date.fromisoformat(day), *group)
    whole.off = off
    return whole, sorted(parts.values(), key=lambda part: part.title)[:MOST_PARTS]


def _holidays(scope: Scope, first: date, last: date) -> dict[date, str]:
    """Public holidays (not weekends) of the calendar that the service's schedules follow, if they follow one."""
    schedules = Schedule.objects.filter(scope.of(), holidays__isnull=False)
    calendar = HolidayCalendar.objects.filter(pk__in=schedules.values("holidays")).prefetch_related("dates").first()
    if calendar is None:
        return {}
    off = calendar.days_off()
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {day: name for day in days if (name := _name(off, day)) not in ("", "weekend")}


def _name(calendar: BusinessCalendar, day: date) -> str:
    try:
        return calendar.reason_off(day)
    except RuleError:
        return ""
