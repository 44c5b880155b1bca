"""Days with what is planned, was done and was missed on them: a month, a week, or an agenda."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import TruncDate

from procedures.models import Occurrence
from services.models import Freeze, Window

DAY = timedelta(days=1)
AGENDA_DAYS = 30
SHOWN = 8  # entries of a day in a month; the day's own page has the rest
MOST = 3000  # groups read for one page
States = Occurrence.State


class View(StrEnum):
    MONTH = "month"
    WEEK = "week"
    AGENDA = "agenda"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Span:
    """The local days `first` to `last` that a view shows, what it is called, and where its neighbours begin."""

    first: date
    last: date
    title: str
    before: date
    after: date
    month: int | None = None

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        start, end = (datetime.combine(day, time(), zone) for day in (self.first, self.last + DAY))
        return start, end


@dataclass(slots=True)
class Entry:
    """One line of a day: the occurrences of a schedule on it, or a window. `state` is the one most worth seeing."""

    at: datetime
    title: str
    service: str
    href: str
    state: str
    number: int = 1
    until: datetime | None = None
    is_window: bool = False
    notes: str = ""


@dataclass(slots=True)
class Day:
    """A day of the calendar; `more` counts entries left out, `freeze` says why nothing may be changed."""

    on: date
    entries: list[Entry] = field(default_factory=list)
    more: int = 0
    outside: bool = False
    freeze: str = ""


def span(view: View, on: date) -> Span:
    """The days that `view` shows around `on`."""
    if view == View.DAY:
        return Span(on, on, f"{on:%A} {on.day} {on:%B %Y}", on - DAY, on + DAY)
    if view == View.WEEK:
        first = on - DAY * on.weekday()
        title = f"Week {on.isocalendar().week}, from {first.day} {first:%B %Y}"
        return Span(first, first + 6 * DAY, title, first - 7 * DAY, first + 7 * DAY)
    if view == View.AGENDA:
        last = on + DAY * (AGENDA_DAYS - 1)
        return Span(on, last, f"{on.day} {on:%B} to {last.day} {last:%B %Y}", on - DAY * AGENDA_DAYS, last + DAY)
    begin, end = on.replace(day=1), on.replace(day=monthrange(on.year, on.month)[1])
    first, last = begin - DAY * begin.weekday(), end + DAY * (6 - end.weekday())
    return Span(first, last, f"{on:%B %Y}", (begin - DAY).replace(day=1), end + DAY, on.month)


def days_of(
    shown: Span, zone: ZoneInfo, *, teams: Iterable[int] | None, service: int | None, most: int = SHOWN
) -> list[Day]:
    """The days in order, each with its windows, then its work by time; three queries whatever the data.

    `teams` None means all of them.
    """
    start, end = shown.instants(zone)
    days = {shown.first + DAY * number: Day(shown.first + DAY * number) for number in range(_length(shown))}
    for day in days.values():
        day.outside = shown.month is not None and day.on.month != shown.month
    chosen = None if teams is None else list(teams)
    for window in _windows(start, end, chosen, service):
        _spread(window, days, zone)
    for freeze in _freezes(start, end, chosen):
        for on in _days_between(freeze.starts_at, freeze.ends_at, zone):
            if on in days:
                days[on].freeze = freeze.title
    for on, entry in _work(start, end, zone, chosen, service):
        days[on].entries.append(entry)
    for day in days.values():
        day.more = max(0, len(day.entries) - most)
        del day.entries[most:]
    return list(days.values())


def _length(shown: Span) -> int:
    return (shown.last - shown.first).days + 1


def _windows(start: datetime, end: datetime, teams: list[int] | None, service: int | None) -> QuerySet[Window]:
    windows = Window.objects.between(start, end).exclude(state__in=["rejected", "cancelled", "lapsed"])
    if service is not None:
        windows = windows.filter(services=service)
    elif teams is not None:
        windows = windows.filter(services__team__in=teams)
    return windows.prefetch_related("services").distinct().order_by("starts_at")[:MOST]


def _spread(window: Window, days: dict[date, Day], zone: ZoneInfo) -> None:
    """A window stands on each of its days."""
    names = ", ".join(service.name for service in window.services.all())
    for on in _days_between(window.starts_at, window.ends_at, zone):
        if on in days:
            days[on].entries.append(
                Entry(
                    at=window.starts_at,
                    title=window.title,
                    service=names,
                    href=window.get_absolute_url(),
                    state=window.state,
                    until=window.ends_at,
                    is_window=True,
                )
            )


def _days_between(start: datetime, end: datetime, zone: ZoneInfo) -> list[date]:
    first, last = start.astimezone(zone).date(), (end - timedelta(microseconds=1)).astimezone(zone).date()
    return [first + DAY * number for number in range(min((last - first).days + 1, 400))]


def _freezes(start: datetime, end: datetime, teams: list[int] | None) -> QuerySet[Freeze]:
    freezes = Freeze.objects.filter(starts_at__lt=end, ends_at__gt=start)
    return freezes if teams is None else freezes.filter(Q(team=None) | Q(team__in=teams))


def _work(
    start: datetime, end: datetime, zone: ZoneInfo, teams: list[int] | None, service: int | None
) -> Iterable[tuple[date, Entry]]:
    """The occurrences of a schedule on one day are one entry, counted by the database."""
    rows = Occurrence.objects.filter(at__gte=start, at__lt=end)
    if service is not None:
        rows = rows.filter(service=service)
    elif teams is not None:
        rows = rows.filter(service__team__in=teams)
    groups = (
        rows.annotate(on=TruncDate("at", tzinfo=zone))
        .values("on", "schedule", "schedule__title", "service__name")
        .annotate(number=Count("pk"), first=Min("at"), **{state: _count(state) for state in States.values})
        .order_by("on", "first", "schedule")[:MOST]
    )
    for found in groups:
        group: dict[str, Any] = dict(found)
        yield (
            group["on"],
            Entry(
                at=group["first"],
                title=group["schedule__title"],
                service=group["service__name"],
                href=f"/schedules/{group['schedule']}/?on={group['on'].isoformat()}",
                state=next(state for state in WORST if group[state]),
                number=group["number"],
            ),
        )


WORST = (
    States.MISSED,
    States.IN_PROGRESS,
    States.OPEN,
    States.DONE_LATE,
    States.PLANNED,
    States.DONE,
    States.EXCUSED,
    States.SKIPPED,
    States.CANCELLED,
)


def _count(state: str) -> Count:
    return Count("pk", filter=Q(state=state))
