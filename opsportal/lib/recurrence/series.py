"""The planned wall times of a rule: days of the pattern × times of the clock, from its start to its end."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from opsportal.lib.recurrence.clock import HOUR, Clock, ListedTimes, clock_of, started
from opsportal.lib.recurrence.errors import RuleError
from opsportal.lib.recurrence.pattern import LAST_DAY, Pattern, pattern_of
from opsportal.lib.recurrence.text import Recur, parse

HORIZON = timedelta(days=60 * 366)  # no rule rests longer than 29 February on a Monday does (40 years around 2100)


@dataclass(frozen=True, eq=False)
class Series:
    """Local wall times without a zone (RFC 5545 calls them floating), `first` ≤ time ≤ `last`."""

    recur: Recur
    pattern: Pattern
    clock: Clock
    first: datetime
    last: datetime

    @property
    def once_a_day(self) -> bool:
        """Whether a date is enough to name one of them."""
        return isinstance(self.clock, ListedTimes) and len(self.clock.listed) == 1

    @property
    def follows_the_clock(self) -> bool:
        """Whether the rule runs whenever the clock on the wall shows its times: steps of an hour or less do, so that
        they run on through the hour that a clock change repeats, and have nothing to do in the one it skips.
        """
        return not isinstance(self.clock, ListedTimes) and self.clock.step <= HOUR

    def between(self, low: datetime, high: datetime) -> Iterator[datetime]:
        """Wall times from `low` to `high`, both included, in order."""
        low, high = max(low, self.first), min(high, self.last)
        if low > high:
            return
        first, last = low.date(), high.date()
        for day in self.pattern.days(first, last):
            moments = self.clock.on(day)
            if day == last:
                moments = moments[: bisect_right(moments, high.time())]
            if day == first:
                moments = moments[bisect_left(moments, low.time()) :]
            for moment in moments:
                yield datetime.combine(day, moment)

    def since(self, low: datetime) -> Iterator[datetime]:
        """Wall times from `low` on, up to the horizon of 60 years."""
        return self.between(low, min(max(low, self.first), datetime.combine(LAST_DAY, time())) + HORIZON)


@lru_cache(maxsize=16_384)
def series_of(text: str, times: tuple[time, ...], start: date, clamp: bool, zone: str) -> Series:
    """The series of a rule's text. `zone` is where an UNTIL in UTC is read. Raises RuleError.

    COUNT needs the start: it is counted out once, and from then on is a last wall time.
    """
    recur = parse(text)
    pattern, clock = pattern_of(recur, start, clamp), started(clock_of(recur, times), start)
    endless = datetime.combine(LAST_DAY, time.max)
    open_end = Series(recur, pattern, clock, datetime.combine(start, _start_time(clock, times)), endless)
    return Series(recur, pattern, clock, open_end.first, _last(open_end, zone))


def _start_time(clock: Clock, times: tuple[time, ...]) -> time:
    return time() if isinstance(clock, ListedTimes) else min(times)


def _last(series: Series, zone: str) -> datetime:
    if series.recur.until:
        until = series.recur.until
        return until.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if until.tzinfo else until
    if series.recur.count:
        return _counted(series)
    return series.last


def _counted(series: Series) -> datetime:
    walls = list(islice(series.since(series.first), series.recur.count))
    if walls and len(walls) < series.recur.count:
        raise RuleError(f"The rule does not happen {series.recur.count} times within 60 years.")
    return walls[-1] if walls else series.last
