"""A schedule as a value: what is planned, where, and what happens to dates that do not fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from opsportal.lib.recurrence.business import BusinessCalendar, NonBusiness
from opsportal.lib.recurrence.clock import ListedTimes
from opsportal.lib.recurrence.series import Series, series_of
from opsportal.lib.recurrence.zones import Gap, Overlap

WEEKENDS = BusinessCalendar()
AGAIN = "~2"  # ends the key of what runs again in a repeated hour


class MonthEnd(StrEnum):
    """The 31st in a shorter month: its last day, or not at all (as RFC 5545 has it)."""

    CLAMP = "clamp"
    SKIP = "skip"


@dataclass(frozen=True)
class Change:
    """One slot, named by its key, moved `to` another local time, or with None left out; `reason` is for people."""

    key: str
    to: datetime | None
    reason: str = ""


@dataclass(frozen=True)
class Pause:
    """Local days, both included, on which slots are cancelled."""

    first: date
    last: date
    reason: str = ""


@dataclass(frozen=True)
class Rule:
    """A fixed schedule.

    `rrule` is RFC 5545 text ("" for once), without DTSTART: that is `start` (a local date, which counts as an
    occurrence only if the rule matches it) and `times` (naive local times of each day; the first starts the steps of
    an hourly or minutely rule). `zone` is a name of the tz database. A window has an end: `ends`, a local time on the
    same day or the next, or `duration`, real elapsed time. Nothing is checked until it is used: see `validate`.
    """

    rrule: str
    times: tuple[time, ...]
    zone: str
    start: date
    gap: Gap = Gap.RFC
    overlap: Overlap = Overlap.FIRST
    month_end: MonthEnd = MonthEnd.CLAMP
    non_business: NonBusiness = NonBusiness.KEEP
    calendar: BusinessCalendar = WEEKENDS
    ends: time | None = None
    duration: timedelta | None = None
    changes: tuple[Change, ...] = ()
    pauses: tuple[Pause, ...] = ()

    @cached_property
    def series(self) -> Series:
        """The planned wall times, before any shift. Raises RuleError for a text that is no rule."""
        return series_of(self.rrule, self.times, self.start, self.month_end == MonthEnd.CLAMP, self.zone)

    @cached_property
    def changed(self) -> Mapping[str, Change]:
        """The changes by key."""
        return MappingProxyType({change.key: change for change in self.changes})

    def key(self, wall: datetime) -> str:
        """The name of the slot planned for a wall time: its date, with the time where there are several a day."""
        return wall.date().isoformat() if self.series.once_a_day else wall.isoformat(timespec="minutes")

    def planned(self, key: str) -> datetime | None:
        """The planned wall time that a key names, None when the rule has none there (any more)."""
        try:
            wall = datetime.fromisoformat(key.removesuffix(AGAIN))
        except ValueError:
            return None
        clock = self.series.clock
        if isinstance(clock, ListedTimes) and self.series.once_a_day:
            wall = datetime.combine(wall, clock.listed[0])
        found = key.removesuffix(AGAIN) == self.key(wall) and any(True for _ in self.series.between(wall, wall))
        return wall if found else None

    def pause_on(self, day: date) -> str:
        """Why slots of `day` are cancelled, or ""."""
        reasons = (pause.reason or "paused" for pause in self.pauses if pause.first <= day <= pause.last)
        return next(reasons, "")
