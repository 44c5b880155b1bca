"""The times of a day: a list, or steps of hours and minutes that run on through midnight."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time
from functools import lru_cache
from itertools import product

from opsportal.lib.recurrence.errors import RuleError
from opsportal.lib.recurrence.text import Recur

DAY = 24 * 60
HOUR = 60


@dataclass(frozen=True)
class ListedTimes:
    """The same times every day, in order."""

    listed: tuple[time, ...]

    def on(self, day: date) -> tuple[time, ...]:
        """The times of `day`, in order."""
        return self.listed


@dataclass(frozen=True)
class Steps:
    """Every `step` minutes, or every so many hours with `minutes` in each. Counted from midnight of year 1, a step is
    where the remainder by `step` is `phase`.
    """

    hourly: bool
    step: int
    phase: int
    hours: tuple[int, ...]
    minutes: tuple[int, ...]

    def on(self, day: date) -> tuple[time, ...]:
        """The times of `day`, in order."""
        return _stepped(self, (self.phase - day.toordinal() * DAY) % self.step)


Clock = ListedTimes | Steps


@lru_cache(maxsize=4096)
def clock_of(recur: Recur, times: tuple[time, ...]) -> Clock:
    """The times of the day: of the rule's text where it names hours or minutes, else `times`.

    `times` also starts the steps of an hourly or minutely rule. Raises RuleError when there is none, or when both name
    several times.
    """
    if not times:
        raise RuleError("The schedule needs a time of day.")
    if any(moment.second or moment.microsecond or moment.tzinfo for moment in times):
        raise RuleError("Schedules are kept to the minute, in the local time of their zone.")
    if recur.sub_daily:
        return _steps(recur, min(times))
    if (recur.by_hour or recur.by_minute) and len(times) > 1:
        raise RuleError("The rule names hours or minutes and the schedule names several times: keep one of them.")
    return ListedTimes(_listed(recur, times[0]) if recur.by_hour or recur.by_minute else tuple(sorted(set(times))))


def _listed(recur: Recur, default: time) -> tuple[time, ...]:
    pairs = product(recur.by_hour or (default.hour,), recur.by_minute or (default.minute,))
    return tuple(time(hour, minute) for hour, minute in pairs)


def _steps(recur: Recur, first: time) -> Steps:
    hourly = recur.freq == "HOURLY"
    minutes = recur.by_minute or ((first.minute,) if hourly else ())
    step = recur.interval * (HOUR if hourly else 1)
    return Steps(hourly, step, first.hour * HOUR + (0 if hourly else first.minute), recur.by_hour, minutes)


def started(clock: Clock, start: date) -> Clock:
    """The clock with its phase counted from the day the rule starts."""
    if isinstance(clock, ListedTimes):
        return clock
    return replace(clock, phase=(clock.phase + start.toordinal() * DAY) % clock.step)


@lru_cache(maxsize=4096)
def _stepped(steps: Steps, first: int) -> tuple[time, ...]:
    marks = [divmod(mark, HOUR) for mark in range(first, DAY, steps.step)]
    pairs = product((hour for hour, _ in marks), steps.minutes) if steps.hourly else marks
    wanted = (
        time(hour, minute)
        for hour, minute in pairs
        if (not steps.hours or hour in steps.hours) and (not steps.minutes or minute in steps.minutes)
    )
    return tuple(wanted)
