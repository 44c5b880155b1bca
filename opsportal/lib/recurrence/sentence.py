"""A rule in plain English: what a person reads before saving it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from types import MappingProxyType

from opsportal.lib.recurrence.business import NonBusiness
from opsportal.lib.recurrence.clock import HOUR, ListedTimes, Steps
from opsportal.lib.recurrence.days import days_words
from opsportal.lib.recurrence.floating import Floating
from opsportal.lib.recurrence.rule import MonthEnd, Rule
from opsportal.lib.recurrence.text import parse
from opsportal.lib.recurrence.words import clock_words, full_day, joined
from opsportal.lib.recurrence.zones import Gap, Overlap

_OFF = MappingProxyType(
    {
        NonBusiness.NEXT: "moved to the next business day from a day off",
        NonBusiness.PREVIOUS: "moved to the business day before from a day off",
        NonBusiness.SKIP: "not on days off",
    }
)
_GAPS = MappingProxyType(
    {
        Gap.CRON: "at the end of the gap when a clock change skips it",
        Gap.SKIP: "left out when a clock change skips it",
    }
)
_SECOND = "the second time when a clock change repeats it"
_NIGHT = time(5)  # clocks are changed at night: later times need no word about it
_FEW_TIMES = 6


def sentence(rule: Rule) -> str:
    """The rule as one sentence, such as "Every weekday at 09:00 (Europe/Berlin time), from 5 January 2026."

    Raises RuleError for a text that is no rule.
    """
    happening = _happening(rule)
    parts = [f"{happening} ({rule.zone} time)", *_window(rule), *_policies(rule), *_limits(rule)]
    text = ", ".join(part for part in parts if part)
    return text[0].upper() + text[1:] + "."


def floating_sentence(floating: Floating) -> str:
    """The schedule as one sentence, such as "7 days after each completion at 09:00 (Europe/Berlin time)."."""
    unit = str(floating.unit) if floating.every != 1 else str(floating.unit).removesuffix("s")
    off = _OFF.get(NonBusiness.NEXT if floating.non_business == NonBusiness.SKIP else floating.non_business, "")
    start = f"first on {full_day(floating.start)}"
    when = f"{floating.every} {unit} after each completion at {floating.at:%H:%M} ({floating.zone} time)"
    return ", ".join(part for part in (when, off and f"{off}{_where(floating.calendar.country)}", start) if part) + "."


def _happening(rule: Rule) -> str:
    recur, clock = rule.series.recur, rule.series.clock
    if rule.series.first == rule.series.last or _once(rule):
        return f"once, on {full_day(rule.start)} at {_times(clock, rule.times)}"
    days = days_words(recur, rule.start, rule.month_end == MonthEnd.CLAMP and bool(rule.series.pattern.clamped))
    if isinstance(clock, ListedTimes):
        return f"{days} at {_times(clock, rule.times)}"
    return _steps(clock, min(rule.times)) + (f" {days}" if days != "every day" else "")


def _once(rule: Rule) -> bool:
    recur = parse(rule.rrule)
    return recur.count == 1 and recur.freq == "DAILY" and isinstance(rule.series.clock, ListedTimes)


def _times(clock: ListedTimes | Steps, fallback: tuple[time, ...]) -> str:
    listed = clock.listed if isinstance(clock, ListedTimes) else fallback
    if len(listed) <= _FEW_TIMES:
        return clock_words(listed)
    return f"{len(listed)} times from {listed[0]:%H:%M} to {listed[-1]:%H:%M}"


def _steps(steps: Steps, first: time) -> str:
    minutes, hours = steps.minutes, steps.hours
    if steps.step == HOUR and minutes == (0,) and len(hours) > 2 and _even(hours, 24):
        return f"every {24 // len(hours)} hours counted from {hours[0]:02}:00"
    if not steps.hourly:
        every = "every minute" if steps.step == 1 else f"every {steps.step} minutes"
        every += f" counted from {first:%H:%M}" if 60 % steps.step else ""
    elif steps.step == HOUR and len(minutes) > 1 and _even(minutes, 60):
        every = f"every {60 // len(minutes)} minutes" + (f" from minute {minutes[0]}" if minutes[0] else "")
    else:
        every = "every hour" if steps.step == HOUR else f"every {steps.step // HOUR} hours counted from {first:%H:%M}"
        every += "" if minutes == (0,) else f" at minute {joined([str(minute) for minute in minutes])}"
    return every + _in_hours(hours)


def _even(numbers: tuple[int, ...], around: int) -> bool:
    step = around // len(numbers)
    return around % len(numbers) == 0 and numbers == tuple(range(numbers[0], around, step))


def _in_hours(hours: tuple[int, ...]) -> str:
    if not hours:
        return ""
    if len(hours) > 1 and hours == tuple(range(hours[0], hours[-1] + 1)):
        return f" from {hours[0]:02}:00 to {hours[-1]:02}:59"
    return f" in the hours {joined([f'{hour:02}' for hour in hours])}"


def _window(rule: Rule) -> list[str]:
    if rule.ends is not None:
        starts = rule.series.clock.on(rule.start)
        next_day = " the next day" if starts and rule.ends <= starts[0] else ""
        return [f"until {rule.ends:%H:%M}{next_day}"]
    return [f"for {_length(rule.duration)}"] if rule.duration else []


def _length(duration: timedelta) -> str:
    minutes = int(duration.total_seconds()) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    units = ((days, "day"), (hours, "hour"), (minutes, "minute"))
    return joined([f"{number} {unit}" + ("s" if number != 1 else "") for number, unit in units if number])


def _policies(rule: Rule) -> list[str]:
    off = _OFF.get(rule.non_business, "")
    clock = rule.series.clock
    at_night = isinstance(clock, ListedTimes) and clock.listed[0] < _NIGHT
    gap = _GAPS.get(rule.gap, "") if at_night else ""
    overlap = _SECOND if at_night and rule.overlap == Overlap.SECOND else ""
    return [off and off + _where(rule.calendar.country, rule.calendar.subdivision), gap, overlap]


def _where(country: str, subdivision: str = "") -> str:
    return f" ({'-'.join(filter(None, (country, subdivision)))})" if country else ""


def _limits(rule: Rule) -> list[str]:
    recur = rule.series.recur
    if rule.series.first == rule.series.last or _once(rule):
        return []
    limits = [f"from {full_day(rule.start)}"]
    if recur.count:
        limits.append(f"{recur.count} times")
    if recur.until:
        limits.append(f"until {_until_words(rule.series.last)}")
    return limits


def _until_words(last: datetime) -> str:
    return full_day(last) + ("" if last.time() == time.max else f" {last:%H:%M}")
