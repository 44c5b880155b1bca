"""Cron text to RFC 5545 rules: five fields, `@daily` and its kin, and the six or seven fields of Quartz."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from cronsim import CronSim, CronSimError

from opsportal.runbooks.phrases.clock import hhmm, zone_at
from opsportal.runbooks.phrases.json import Facts
from opsportal.runbooks.phrases.schedule_words import DAY_CODES
from opsportal.runbooks.phrases.tokens import tokenize

_FIELD = r"[\d*/,\-?#LW]+|[A-Za-z]{3}(?:[-,#][A-Za-z\d]{1,3})*"
_CRON = re.compile(
    rf"(?:[A-Za-z][A-Za-z _-]{{0,40}}[:(=]?\s*)?[\"'(]?\s*((?:(?:{_FIELD})\s+){{4,6}}(?:{_FIELD}))\s*[\"')]*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NICKNAMES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_NAMES = {name: str(n) for n, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}
_MONTHS = {
    name: str(n)
    for n, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}


def cron(text: str) -> Facts | None:
    """`rrule`, `time` and `cron` of a cron line; None if the text is none or the line never comes true."""
    stripped = text.strip().strip("`").strip()
    nickname = _NICKNAMES.get(stripped.lower())
    match = _CRON.fullmatch(nickname or stripped.replace("`", " ").replace("\\*", "*").strip())
    fields = match.group(1).split() if match else []
    if not match or not any(char in "*?0123456789" for char in fields[0]) or not _has_star_or_five_numbers(fields):
        return None
    five = _five(fields)
    if not five or not _valid(five):
        return None
    facts = _rule(five)
    rest = match.group("rest").strip(" -:#()")
    zone = zone_at(tokenize(rest), 0) if rest else None
    if zone and not facts.get("ask"):
        facts |= {"tz": zone.name} | ({"ask": zone.ask} if zone.ask else {})
        rest = ""
    return {**facts, "cron": " ".join(fields) if not nickname else stripped, **({"note": rest} if rest else {})}


def _has_star_or_five_numbers(fields: Sequence[str]) -> bool:
    return any("*" in field or "?" in field for field in fields) or len(fields) == 5


def _five(fields: list[str]) -> list[str]:
    """Five classic fields; Quartz counts Sunday as 1 and has seconds in front."""
    if len(fields) == 5:
        minute, hour, day, month, week = fields
    elif "?" in fields and fields[0].isdigit():
        _, minute, hour, day, month, week = fields[:6]
        week = re.sub(r"(?<![#\d])[1-7](?=L|#|-|,|$)", lambda number: str(int(number.group()) - 1), week)
    else:
        return []
    day, week = day.replace("?", "*"), week.replace("?", "*")
    return [minute, hour, day, _named(month, _MONTHS), _named(week, _NAMES)]


def _named(field: str, names: dict[str, str]) -> str:
    return re.sub(r"[A-Za-z]{3}", lambda name: names.get(name.group().lower(), name.group()), field)


def _valid(fields: list[str]) -> bool:
    try:
        next(CronSim(" ".join(fields), datetime(2024, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration, ValueError):
        return False
    return True


def _values(field: str, low: int, high: int) -> list[int]:
    """Numbers of a field in order; empty for `*`."""
    if field == "*":
        return []
    found: set[int] = set()
    for part in field.split(","):
        body, _, step = part.partition("/")
        first, _, last = body.partition("-")
        start = low if body == "*" else int(first)
        stop = high if body == "*" or (step and not last) else int(last or first)
        found.update(range(start, stop + 1, int(step or 1)))
    return sorted(found)


def _every(field: str, size: int) -> int:
    """Step of `*/n` where n divides the whole, so that it is an even interval; else 0."""
    match = re.fullmatch(r"\*/(\d+)|0/(\d+)", field)
    step = int(match.group(1) or match.group(2)) if match else 0
    return step if step and size % step == 0 else 0


def _rule(fields: list[str]) -> Facts:
    minute, hour, day, month, week = fields
    if day != "*" and week != "*":
        return {
            "rrule": None,
            "ask": "In cron a day of the month and a weekday mean either of them: which one is meant?",
        }
    parts, extra = _dates(day, month, week)
    clock_parts, clock = _times(minute, hour, parts)
    return {"rrule": ";".join(clock_parts), "freq": clock_parts[0][5:], **clock, **extra}


def _dates(day: str, month: str, week: str) -> tuple[list[str], Facts]:
    """FREQ, INTERVAL and BY parts for the date fields."""
    months = _values(month, 1, 12)
    step = _every(month, 12)
    by = _by_day(day, week)
    if not months:
        return [f"FREQ={'WEEKLY' if week != '*' and by[1] else 'MONTHLY' if by[0] else 'DAILY'}", *by[0]], {}
    if step and by[0] and not (week != "*" and by[1]):
        return ["FREQ=MONTHLY", f"INTERVAL={step}", *by[0]], {"months": list(months)}
    yearly = "DAILY" if not by[0] else "YEARLY" if day != "*" and not by[1] else "WEEKLY" if by[1] else "MONTHLY"
    return [f"FREQ={yearly}", f"BYMONTH={','.join(map(str, months))}", *by[0]], {}


def _by_day(day: str, week: str) -> tuple[list[str], bool]:
    """BY parts and whether they are plain weekdays."""
    if week != "*":
        return _weekdays(week)
    if day == "*":
        return [], False
    if day in {"L", "LW"}:
        return (["BYMONTHDAY=-1"] if day == "L" else [f"BYDAY={','.join(DAY_CODES[:5])}", "BYSETPOS=-1"]), False
    return [f"BYMONTHDAY={','.join(map(str, _values(day, 1, 31)))}"], False


def _weekdays(week: str) -> tuple[list[str], bool]:
    nth = re.fullmatch(r"(\d)#(\d)", week)
    last = re.fullmatch(r"(?:(\d)L|L(\d))", week)
    if nth:
        return [f"BYDAY={nth.group(2)}{_code(int(nth.group(1)))}"], False
    if last:
        return [f"BYDAY=-1{_code(int(last.group(1) or last.group(2)))}"], False
    codes = {_code(n) for n in _values(week, 0, 6)}
    return [f"BYDAY={','.join(code for code in DAY_CODES if code in codes)}"], True


def _code(sunday_first: int) -> str:
    return DAY_CODES[(sunday_first - 1) % 7]


def _times(minute: str, hour: str, parts: list[str]) -> tuple[list[str], Facts]:
    """The date parts joined with the time of day: a time, several hours, or an interval of hours or minutes."""
    dates = [part for part in parts[1:] if not part.startswith("INTERVAL")] if parts[0] == "FREQ=DAILY" else parts[1:]
    step = _every(minute, 60)
    if minute == "*" or step:
        interval = [f"INTERVAL={step}"] if step > 1 else []
        hours = [f"BYHOUR={','.join(map(str, _values(hour, 0, 23)))}"] if hour != "*" else []
        return ["FREQ=MINUTELY", *interval, *dates, *hours], {}
    minutes, hours_at = _values(minute, 0, 59), _values(hour, 0, 23)
    by_minute = [f"BYMINUTE={','.join(map(str, minutes))}"] if minutes != [0] else []
    step = _every(hour, 24)
    if hour == "*" or step:
        interval = [f"INTERVAL={step}"] if step > 1 else []
        return ["FREQ=HOURLY", *interval, *dates, *by_minute], {}
    times = [hhmm(h * 60 + m) for h in hours_at for m in minutes]
    if len(times) == 1:
        return parts, {"time": times[0]}
    return [*parts, f"BYHOUR={','.join(map(str, hours_at))}", *by_minute], {"times": list(times)}
