"""Short ways to write rules and read slots in the tests of the recurrence engine."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from opsportal.lib.recurrence import Rule, Slot, between

BERLIN = "Europe/Berlin"


def rule(text: str, at: str = "09:00", start: str = "2026-01-01", zone: str = BERLIN, **more: Any) -> Rule:
    """A rule; `at` are its times, apart by spaces."""
    times = tuple(time.fromisoformat(item) for item in at.split())
    return Rule(text, times, zone, date.fromisoformat(start), **more)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def on_day(kept: Rule, day: str) -> list[Slot]:
    """The slots of one local day of the rule's zone."""
    zone = ZoneInfo(kept.zone)
    first = date.fromisoformat(day)
    midnights = [datetime.combine(first + timedelta(days=later), time(), tzinfo=zone) for later in (0, 1)]
    return between(kept, midnights[0], midnights[1])


def dates(kept: Rule, start: str, number: int) -> list[str]:
    """The local dates of the first `number` slots from a date on, of six years at most."""
    begin = utc(start) - timedelta(hours=14)
    found = between(kept, begin, begin + timedelta(days=366 * 6))
    return [day for slot in found if (day := slot.local.date().isoformat()) >= start][:number]


def instants(slots: list[Slot]) -> list[str]:
    """Instants as 2026-03-29T01:30Z."""
    return [f"{slot.at_utc:%Y-%m-%dT%H:%MZ}" for slot in slots]
