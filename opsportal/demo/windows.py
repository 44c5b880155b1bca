"""Maintenance windows of the demo: one approved, one that waits for its manager, and a change freeze."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from contacts.models import Person
from opsportal.lib.recurrence.zones import resolve
from services import actions
from services.actions.windows import Work
from services.models import Service

OPERATOR, MANAGER = "anna", "priya"
SUNDAY, WEDNESDAY = 6, 2


def ask_for_windows(people: Mapping[str, Person], zone: ZoneInfo, now: datetime) -> None:
    """In the nights of the coming Sunday and Wednesday; the freeze is in three weeks."""
    services = {service.slug: service for service in Service.objects.all()}
    database = Work(
        title="PostgreSQL minor update",
        services=[services["payments-db"], services["payment-api"]],
        reason="Security release. Payments are refused for about four minutes during the switch-over.",
        rollback="Switch back to the former primary, which stays as it is until Monday.",
        notify_before=(86_400, 3_600),
    )
    start = _night(SUNDAY, time(2), zone, now)
    window = actions.request_window(
        work=database, starts_at=start, ends_at=start + timedelta(hours=2), person=people[OPERATOR], now=now
    )
    actions.approve_window(window=window, person=people[MANAGER], now=now, words="Tell support on Saturday.")
    rotation = Work(
        title="New certificates of the card network",
        services=[services["payment-api"]],
        reason="The network's old root ends at the end of the month.",
        notify_before=(86_400,),
    )
    start = _night(WEDNESDAY, time(5, 30), zone, now)
    actions.request_window(
        work=rotation, starts_at=start, ends_at=start + timedelta(minutes=45), person=people[OPERATOR], now=now
    )
    first = start + timedelta(days=21)
    actions.add_freeze(
        title="Sale of the year",
        team=services["payment-api"].team,
        starts_at=first,
        ends_at=first + timedelta(days=4),
        person=people[MANAGER],
        now=now,
    )


def _night(weekday: int, at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The next such weekday, at least a day away, at that local time."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    day = tomorrow + timedelta(days=(weekday - tomorrow.weekday()) % 7)
    wall = datetime.combine(day, at)
    return resolve(wall, zone) or wall.replace(tzinfo=zone)
