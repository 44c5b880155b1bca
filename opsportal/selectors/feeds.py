"""What a calendar feed says: series as RRULE, moved slots as RECURRENCE-ID, people's own work slot by slot."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from opsportal.lib.late import Late
from opsportal.lib.recurrence import RuleError
from opsportal.lib.recurrence.ical import PRODUCT, Card, events
from procedures.models import CalendarFeed, Occurrence, Schedule
from services.models import Window

if TYPE_CHECKING:
    import icalendar
else:
    icalendar = Late("icalendar")

log = logging.getLogger(__name__)

BACK, AHEAD = timedelta(days=30), timedelta(days=180)
MOST = 2000
STATES = {
    Occurrence.State.DONE: "Done.",
    Occurrence.State.DONE_LATE: "Done late.",
    Occurrence.State.MISSED: "Missed.",
    Occurrence.State.IN_PROGRESS: "In progress.",
    Occurrence.State.EXCUSED: "Excused.",
}
GONE = (Occurrence.State.CANCELLED, Occurrence.State.SKIPPED)


def calendar_of(feed: CalendarFeed, host: str, now: datetime) -> bytes:
    """The feed as iCalendar (RFC 5545) from thirty days ago to half a year ahead; `host` makes its UIDs unique."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{feed.name} (opsportal)")
    calendar.add("refresh-interval;value=duration", "PT1H")
    for event in _events(feed, host, now):
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _events(feed: CalendarFeed, host: str, now: datetime) -> Iterator[icalendar.Event]:
    start, end = now - BACK, now + AHEAD
    if feed.kind == CalendarFeed.Kind.PERSON:
        yield from _own(feed, host, start, end)
        return
    schedules = Schedule.objects.active().select_related("holidays", "service", "procedure", "task")
    schedules = schedules.prefetch_related("pauses", "changes", "holidays__dates")
    windows = Window.objects.between(start, end).exclude(state__in=["rejected", "lapsed"])
    if feed.kind == CalendarFeed.Kind.TEAM:
        schedules, windows = schedules.filter(service__team=feed.team), windows.filter(services__team=feed.team)
    else:
        schedules, windows = schedules.filter(service=feed.service), windows.filter(services=feed.service)
    yield from _series(schedules.order_by("pk")[:MOST], host, start, end)
    yield from _windows(windows.distinct().prefetch_related("services").order_by("starts_at")[:MOST], host)


def _series(schedules: Iterable[Schedule], host: str, start: datetime, end: datetime) -> Iterator[icalendar.Event]:
    floating = []
    for schedule in schedules:
        if schedule.floats:
            floating.append(schedule.pk)
            continue
        summary = f"{schedule.title} – {schedule.service}"
        card = Card(f"schedule-{schedule.pk}@{host}", summary, start, f"https://{host}/schedules/{schedule.pk}/")
        try:
            yield from events(schedule.rule(), card, start, end)
        except (RuleError, ValueError):  # one rule that cannot be kept must not take the calendar away
            log.exception("schedule %s has no place in a calendar", schedule.pk)
    rows = Occurrence.objects.filter(schedule__in=floating, at__gte=start, at__lt=end)
    yield from _slots(rows, host)


def _own(feed: CalendarFeed, host: str, start: datetime, end: datetime) -> Iterator[icalendar.Event]:
    """What is assigned to the person, and what anybody of their teams may do."""
    mine = Q(assignee=feed.person) | Q(assignee=None, service__team__in=list(feed.person.roles))
    yield from _slots(Occurrence.objects.filter(mine, at__gte=start, at__lt=end), host)


def _slots(rows: QuerySet[Occurrence], host: str) -> Iterator[icalendar.Event]:
    """Each occurrence an event of its own, by the name of its slot: moved, it stays the same event."""
    for row in rows.exclude(state__in=GONE).select_related("schedule", "service").order_by("at")[:MOST]:
        event = icalendar.Event()
        event.add("uid", f"schedule-{row.schedule_id}-{row.slot}-{row.seat}@{host}")
        event.add("summary", f"{row.schedule.title} – {row.service}")
        event.add("dtstamp", row.ended_at or row.at)
        event.add("dtstart", row.at)
        event.add("dtend", row.due_at)
        said = [STATES.get(Occurrence.State(row.state), ""), *row.notes]
        event.add("description", "\n".join(word for word in said if word))
        yield event


def _windows(windows: Iterable[Window], host: str) -> Iterator[icalendar.Event]:
    for window in windows:
        event = icalendar.Event()
        event.add("uid", f"window-{window.pk}@{host}")
        names = ", ".join(service.name for service in window.services.all())
        event.add("summary", f"Maintenance: {window.title} ({names})")
        event.add("dtstamp", window.decided_at or window.requested_at)
        event.add("dtstart", window.starts_at)
        event.add("dtend", window.ends_at)
        waits = {"cancelled": "CANCELLED", "requested": "TENTATIVE"}
        event.add("status", waits.get(window.state, "CONFIRMED"))
        event.add("description", "\n".join(word for word in (window.reason, window.rollback) if word))
        yield event
