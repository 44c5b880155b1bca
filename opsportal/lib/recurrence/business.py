"""Which days are days off, and why: weekends and public holidays of a country, and dates of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from opsportal.lib.late import Late
from opsportal.lib.recurrence.errors import RuleError

if TYPE_CHECKING:
    import holidays
else:
    holidays = Late("holidays")

MAX_SHIFT = 62  # days; a longer closing is a pause
_SATURDAY = 5
_LANGUAGE = "en_US"


class NonBusiness(StrEnum):
    """What a day off does to what is planned on it: nothing, moves it to the business day after or before, drops it."""

    KEEP = "keep"
    NEXT = "next"
    PREVIOUS = "previous"
    SKIP = "skip"


@dataclass(frozen=True)
class BusinessCalendar:
    """Days off. Without a country: Saturdays and Sundays. `extra` are further dates with their names, such as those
    of a subscribed calendar or a company closing.
    """

    country: str = ""
    subdivision: str = ""
    extra: tuple[tuple[date, str], ...] = ()

    @cached_property
    def _off(self) -> dict[int, Mapping[date, str]]:
        """Days off by year, filled as they are asked for."""
        return {}

    def reason_off(self, day: date) -> str:
        """Why `day` is a day off ("Easter Monday", "weekend"), or "". Raises RuleError for an unknown country."""
        off = self._off.get(day.year)
        if off is None:
            off = self._off[day.year] = _days_off(self, day.year)
        return off.get(day, "")

    def shifted(self, day: date, way: NonBusiness) -> date | None:
        """The business day for `day`: itself, the nearest one in the way's direction, or None if there is none."""
        if way == NonBusiness.KEEP or not self.reason_off(day):
            return day
        if way == NonBusiness.SKIP:
            return None
        step = timedelta(days=1 if way == NonBusiness.NEXT else -1)
        found = (day + step * number for number in range(1, MAX_SHIFT + 1))
        return next((other for other in found if not self.reason_off(other)), None)

    def reach_back(self, wall: datetime) -> datetime:
        """The earliest wall time that moved to the next business day can come to `wall` or later."""
        back = self._run(wall.date(), -1)
        if not back and not self.reason_off(wall.date()):
            return wall
        return datetime.combine(wall - timedelta(days=back), time.min)

    def reach_on(self, wall: datetime) -> datetime:
        """The latest wall time that moved to the business day before can come to `wall` or earlier."""
        ahead = self._run(wall.date(), 1)
        if not ahead and not self.reason_off(wall.date()):
            return wall
        return datetime.combine(wall + timedelta(days=ahead), time.max)

    def _run(self, day: date, step: int) -> int:
        """How many days off in a row end or begin beside `day`."""
        number = 0
        while number < MAX_SHIFT and self.reason_off(day + timedelta(days=step * (number + 1))):
            number += 1
        return number


@lru_cache(maxsize=1024)
def _days_off(calendar: BusinessCalendar, year: int) -> Mapping[date, str]:
    first = date(year, 1, 1)
    days = [first + timedelta(days=number) for number in range((date(year, 12, 31) - first).days + 1)]
    off = _public(calendar.country, calendar.subdivision, year, days) if calendar.country else _weekends(days)
    return MappingProxyType(off | {day: name or "day off" for day, name in calendar.extra if day.year == year})


def _weekends(days: list[date]) -> dict[date, str]:
    return {day: "weekend" for day in days if day.weekday() >= _SATURDAY}


def _public(country: str, subdivision: str, year: int, days: list[date]) -> dict[date, str]:
    known = public_holidays(country, subdivision, year)
    return {day: known.get(day) or "weekend" for day in days if not known.is_working_day(day)}


def public_holidays(country: str, subdivision: str, year: int) -> holidays.HolidayBase:
    """The holidays of a country (ISO 3166-1) or one of its subdivisions (3166-2), named in English where they are.

    Raises RuleError for what the holidays library does not have.
    """
    try:
        known = holidays.country_holidays(country, subdivision or None, years=year)
        if _LANGUAGE in known.supported_languages:
            known = holidays.country_holidays(country, subdivision or None, years=year, language=_LANGUAGE)
    except NotImplementedError:
        place = f"{country}-{subdivision}" if subdivision else country
        raise RuleError(f"There is no holiday calendar for “{place[:40]}”; write it as in DE and BY, or US.") from None
    return known
