"""Floating schedules: the next time is so many days after the last completion, whenever that was."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from opsportal.lib.recurrence.business import BusinessCalendar, NonBusiness
from opsportal.lib.recurrence.errors import RuleError
from opsportal.lib.recurrence.place import Slot
from opsportal.lib.recurrence.rule import WEEKENDS, Rule
from opsportal.lib.recurrence.slots import between
from opsportal.lib.recurrence.text import ONCE
from opsportal.lib.recurrence.zones import Gap, Overlap, never_skipping, resolve, wall_time, zone_of

_SEARCH = timedelta(days=70)  # further than a shift to a business day goes


class Unit(StrEnum):
    """What the distance to the next time is counted in."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True)
class Floating:
    """Due on `start`, then `every` so many units after each completion, at local time `at` of `zone`.

    A month after 31 January is the last of February. One row at a time: as long as it is not done, there is no next.
    """

    every: int
    unit: Unit
    at: time
    zone: str
    start: date
    gap: Gap = Gap.RFC
    overlap: Overlap = Overlap.FIRST
    non_business: NonBusiness = NonBusiness.KEEP
    calendar: BusinessCalendar = field(default=WEEKENDS)


def floating_slot(floating: Floating, last_done: datetime | None) -> Slot:
    """The one open slot: of `start` when nothing was done yet, else counted from the local date of `last_done` (aware).

    It depends on nothing else: never done, it stays the same slot and ages; a completion taken back, call it with the
    one before. Raises RuleError for a distance under one, an unknown zone, and a day off that cannot be moved.
    """
    day = _due_day(floating, last_done)
    rule = Rule(
        ONCE,
        (floating.at,),
        floating.zone,
        day,
        gap=never_skipping(floating.gap),  # skipped, the series would die
        overlap=floating.overlap,
        non_business=_moving(floating.non_business),
        calendar=floating.calendar,
    )
    around = resolve(datetime.combine(day, floating.at), zone_of(floating.zone))
    found = between(rule, around - _SEARCH, around + _SEARCH) if around else []
    if not found:
        raise RuleError(f"There is no business day near {day.isoformat()} to move the task to.")
    return found[0]


def _due_day(floating: Floating, last_done: datetime | None) -> date:
    if floating.every < 1:
        raise RuleError("A floating schedule needs a distance of at least one.")
    if last_done is None:
        return floating.start
    done = wall_time(last_done, zone_of(floating.zone)).date()
    try:
        return done + _distance(floating)
    except (ValueError, OverflowError):
        raise RuleError("The next time lies further ahead than the calendar goes.") from None


def _distance(floating: Floating) -> relativedelta:
    number = floating.every
    if floating.unit == Unit.DAYS:
        return relativedelta(days=number)
    if floating.unit == Unit.WEEKS:
        return relativedelta(weeks=number)
    return relativedelta(months=number) if floating.unit == Unit.MONTHS else relativedelta(years=number)


def _moving(way: NonBusiness) -> NonBusiness:
    """A floating task is never left out on a day off: it would have no next time."""
    return NonBusiness.NEXT if way == NonBusiness.SKIP else way
