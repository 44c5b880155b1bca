"""Days off from subscribed calendars: fetched outside any transaction, kept when the other side is away."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from opsportal.lib import http
from opsportal.lib.late import Late
from services.models import HolidayCalendar, HolidayDate

if TYPE_CHECKING:
    import icalendar
else:
    icalendar = Late("icalendar")

log = logging.getLogger(__name__)

BACK, AHEAD = timedelta(days=366), timedelta(days=3 * 366)
MOST = 5_000  # days of one calendar
LONGEST = 31  # days of one entry; a longer one is no holiday
OK = 200


class Unreadable(Exception):
    """The answer is no calendar with days in it."""


def fetch_calendars(*, clock: Callable[[], datetime]) -> int:
    """Read every subscribed calendar again; returns how many could be. One that cannot keeps its days and says why."""
    read = 0
    for calendar in HolidayCalendar.objects.exclude(url="").order_by("pk"):
        try:
            days = days_in(_fetched(calendar.url), clock().date())
        except (http.NotAllowed, http.NotReached, http.NoAnswer, Unreadable) as error:
            HolidayCalendar.objects.filter(pk=calendar.pk).update(fetch_error=str(error)[:250])
            log.warning("The calendar %s could not be read: %s", calendar.pk, error)
        else:
            _keep(calendar, days, clock())
            read += 1
    return read


def _fetched(url: str) -> bytes:
    answer = http.request("GET", url, reach=settings.OUTGOING)
    if answer.status != OK:
        raise Unreadable(f"The other side answered {answer.status}.")
    return answer.body


def days_in(source: bytes, today: date) -> dict[date, str]:
    """Each day of the calendar's all-day entries with its name, from a year ago to three years ahead.

    Raises Unreadable for bytes that are no calendar, and for one without a day in that time.
    """
    try:
        events = icalendar.Calendar.from_ical(source).walk("VEVENT")
        found = {day: name for event in events for day, name in _days(event)}
    except (ValueError, KeyError, AttributeError, IndexError) as error:
        raise Unreadable("That is no iCalendar file.") from error
    near = {day: name for day, name in sorted(found.items()) if today - BACK <= day <= today + AHEAD}
    if not near:
        raise Unreadable("It has no day off in the years around today.")
    return dict(list(near.items())[:MOST])


def _days(event: Any) -> list[tuple[date, str]]:
    """The days of an entry that lasts whole days; DTEND is the day after the last (RFC 5545, 3.6.1)."""
    first = event["DTSTART"].dt
    if isinstance(first, datetime):
        return []
    after = event["DTEND"].dt if "DTEND" in event else first + timedelta(days=1)
    length = min(max(1, (after - first).days), LONGEST)
    name = str(event.get("SUMMARY", "")).strip()[:100] or "day off"
    return [(first + timedelta(days=number), name) for number in range(length)]


def _keep(calendar: HolidayCalendar, days: dict[date, str], now: datetime) -> None:
    """The days read take the place of those read before; what was entered by hand stays."""
    with transaction.atomic():
        calendar.dates.filter(subscribed=True).delete()
        HolidayDate.objects.bulk_create(
            [HolidayDate(calendar=calendar, on=on, name=name, subscribed=True) for on, name in days.items()],
            ignore_conflicts=True,
        )
        HolidayCalendar.objects.filter(pk=calendar.pk).update(fetched_at=now, fetch_error="")
