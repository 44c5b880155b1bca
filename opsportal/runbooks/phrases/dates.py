"""Calendar dates in the forms runbooks use; what two orders could mean is answered and marked."""

from __future__ import annotations

import datetime as dt
import re

from opsportal.runbooks.phrases.cjk import unspaced
from opsportal.runbooks.phrases.clock import clock_at, zone_at
from opsportal.runbooks.phrases.json import Facts, not_understood
from opsportal.runbooks.phrases.placeholders import is_placeholder, placeholders
from opsportal.runbooks.phrases.schedule_words import MONTHS
from opsportal.runbooks.phrases.tokens import clean, fold, tokenize

_ISO = re.compile(r"(?<![\d-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_BASIC = re.compile(r"(?<!\d)(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_HAN = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_NAME = r"(?P<month>[^\W\d_]{3,12})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.|o)?"
_YEAR = r"(?P<year>\d{4}|'?\d{2})(?![\d:])"
_DAY_FIRST = re.compile(
    rf"(?<!\d){_DAY}(?:\s+of|\s+de)?[\s-]+{_NAME}(?:\s+of|\s+de|\s+del)?,?[\s-]+{_YEAR}", re.IGNORECASE
)
_MONTH_FIRST = re.compile(rf"(?<!\w){_NAME}[\s-]+{_DAY}(?:,|\s|-)+{_YEAR}", re.IGNORECASE)
_MONTH_YEAR = re.compile(rf"(?<!\w){_NAME}\s+(?:de\s+)?(?P<year>20\d{{2}})(?!\d)", re.IGNORECASE)
_NEVER = {"never", "nie", "jamais", "nunca", "n/a", "na", "none", "-", "--", "pending", "从未"}
_OPEN_FORMS = re.compile(
    r"(?:YYYY|yyyy|JJJJ|AAAA)[-/.](?:MM|mm)[-/.](?:DD|dd|TT|JJ)|(?:DD|dd|TT|JJ|MM)[-/.](?:MM|mm|DD)[-/.](?:YYYY|yyyy|JJJJ|AAAA)|20\d\d-XX-XX"
)


def parse(text: str, day_first: bool | None = None) -> Facts:
    """`date` (ISO), `datetime` when a time is given; `ambiguous` with `ask` where day and month could change places.

    `day_first` is what the rest of the document proved (a day over 12); None leaves such a date as day/month and asks.
    """
    if _open(text):
        return {
            "date": None,
            "v": None,
            "placeholder": True,
            "placeholders": list(placeholders(text)) or [text.strip()],
        }
    source = unspaced(clean(text, numbered=False))
    if re.fullmatch(r"\W*", source) or fold(source).strip() in _NEVER:
        return (
            {"date": None, "never": True}
            if fold(source).strip() in {"never", "nie", "jamais", "nunca", "从未"}
            else not_understood(text)
        )
    found = _fixed(source) or _named(source) or _numeric(source, day_first) or _month_only(source)
    if not found:
        return not_understood(text)
    facts, end, start = found
    _add_time(facts, source[end:])
    note = (source[:start] + " " + source[end + _time_length(source[end:]) :]).strip(" -:;,.()")
    note = re.sub(r"  +", " ", note)
    if note and not re.fullmatch(
        r"(?i)(?:last |next )?(?:updated|reviewed|review|update|date|due)\W*|[TZ]|\W*(?:le|el|am|on|as of|the|um|at|\w+day|\w+tag|reviewed on|updated on)\W*",
        note,
    ):
        facts["note"] = note
    return facts


def _open(text: str) -> bool:
    if _OPEN_FORMS.search(text):
        return True
    value = re.sub(r"^[\s*_>-]*[^:：\d\[$<{]{0,40}[:：]\**", "", text)
    return is_placeholder(value) or is_placeholder(text)


Found = tuple[Facts, int, int]


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _fixed(source: str) -> Found | None:
    """Year first: one order only."""
    for pattern, groups in ((_ISO, (1, 3, 4)), (_HAN, (1, 2, 3)), (_BASIC, (1, 2, 3))):
        if match := pattern.search(source):
            year, month, day = (int(match.group(n)) for n in groups)
            if value := _date(year, month, day):
                return {"date": value.isoformat()}, match.end(), match.start()
    return None


def _month(name: str) -> int | None:
    tokens = tokenize(fold(name))
    hit = MONTHS.at(tokens, 0) if len(tokens) == 1 else None
    return hit[0] if hit else None


def _named(source: str) -> Found | None:
    """The month by its name: `October 19, 2025`, `28-Jun-2023`, `19 janvier 2026`."""
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        for match in pattern.finditer(source):
            month, year = _month(match.group("month")), match.group("year").lstrip("'")
            value = _date(_year(year), month, int(match.group("day"))) if month else None
            if value:
                facts: Facts = {"date": value.isoformat()}
                return facts | ({"two_digit_year": True} if len(year) == 2 else {}), match.end(), match.start()
    return None


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _numeric(source: str, day_first: bool | None) -> Found | None:
    match = NUMERIC.search(source)
    if not match:
        return None
    first, second, year = int(match.group(1)), int(match.group(3)), _year(match.group(4))
    dmy, mdy = _date(year, second, first), _date(year, first, second)
    value = (dmy or mdy) if day_first is not False else (mdy or dmy)
    if not value:
        return None
    facts: Facts = {"date": value.isoformat(), "order": "DMY" if value == dmy else "MDY"}
    other = mdy if value == dmy else dmy
    if dmy and mdy and dmy != mdy and day_first is None and other and match.group(2) != ".":
        facts.update(
            ambiguous=True,
            ask=f"Day or month first: {value.isoformat()} or {other.isoformat()}?",
            options=[value.isoformat(), other.isoformat()],
        )
    if len(match.group(4)) == 2:
        facts["two_digit_year"] = True
    return facts, match.end(), match.start()


def _month_only(source: str) -> Found | None:
    """`March 2026`: a month without a day."""
    for match in _MONTH_YEAR.finditer(source):
        if month := _month(match.group("month")):
            year = int(match.group("year"))
            return (
                {"date": None, "month": f"{year}-{month:02d}", "ask": "Which day of the month?"},
                match.end(),
                match.start(),
            )
    return None


_TIME = re.compile(
    r"[\sT,]*(?:at |um |à |às )?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z\b|UTC\b|GMT\b|[A-Z]{3,4}\b|[+-]\d{2}:?\d{2})?"
)


def _time_length(rest: str) -> int:
    match = _TIME.match(rest)
    return match.end() if match else 0


def _add_time(facts: Facts, rest: str) -> None:
    """A time behind the date makes it an instant if its zone is known."""
    match = _TIME.match(rest)
    if not match or not facts.get("date"):
        return
    tokens = tokenize(match.group().lstrip(" T,"))
    clock = clock_at(tokens, 0)
    if not clock:
        return
    seconds = re.search(r"\d{1,2}:\d{2}:(\d{2})", match.group())
    zone = zone_at(tokens, clock.end)
    offset = re.search(r"([+-]\d{2}):?(\d{2})\s*$", match.group())
    name = "Z" if zone and zone.name in {"UTC", "GMT"} else f"{offset.group(1)}:{offset.group(2)}" if offset else ""
    facts["datetime"] = f"{facts['date']}T{clock.text}:{seconds.group(1) if seconds else '00'}{name}"
    facts["time"] = clock.text
    if zone:
        facts["tz"] = zone.name
        if zone.ask:
            facts["ask"] = zone.ask
