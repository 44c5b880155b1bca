"""Times of day, ranges of them and time zones at a token position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from opsportal.runbooks.phrases.tokens import Lexicon, Token, words

Tokens = Sequence[Token]
DAY_MINUTES = 1440

_AM = words("am|a.m.|a.m|a m|上午|早上|凌晨|早晨")
_PM = words("pm|p.m.|p.m|p m|下午|晚上")
_BEFORE = words("at|@|um|gegen|à|a las|a la|as|às|ab|kl|by|from|starting at|上午|早上|凌晨|下午|晚上|早晨")
_HOUR_MARK = words("uhr|h|heures|heure|horas|hora|点|点钟|o'clock")
_MILITARY_MARK = words("hrs|hours|h|uhr")
_NAMED: Lexicon[int] = Lexicon(
    [
        ("noon|midday|mittags|mittag|midi|mediodia|meio-dia|中午", 720),
        ("midnight|mitternacht|minuit|medianoche|meia-noite|午夜", 0),
    ]
)
_TO = words("-|to|until|till|bis|a|à|jusqu'a|hasta|ate|até|as|às|through|至|到|~|->|→")
_AND = words("and|und|et|y|e|和|&")
_LEAD = words("between|from|von|zwischen|entre|de|desde|das|dalle|dès")

# abbreviation → (name used, question): only those that mean one zone to everybody come without a question
_ZONES: dict[str, tuple[str, str]] = {
    "utc": ("UTC", ""),
    "gmt": ("GMT", ""),
    "z": ("UTC", ""),
    "zulu": ("UTC", ""),
    "jst": ("JST", ""),
    "sgt": ("SGT", ""),
    "est": ("EST", "Is EST the fixed offset UTC-5, or New York time with summer time (America/New_York)?"),
    "edt": ("EDT", "Is EDT the fixed offset UTC-4, or New York time with summer time (America/New_York)?"),
    "cst": ("CST", "Is CST US Central time (America/Chicago), a fixed UTC-6, or China Standard Time (Asia/Shanghai)?"),
    "cdt": ("CDT", "Is CDT the fixed offset UTC-5, or Chicago time with summer time (America/Chicago)?"),
    "mst": ("MST", "Is MST the fixed offset UTC-7, or Denver time with summer time (America/Denver)?"),
    "mdt": ("MDT", "Is MDT the fixed offset UTC-6, or Denver time with summer time (America/Denver)?"),
    "pst": ("PST", "Is PST the fixed offset UTC-8, or Los Angeles time with summer time (America/Los_Angeles)?"),
    "pdt": ("PDT", "Is PDT the fixed offset UTC-7, or Los Angeles time with summer time (America/Los_Angeles)?"),
    "cet": ("CET", "Is CET the fixed offset UTC+1, or local time with summer time (for example Europe/Berlin)?"),
    "cest": ("CEST", "Is CEST the fixed offset UTC+2, or local time with winter time (for example Europe/Berlin)?"),
    "mez": ("CET", "Is MEZ the fixed offset UTC+1, or local time with summer time (Europe/Berlin)?"),
    "eet": ("EET", "Is EET the fixed offset UTC+2, or local time with summer time (for example Europe/Helsinki)?"),
    "wet": ("WET", "Is WET the fixed offset UTC, or local time with summer time (for example Europe/Lisbon)?"),
    "bst": ("BST", "Is BST British Summer Time (Europe/London) or Bangladesh Standard Time (Asia/Dhaka)?"),
    "ist": ("IST", "Is IST Indian (Asia/Kolkata), Irish (Europe/Dublin) or Israel time (Asia/Jerusalem)?"),
    "brt": ("BRT", ""),
    "aest": ("AEST", "Is AEST the fixed offset UTC+10, or Sydney time with summer time (Australia/Sydney)?"),
    "et": ("America/New_York", ""),
    "pt": ("America/Los_Angeles", ""),
    "mt": ("America/Denver", ""),
}
_ZONE_WORDS: Lexicon[str] = Lexicon(
    [
        ("eastern time|us eastern|eastern", "America/New_York"),
        ("pacific time|us pacific|pacific", "America/Los_Angeles"),
        ("central time|us central", "America/Chicago"),
        ("mountain time|us mountain", "America/Denver"),
        ("local time|local|lokalzeit", "local"),
        ("uk time|london time", "Europe/London"),
        ("berlin time", "Europe/Berlin"),
        ("北京时间", "Asia/Shanghai"),
    ]
)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day in minutes from midnight; `half` is am, pm or empty when the text did not say."""

    minutes: int
    end: int
    half: str = ""
    marked: bool = True  # False for a bare number, which is a time only as the start of a range

    @property
    def text(self) -> str:
        return hhmm(self.minutes)


