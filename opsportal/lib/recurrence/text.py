"""RFC 5545 recurrence text (section 3.3.10), read into its parts and checked one by one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from types import MappingProxyType

from opsportal.lib.recurrence.errors import RuleError

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY")
ONCE = "FREQ=DAILY;COUNT=1"
MAX_INTERVAL = 10_000

_UNSIGNED = MappingProxyType({"BYMONTH": (1, 12), "BYHOUR": (0, 23), "BYMINUTE": (0, 59), "BYSECOND": (0, 59)})
_SIGNED = MappingProxyType({"BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366})
_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_UNSIGNED, *_SIGNED}
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z)?)?")

Numbers = tuple[int, ...]


@dataclass(frozen=True)
class Recur:
    """The parts of a recurrence. `by_day` holds (n-th or 0, weekday with Monday as 0); `until` is naive for local
    wall time (a bare date means the whole day) and aware for UTC; `count` 0 is none.
    """

    freq: str
    interval: int = 1
    count: int = 0
    until: datetime | None = None
    week_start: int = 0
    by_day: tuple[tuple[int, int], ...] = ()
    by_month: Numbers = ()
    by_month_day: Numbers = ()
    by_year_day: Numbers = ()
    by_week_no: Numbers = ()
    by_set_pos: Numbers = ()
    by_hour: Numbers = ()
    by_minute: Numbers = ()

    @property
    def sub_daily(self) -> bool:
        return self.freq in {"HOURLY", "MINUTELY"}


@lru_cache(maxsize=4096)
def parse(text: str) -> Recur:
    """The parts of an RRULE value, with or without its "RRULE:"; empty text happens once.

    Raises RuleError with a sentence for what is unknown, out of range or forbidden by RFC 5545 for the frequency.
    """
    parts = _split(text.strip().upper().removeprefix("RRULE:") or ONCE)
    recur = Recur(
        freq=_frequency(parts),
        interval=_positive(parts, "INTERVAL", 1, MAX_INTERVAL),
        count=_positive(parts, "COUNT", 0, 100_000),
        until=_until(parts.get("UNTIL", "")),
        week_start=_week_start(parts.get("WKST", "MO")),
        by_day=_days(parts.get("BYDAY", "")),
        by_month=_unsigned(parts, "BYMONTH"),
        by_month_day=_signed(parts, "BYMONTHDAY"),
        by_year_day=_signed(parts, "BYYEARDAY"),
        by_week_no=_signed(parts, "BYWEEKNO"),
        by_set_pos=_signed(parts, "BYSETPOS"),
        by_hour=_unsigned(parts, "BYHOUR"),
        by_minute=_unsigned(parts, "BYMINUTE"),
    )
    _check_together(recur, parts)
    return recur


def _split(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.strip(";").split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name not in _KNOWN:
            raise RuleError(f"“{part[:60]}” is not a part of a recurrence rule (RFC 5545).")
        if name in parts:
            raise RuleError(f"The rule says {name} twice.")
        parts[name] = value
    return parts


def _frequency(parts: dict[str, str]) -> str:
    freq = parts.get("FREQ", "")
    if freq == "SECONDLY":
        raise RuleError("A schedule cannot run every second; the shortest step is a minute.")
    if freq not in FREQUENCIES:
        raise RuleError(f"The rule needs FREQ, one of {', '.join(FREQUENCIES)}.")
    return freq


def _positive(parts: dict[str, str], name: str, default: int, most: int) -> int:
    if name not in parts:
        return default
    number = _number(name, parts[name])
    if not 1 <= number <= most:
        raise RuleError(f"{name} must be from 1 to {most}, not {number}.")
    return number


def _number(name: str, text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", text):
        raise RuleError(f"{name} needs whole numbers, not “{text[:30]}”.")
    return int(text)


def _unsigned(parts: dict[str, str], name: str) -> Numbers:
    low, high = _UNSIGNED[name]
    numbers = _numbers(parts, name)
    if any(not low <= number <= high for number in numbers):
        raise RuleError(f"{name} must be from {low} to {high}.")
    return numbers


def _signed(parts: dict[str, str], name: str) -> Numbers:
    most = _SIGNED[name]
    numbers = _numbers(parts, name)
    if any(not 1 <= abs(number) <= most for number in numbers):
        raise RuleError(f"{name} must be from 1 to {most}, or from -{most} to -1 counted from the end.")
    return numbers


def _numbers(parts: dict[str, str], name: str) -> Numbers:
    text = parts.get(name, "")
    return tuple(sorted({_number(name, item) for item in text.split(",")})) if text else ()


def _week_start(text: str) -> int:
    if text not in DAYS:
        raise RuleError(f"WKST must be one of {', '.join(DAYS)}.")
    return DAYS.index(text)


def _days(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(sorted({_day(item) for item in text.split(",")})) if text else ()


def _day(text: str) -> tuple[int, int]:
    match = _DAY.fullmatch(text)
    nth = int(match[1] or 0) if match else 0
    if not match or (match[1] and not 1 <= abs(nth) <= 53):
        raise RuleError(f"BYDAY needs days such as MO, 2TU or -1FR, not “{text[:30]}”.")
    return nth, DAYS.index(match[2])


def _until(text: str) -> datetime | None:
    if not text:
        return None
    try:
        if not (match := _UNTIL.fullmatch(text)):
            raise ValueError
        clock = time.fromisoformat(match[2]) if match[2] else time.max
        return datetime.combine(date.fromisoformat(match[1]), clock, tzinfo=UTC if match[3] else None)
    except ValueError:
        message = f"UNTIL needs a date such as 20261231 or a time such as 20261231T080000Z, not “{text[:30]}”."
        raise RuleError(message) from None


def _check_together(recur: Recur, parts: dict[str, str]) -> None:
    if recur.count and recur.until:
        raise RuleError("A rule ends by COUNT or by UNTIL, not by both.")
    if _unsigned(parts, "BYSECOND") not in {(), (0,)}:
        raise RuleError("Schedules are kept to the minute; leave BYSECOND out.")
    if any(nth for nth, _ in recur.by_day) and (recur.freq in {"WEEKLY", "DAILY"} or recur.by_week_no):
        raise RuleError("“The second Monday” needs FREQ=MONTHLY or YEARLY, without BYWEEKNO.")
    if recur.by_month_day and recur.freq == "WEEKLY":
        raise RuleError("A weekly rule has days of the week; BYMONTHDAY needs FREQ=MONTHLY, YEARLY or DAILY.")
    if recur.by_week_no and recur.freq != "YEARLY":
        raise RuleError("BYWEEKNO needs FREQ=YEARLY.")
    if recur.by_year_day and recur.freq in {"MONTHLY", "WEEKLY", "DAILY"}:
        raise RuleError("BYYEARDAY needs FREQ=YEARLY.")
    _check_positions(recur)


def _check_positions(recur: Recur) -> None:
    if not recur.by_set_pos:
        return
    if recur.sub_daily or len(recur.by_hour) > 1 or len(recur.by_minute) > 1:
        raise RuleError("BYSETPOS picks days: give several times of the day apart from the rule, not as BYHOUR.")
    if not (recur.by_day or recur.by_month or recur.by_month_day or recur.by_year_day or recur.by_week_no):
        raise RuleError("BYSETPOS needs days to pick from, such as BYDAY=MO,TU,WE,TH,FR.")
