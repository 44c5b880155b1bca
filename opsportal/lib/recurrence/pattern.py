"""The days of a rule, found from any day on without counting from the rule's start.

A pattern is a rule stripped of its start: what remains of the start is its phase, the remainder of the period's number
(year, month, week or day since year 1) by INTERVAL. So all "weekdays" of all schedules share one pattern, and its days
are computed a year at a time around the day that is asked for, and remembered.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, time
from functools import lru_cache
from itertools import groupby
from typing import Any, Literal

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, weekday

from opsportal.lib.recurrence.text import Recur

Frequency = Literal[0, 1, 2, 3]
By = tuple[tuple[str, tuple[Any, ...]], ...]

FREQUENCY: dict[str, Frequency] = {"YEARLY": YEARLY, "MONTHLY": MONTHLY, "WEEKLY": WEEKLY, "DAILY": DAILY}
LAST_DAY = date(2400, 12, 31)
FIRST_DAY = date(1900, 1, 1)

_MONTHS, _WEEK = tuple(range(1, 13)), tuple(range(7))


@dataclass(frozen=True, eq=False)
class Pattern:
    """Days by frequency, interval, phase and BY parts (as dateutil's arguments). `positions` is BYSETPOS; `clamped`
    holds the days of the month that fall on the last day in a month that is too short for them.
    """

    freq: Frequency
    interval: int
    phase: int
    week_start: int
    by: By
    positions: tuple[int, ...]
    clamped: tuple[int, ...]

    def days(self, first: date, last: date) -> Iterator[date]:
        """The days from `first` to `last`, both included, in order."""
        first, last = max(first, FIRST_DAY), min(last, LAST_DAY)
        for year in range(first.year, last.year + 1):
            found = _year(self, year)
            yield from found[bisect_left(found, first) : bisect_right(found, last)]

    def period(self, day: date) -> int:
        """The number of the year, month, week or day since year 1."""
        return _period(self.freq, self.week_start, day)

    def clamped_from(self, day: date) -> int:
        """The day of the month that `day` stands for because its month is too short, or 0."""
        if not self.clamped or day.day < 28:
            return 0
        wanted = [number for number in self.clamped if number > day.day]
        own = dict(self.by).get("bymonthday", ())
        length = monthrange(day.year, day.month)[1]
        return wanted[-1] if wanted and day.day == length and day.day not in own and -1 not in own else 0


@lru_cache(maxsize=4096)
def pattern_of(recur: Recur, start: date, clamp: bool) -> Pattern:
    """The pattern of a rule that starts on `start`, which gives the days the text leaves out (RFC 5545, 3.3.10)."""
    freq = _day_frequency(recur)
    interval = 1 if recur.sub_daily else recur.interval
    phase = _period(freq, recur.week_start, start) % interval
    by = _by_parts(recur, freq, start)
    days = dict(by).get("bymonthday", ())
    alone = not (recur.by_day or recur.by_set_pos or recur.by_year_day or recur.by_week_no)
    clamped = tuple(sorted(day for day in days if day > 28)) if clamp and alone else ()
    week_start = recur.week_start if freq == WEEKLY or recur.by_week_no else 0
    return _interned(freq, interval, phase, week_start, by, recur.by_set_pos, clamped)


_interned = lru_cache(maxsize=4096)(Pattern)


def _day_frequency(recur: Recur) -> Frequency:
    """Hours and minutes run on days of their own: BYDAY=2FR then means the second Friday of the month."""
    if not recur.sub_daily:
        return FREQUENCY[recur.freq]
    return MONTHLY if any(nth for nth, _ in recur.by_day) else DAILY


def _by_parts(recur: Recur, freq: Frequency, start: date) -> By:
    month, month_day = recur.by_month, recur.by_month_day
    days = tuple(weekday(day, nth or None) for nth, day in recur.by_day)
    if not (days or month_day or recur.by_year_day or recur.by_week_no):
        if freq == WEEKLY:
            days = (weekday(start.weekday()),)
        elif freq in {YEARLY, MONTHLY}:
            month_day = (start.day,)
            month = month or ((start.month,) if freq == YEARLY else ())
    parts = {
        "bymonth": month,
        "bymonthday": month_day,
        "byweekday": days,
        "byyearday": recur.by_year_day,
        "byweekno": recur.by_week_no,
    }
    return tuple((name, values) for name, values in parts.items() if values)


def _period(freq: Frequency, week_start: int, day: date) -> int:
    if freq == YEARLY:
        return day.year
    if freq == MONTHLY:
        return day.year * 12 + day.month - 1
    return (day.toordinal() - 1 - week_start) // 7 if freq == WEEKLY else day.toordinal()


@lru_cache(maxsize=1024)
def _year(pattern: Pattern, year: int) -> tuple[date, ...]:
    """The pattern's days in a year."""
    days = _matching(pattern, year)
    if pattern.positions:
        if pattern.freq == WEEKLY:  # weeks reach over New Year
            days = [*_matching(pattern, year - 1)[-7:], *days, *_matching(pattern, year + 1)[:7]]
        days = [day for day in _positioned(pattern, days) if day.year == year]
    return tuple(days)


def _matching(pattern: Pattern, year: int) -> list[date]:
    """The days of a year that fit the BY parts and the phase.

    dateutil looks at UNTIL only where it finds a day, and runs on to year 9999 where it finds none: an interval that
    leaves the calendar ends it after the one year.
    """
    by: dict[str, Any] = dict(pattern.by)
    if pattern.freq == MONTHLY:
        by.setdefault("bymonth", _MONTHS)  # the second Tuesday of each month, not of the year
    if not by.keys() & {"bymonthday", "byweekday", "byyearday", "byweekno"}:
        by["byweekday"] = _WEEK
    if pattern.clamped:
        by["bymonthday"] = (*by["bymonthday"], -1)
    start = datetime.combine(date(year, 1, 1), time())
    found = (moment.date() for moment in rrule(YEARLY, start, interval=MAXYEAR, wkst=pattern.week_start, **by))
    in_phase = [day for day in found if pattern.interval == 1 or _in_phase(pattern, day)]
    return [day for day in in_phase if _is_wanted(pattern, day)] if pattern.clamped else in_phase


def _in_phase(pattern: Pattern, day: date) -> bool:
    return (pattern.period(day) - pattern.phase) % pattern.interval == 0


def _positioned(pattern: Pattern, days: list[date]) -> Iterator[date]:
    """BYSETPOS: the days at these positions of each period."""
    for _, group in groupby(days, key=pattern.period):
        those = list(group)
        places = {position - 1 if position > 0 else len(those) + position for position in pattern.positions}
        yield from (those[place] for place in sorted(places) if 0 <= place < len(those))


def _is_wanted(pattern: Pattern, day: date) -> bool:
    wanted = dict(pattern.by)["bymonthday"]
    length = monthrange(day.year, day.month)[1]
    exact = day.day in wanted or day.day - length - 1 in wanted
    return exact or (day.day == length and pattern.clamped[-1] > length)
