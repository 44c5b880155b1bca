"""From local wall time to an instant, and back: what to do when the clock skips or repeats the time.

A wall time in a gap does not exist (02:30 on the night the clock goes from 02:00 to 03:00), one in an overlap exists
twice. See RFC 5545, 3.3.5, and PEP 495 for `fold`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from opsportal.lib.recurrence.errors import RuleError

_AROUND = timedelta(hours=26)  # no clock was ever changed by more than a day


class Gap(StrEnum):
    """A time that does not exist: later by the length of the gap (`rfc`), at the end of it (`cron`), or not at all."""

    RFC = "rfc"
    CRON = "cron"
    SKIP = "skip"


def never_skipping(gap: Gap) -> Gap:
    """The policy for a time that somebody chose by hand, which must not be left out."""
    return Gap.RFC if gap == Gap.SKIP else gap


class Overlap(StrEnum):
    """A time that exists twice: which of the two."""

    FIRST = "first"
    SECOND = "second"


def zone_of(name: str) -> ZoneInfo:
    """The time zone of the tz database. Raises RuleError when it has none of that name."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # a folder such as "Europe", a path, no such name
        message = f"There is no time zone “{name[:60]}”; write it as in Europe/Berlin or America/New_York."
        raise RuleError(message) from None


def wall_time(instant: datetime, zone: ZoneInfo) -> datetime:
    """The naive wall time of an instant, with `fold` 1 in the second pass of a repeated hour."""
    return instant.astimezone(zone).replace(tzinfo=None)


def resolve(wall: datetime, zone: ZoneInfo, gap: Gap = Gap.RFC, overlap: Overlap = Overlap.FIRST) -> datetime | None:
    """The instant (UTC) of a naive wall time, None for a skipped gap."""
    before, after = _offsets(wall, zone)
    if before == after:
        return (wall - before).replace(tzinfo=UTC)
    if before > after:
        return (wall - (before if overlap == Overlap.FIRST else after)).replace(tzinfo=UTC, fold=0)
    if gap == Gap.SKIP:
        return None
    later = (wall - before).replace(tzinfo=UTC)
    return later if gap == Gap.RFC else _change(later - (after - before), later, zone)


def changes_at(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether the clock skips or repeats a wall time."""
    before, after = _offsets(wall, zone)
    return before != after


def passes(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """The instants at which the clock shows `wall`: none in a gap, two in an overlap."""
    before, after = _offsets(wall, zone)
    if before < after:
        return []
    return [(wall - offset).replace(tzinfo=UTC, fold=0) for offset in dict.fromkeys((before, after))]


def steady(instant: datetime, zone: ZoneInfo) -> bool:
    """Whether no clock change is within a day of `instant`: wall times there map to instants one to one."""
    before, after = (instant - _AROUND).astimezone(zone), (instant + _AROUND).astimezone(zone)
    return before.utcoffset() == after.utcoffset()


def wall_span(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Naive wall times between which lies every wall time that resolves into [start, end)."""
    low, high = wall_time(start, zone), wall_time(end, zone)
    if not steady(start, zone):
        low -= _AROUND
    if not steady(end, zone):
        high += _AROUND
    return low.replace(fold=0), high.replace(fold=0)


def _offsets(wall: datetime, zone: ZoneInfo) -> tuple[timedelta, timedelta]:
    """The offsets from UTC before and after the change around `wall`, the same twice where there is none."""
    before, after = zone.utcoffset(wall), zone.utcoffset(wall.replace(fold=1))
    return before or timedelta(), after or timedelta()


def _change(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The instant of the clock change in (low, high], to the second."""
    old = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == old else (low, middle)
    return high
