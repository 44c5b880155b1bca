"""Whether a schedule can be kept, said before it is saved."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import islice, product

from opsportal.lib.recurrence.business import public_holidays
from opsportal.lib.recurrence.clock import DAY, ListedTimes
from opsportal.lib.recurrence.errors import RuleError
from opsportal.lib.recurrence.rule import Rule
from opsportal.lib.recurrence.slots import next_after
from opsportal.lib.recurrence.text import parse
from opsportal.lib.recurrence.words import MONTHS, full_day, joined
from opsportal.lib.recurrence.zones import zone_of

MOST_A_DAY = 288  # every five minutes: more is work for a monitor, not for people
YEARS = (1970, 2200)
LONGEST = timedelta(days=366)
_LEAP_YEAR = 2024
_DAY = timedelta(days=1)


def validate(rule: Rule) -> None:
    """Raises RuleError with a sentence for a schedule that cannot be kept: an unknown zone, calendar or rule part, an
    end before the start, no or too many occurrences, a window without length.
    """
    zone_of(rule.zone)
    _check_start(rule)
    _check_dates_exist(rule)
    _check_end(rule)
    _check_number(rule)
    _check_window(rule)
    _check_exceptions(rule)
    if rule.calendar.country:
        public_holidays(rule.calendar.country, rule.calendar.subdivision, rule.start.year)
    _check_happens(rule)


def _check_start(rule: Rule) -> None:
    if not YEARS[0] <= rule.start.year <= YEARS[1]:
        raise RuleError(f"The start must be in the years {YEARS[0]} to {YEARS[1]}, not {rule.start.year}.")


def _check_dates_exist(rule: Rule) -> None:
    """30 February is refused even where short months use their last day: nobody means 28 February by it."""
    recur = parse(rule.rrule)
    pairs = list(product(recur.by_month, recur.by_month_day))
    if pairs and all(abs(day) > monthrange(_LEAP_YEAR, month)[1] for month, day in pairs):
        dates = joined([f"{abs(day)} {MONTHS[month - 1]}" for month, day in pairs[:3]])
        raise RuleError(f"This schedule never happens: there is no {dates}.")


def _check_end(rule: Rule) -> None:
    until = parse(rule.rrule).until
    if until and rule.series.last < rule.series.first:
        ends, starts = full_day(rule.series.last), full_day(rule.start)
        raise RuleError(f"The schedule ends ({ends}) before it starts ({starts}).")


def _check_number(rule: Rule) -> None:
    clock = rule.series.clock
    if isinstance(clock, ListedTimes):
        number = len(clock.listed)
    else:
        number = max(len(clock.on(rule.start + _DAY * later)) for later in range(min(clock.step, DAY)))
    if number > MOST_A_DAY:
        message = f"The schedule happens {number} times a day; {MOST_A_DAY} (every five minutes) is the most."
        raise RuleError(message)


def _check_window(rule: Rule) -> None:
    if rule.duration is not None and rule.ends is not None:
        raise RuleError("A window ends at a time or after a duration; give one of them.")
    if rule.duration is not None and rule.duration <= timedelta():
        raise RuleError("The duration must be longer than nothing.")
    if rule.duration is not None and rule.duration > LONGEST:
        raise RuleError("A window cannot be longer than a year.")


def _check_exceptions(rule: Rule) -> None:
    if any(pause.last < pause.first for pause in rule.pauses):
        raise RuleError("A pause ends before it begins.")
    if len(rule.changed) < len(rule.changes):
        raise RuleError("One slot is changed twice.")


def _check_happens(rule: Rule) -> None:
    walls = rule.series.since(rule.series.first)
    if not any(True for _ in islice(walls, 1)):
        raise RuleError("This schedule never happens: no date fits all parts of its rule.")
    plain = replace(rule, changes=(), pauses=())
    before = datetime.combine(rule.start, time(), tzinfo=UTC) - 2 * _DAY
    if next_after(plain, before) is None:
        raise RuleError("This schedule never happens: all its dates are days off or times that do not exist.")