@dataclass(frozen=True, slots=True)
class ClockRange:
    """Start and end in minutes from midnight; an end before the start is on the next day.

    `guessed` marks `9 to 5`, taken as 09:00 to 17:00, for the caller to ask about.
    """

    start: int
    stop: int
    end: int
    guessed: bool = False

    @property
    def seconds(self) -> int:
        return ((self.stop - self.start) % DAY_MINUTES or DAY_MINUTES) * 60

    @property
    def next_day(self) -> bool:
        return self.stop <= self.start


@dataclass(frozen=True, slots=True)
class Zone:
    name: str
    end: int
    ask: str = ""


def hhmm(minutes: int) -> str:
    """540 → `09:00`; the end of a day is written 24:00."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def clock_at(tokens: Tokens, i: int, *, bare: bool = False) -> Clock | None:
    """`10:00`, `2:00 AM`, `10am`, `18h30`, `18 Uhr`, `noon`, `上午10点`; a bare `9` only when asked for."""
    half = ""
    for _ in range(3):
        if not (hit := _BEFORE.at(tokens, i)):
            break
        half = "am" if _AM.has(tokens, i) else "pm" if _PM.has(tokens, i) else half
        bare = bare or (tokens[i].key in {"at", "@", "um", "as"} and _hour_only(tokens, hit[1]))
        i = hit[1]
    if named := _NAMED.at(tokens, i):
        return Clock(named[0], named[1], "pm" if named[0] else "am")
    raw = _digits(tokens, i)
    return _halved(tokens, *raw, half, bare) if raw else None


def _hour_only(tokens: Tokens, i: int) -> bool:
    """A bare hour after `at`: nothing behind it that would make it a count or a unit."""
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    return (
        after is None
        or (after.kind == "punct" and after.key in {",", ";", ")", "("})
        or zone_at(tokens, i + 1) is not None
    )


def _digits(tokens: Tokens, i: int) -> tuple[int, int, bool] | None:
    """Minutes, end, and whether the form says by itself that it is a time."""
    if i >= len(tokens):
        return None
    token = tokens[i]
    if token.kind == "clock":
        hour, minute = (int(part) for part in token.text.split(":")[:2])
        mark = _HOUR_MARK.at(tokens, i + 1)
        return (hour * 60 + minute, mark[1] if mark else i + 1, True) if hour <= 24 and minute < 60 else None
    if token.kind != "num":
        return None
    return _military(tokens, i) or _hours(tokens, i)


def _military(tokens: Tokens, i: int) -> tuple[int, int, bool] | None:
    """`0200 UTC`, `1430h`: four digits that are followed by a zone or an hour mark, or start with a zero."""
    text = tokens[i].text
    if len(text) != 4 or not text.isdigit() or int(text[:2]) > 24 or int(text[2:]) > 59:
        return None
    mark = _MILITARY_MARK.at(tokens, i + 1)
    if not (mark or text[0] == "0" or zone_at(tokens, i + 1)):
        return None
    return int(text[:2]) * 60 + int(text[2:]), mark[1] if mark else i + 1, True


def _hours(tokens: Tokens, i: int) -> tuple[int, int, bool] | None:
    """`18h30`, `18h`, `18.30 Uhr`, `10点30分`, `9`."""
    value, text = tokens[i].value, tokens[i].text
    if "." in text and (_HOUR_MARK.has(tokens, i + 1) or _AM.has(tokens, i + 1) or _PM.has(tokens, i + 1)):
        hour, _, minute = text.partition(".")
        mark = _HOUR_MARK.at(tokens, i + 1)
        good = hour.isdigit() and len(minute) == 2 and int(hour) <= 24 and int(minute) < 60
        return (int(hour) * 60 + int(minute), mark[1] if mark else i + 1, True) if good else None
    if not isinstance(value, int) or value > 24:
        return None
    glued = tokens[i + 1].key if i + 1 < len(tokens) and tokens[i + 1].start == tokens[i].end else ""
    if glued[:1] == "h" and glued[1:].isdigit() and len(glued) == 3 and int(glued[1:]) < 60:
        return value * 60 + int(glued[1:]), i + 2, True
    mark = _HOUR_MARK.at(tokens, i + 1)
    if (
        mark
        and mark[1] < len(tokens)
        and tokens[mark[1]].kind == "num"
        and tokens[mark[1]].start == tokens[mark[1] - 1].end
    ):
        minute_value = tokens[mark[1]].value
        if isinstance(minute_value, int) and minute_value < 60:
            return value * 60 + minute_value, mark[1] + 1, True
    return value * 60, mark[1] if mark else i + 1, mark is not None


def _halved(tokens: Tokens, minutes: int, end: int, marked: bool, half: str, bare: bool) -> Clock | None:
    for name, lexicon in (("am", _AM), ("pm", _PM)):
        if hit := lexicon.at(tokens, end):
            half, end = name, hit[1]
    if not (marked or half or bare):
        return None
    return Clock(_shift(minutes, half), end, half, marked or bool(half))


def _shift(minutes: int, half: str) -> int:
    if half == "pm" and minutes < 720:
        return minutes + 720
    return minutes - 720 if half == "am" and 720 <= minutes < 780 else minutes


def clock_range_at(tokens: Tokens, i: int, *, loose: bool = False) -> ClockRange | None:
    """`10:00 PM - 2:00 AM`, `2-3 AM`, `9–17h`, `between 2 and 4 am`, `8h à 12h30`; `9-17` without a mark only if `loose`."""
    lead = _LEAD.at(tokens, i)
    first = clock_at(tokens, lead[1] if lead else i, bare=True)
    first_end = _skip_zone(tokens, first.end) if first else 0
    dash = _TO.at(tokens, first_end) or (_AND.at(tokens, first_end) if lead else None) if first else None
    if not first or not dash:
        return None
    second = clock_at(tokens, dash[1], bare=True)
    if not second or not (first.marked or second.marked or loose):
        return None
    start = first.minutes
    if second.half and not first.half and not first.marked:
        start = _borrow(first.minutes, second)
    if not first.marked and not second.marked and second.minutes <= start <= 720:
        return ClockRange(start, second.minutes + 720, second.end, guessed=True)
    return ClockRange(start, second.minutes, second.end) if start != second.minutes else None


def _skip_zone(tokens: Tokens, i: int) -> int:
    zone = zone_at(tokens, i)
    return zone.end if zone else i


def _borrow(minutes: int, second: Clock) -> int:
    """In `2-3 AM` the first takes the half of the second, unless that would put it behind (`11-2 PM`)."""
    same = _shift(minutes, second.half)
    return same if same < second.minutes else minutes


@cache
def _iana() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones() if "/" in name}


def zone_at(tokens: Tokens, i: int) -> Zone | None:
    """`UTC`, `EST`, `Europe/Berlin`, `UTC+2`, `Eastern Time`; ambiguous abbreviations carry a question."""
    if i >= len(tokens):
        return None
    if tokens[i].key == "(" and i + 2 < len(tokens) and tokens[i + 1].key != "(":
        inner = zone_at(tokens, i + 1)
        return (
            Zone(inner.name, inner.end + 1, inner.ask)
            if inner and inner.end < len(tokens) and tokens[inner.end].key == ")"
            else None
        )
    if named := _ZONE_WORDS.at(tokens, i):
        return Zone(named[0], named[1])
    return _iana_at(tokens, i) or _offset_at(tokens, i) or _abbreviation_at(tokens, i)


def _iana_at(tokens: Tokens, i: int) -> Zone | None:
    """Longest of `Area/City`, `Area/Region/City`, written without spaces."""
    for size in (5, 3):
        part = tokens[i : i + size]
        if len(part) == size and part[1].key == "/":
            name = "".join(token.text for token in part).lower()
            if name in _iana():
                return Zone(_iana()[name], i + size)
    return None


def _offset_at(tokens: Tokens, i: int) -> Zone | None:
    if tokens[i].key not in {"utc", "gmt"} or i + 2 >= len(tokens) or tokens[i + 1].key not in {"+", "-"}:
        return None
    figure, sign = tokens[i + 2], tokens[i + 1].key
    if tokens[i + 1].end != figure.start:
        return None
    hour, _, minute = figure.text.partition(":")
    if not hour.isdigit() or int(hour) > 14:
        return None
    return Zone(f"UTC{sign}{int(hour):02d}:{minute or '00'}", i + 3)


def _abbreviation_at(tokens: Tokens, i: int) -> Zone | None:
    known = _ZONES.get(tokens[i].key)
    if not known or not (tokens[i].text.isupper() or tokens[i].key in {"utc", "gmt"}):
        return None
    return Zone(known[0], i + 1, known[1])
