"""Lengths of time at a token position: `5 minutes`, `1h 30m`, `5-10 min`, `PT45M`, `half an hour`. All in seconds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from opsportal.runbooks.phrases.tokens import Token, words
from opsportal.runbooks.phrases.vocabulary import (
    APPROX,
    BETWEEN,
    BUSINESS,
    MONTH,
    NUMBER_WORDS,
    RANGE_WORDS,
    TIME_UNITS,
)

Tokens = Sequence[Token]

_HALF = words("and a half|and half|et demie|et demi|y media|e meia|einhalb")
_PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_PERIOD_SECONDS = (365 * 86400, MONTH, 604800, 86400, 3600, 60, 1)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time from `low` to `high` seconds (the same twice for a plain duration); `business` counts working time."""

    low: float | None
    high: float | None
    end: int
    approx: bool = False
    business: bool = False
    months: int = 0  # calendar months, when the unit was month, quarter or year
    unit: str = ""
    count: float = 0


def whole(value: float) -> int | float:
    """An int where the number is one: 300.0 → 300, and no binary dust: 43.2 min → 2592."""
    rounded = round(value, 9)
    return int(rounded) if rounded == int(rounded) else rounded


def number_at(tokens: Tokens, i: int) -> tuple[float, int] | None:
    """A number in digits or, in front of a unit of time, in words; with `k`, `million` … multiplied out."""
    if i >= len(tokens):
        return None
    token = tokens[i]
    if token.kind == "num":
        return (token.value, i + 1) if token.value is not None else None
    hit = NUMBER_WORDS.at(tokens, i)
    return hit if hit and _unit_follows(tokens, hit[1]) else None


def _unit_follows(tokens: Tokens, i: int) -> bool:
    last = i + 6
    while i < min(last, len(tokens)) and (
        BUSINESS.has(tokens, i)
        or tokens[i].key in {"or", "more", "-", "to", "full", "consecutive", "ou", "oder"}
        or NUMBER_WORDS.has(tokens, i)
    ):
        i += 1
    return time_unit_at(tokens, i) is not None


def time_unit_at(tokens: Tokens, i: int) -> tuple[float, str, int] | None:
    """Seconds, name and end of a unit of time; a capital `M` is no minute (it means million)."""
    hit = TIME_UNITS.at(tokens, i)
    if not hit or tokens[i].text == "M" or (tokens[i].key in {"y", "a"} and i and tokens[i].start > tokens[i - 1].end):
        return None  # `5 y 10` is Spanish for "5 and 10"
    return hit[0][0], hit[0][1], hit[1]


MONTHS = {"month": 1, "quarter": 3, "year": 12}


def _one(tokens: Tokens, i: int) -> Span | None:
    """`5 minutes`, `5-minute`, `4 business hours`, `PT5M`, `two hours`."""
    if i < len(tokens) and tokens[i].kind == "period":
        return _iso(tokens[i].text, i + 1)
    if clock := _hours_minutes(tokens, i):
        return clock
    hit = number_at(tokens, i)
    if not hit:
        return None
    value, j = hit
    j += j < len(tokens) and tokens[j].key == "-" and time_unit_at(tokens, j + 1) is not None
    business = BUSINESS.at(tokens, j)
    j = business[1] if business else j
    j += j < len(tokens) and tokens[j].key == "+" and time_unit_at(tokens, j + 1) is not None
    j += j < len(tokens) and tokens[j].key in {
        "full",
        "consecutive",
        "-",
        "successive",
        "straight",
        "aufeinanderfolgende",
    }
    unit = time_unit_at(tokens, j)
    if not unit:
        return None
    seconds, name, end = unit
    months = int(value * MONTHS.get(name, 0))
    return Span(value * seconds, value * seconds, end, name in MONTHS, business is not None, months, name, value)


def _hours_minutes(tokens: Tokens, i: int) -> Span | None:
    """`1:30 h`, `2h30`."""
    if i + 1 >= len(tokens):
        return None
    if tokens[i].kind == "clock" and time_unit_at(tokens, i + 1) and tokens[i + 1].key[0] in "hs":
        hours, minutes = (int(part) for part in tokens[i].text.split(":")[:2])
        total = hours * 3600 + minutes * 60
        return Span(total, total, i + 2, unit="s", count=total)
    glued = (
        re.fullmatch(r"h(\d\d)(?:m|min)?", tokens[i + 1].key)
        if tokens[i].kind == "num" and isinstance(tokens[i].value, int)
        else None
    )
    if not glued or tokens[i].end != tokens[i + 1].start:
        return None
    total = int(tokens[i].value or 0) * 3600 + int(glued.group(1)) * 60
    return Span(total, total, i + 2, unit="s", count=total)


def _iso(text: str, end: int) -> Span | None:
    match = _PERIOD.fullmatch(text)
    if not match:
        return None
    parts = [int(group or 0) for group in match.groups()]
    total = float(sum(n * s for n, s in zip(parts, _PERIOD_SECONDS, strict=True)))
    months = parts[0] * 12 + parts[1]
    unit, count = ("month", months) if months else _largest(total)
    return Span(total, total, end, bool(months), months=months, unit=unit, count=count)


def _largest(seconds: float) -> tuple[str, int]:
    for name, size in (("w", 604800), ("d", 86400), ("h", 3600), ("min", 60)):
        if seconds and seconds % size == 0:
            return name, int(seconds // size)
    return "s", int(seconds)


def duration_at(tokens: Tokens, i: int) -> Span | None:
    """One duration, also composed: `1h 30m`, `1 hour and 30 minutes`, `~5 min`, `half an hour`."""
    start, approx = i, APPROX.at(tokens, i)
    first = _one(tokens, approx[1] if approx else start)
    if not first or first.low is None:
        return None
    total, end, smallest, parts = first.low, first.end, first.unit, 1
    if half := _HALF.at(tokens, end):
        total, end, parts = total + total / first.count / 2 if first.count else total, half[1], 2
    elif minutes := _minutes_after_hours(tokens, first):
        total, end, parts = total + 60 * minutes, end + 1, 2
    while more := _next_part(tokens, end, smallest):
        total, end, smallest, parts = total + (more.low or 0), more.end, more.unit, parts + 1
    unit, count = (first.unit, first.count) if parts == 1 else ("s", total)
    return Span(total, total, end, first.approx or approx is not None, first.business, first.months, unit, count)


def _minutes_after_hours(tokens: Tokens, first: Span) -> int:
    """The 30 of `2 h 30`."""
    if (
        first.unit != "h"
        or first.end >= len(tokens)
        or tokens[first.end].kind != "num"
        or time_unit_at(tokens, first.end + 1)
    ):
        return 0
    value, text = tokens[first.end].value, tokens[first.end].text
    return value if isinstance(value, int) and len(text) == 2 and value < 60 else 0


_ORDER = ["year", "quarter", "month", "w", "d", "h", "min", "s", "ms"]


def _next_part(tokens: Tokens, i: int, bigger: str) -> Span | None:
    """The `30 min` after `1 h`: a smaller unit, at most an `and` between."""
    j = i + (i < len(tokens) and tokens[i].key in {"and", "und", "et", "y", "e"})
    part = _one(tokens, j)
    if part and j > i and len(tokens[part.end - 1].key) <= 2:
        return None  # `over 1h and 5m` names two windows, `1 hour and 30 minutes` one length
    smaller = part and part.unit in _ORDER and bigger in _ORDER and _ORDER.index(part.unit) > _ORDER.index(bigger)
    return part if smaller else None


def span_at(tokens: Tokens, i: int) -> Span | None:
    """A duration or a range of durations: `5-10 minutes`, `30s to 2m`, `between 5 and 10 min`, `0–5min`."""
    between = BETWEEN.at(tokens, i)
    return _range(tokens, between[1] if between else i) or (None if between else duration_at(tokens, i))


def _range(tokens: Tokens, i: int) -> Span | None:
    approx = APPROX.at(tokens, i)
    i = approx[1] if approx else i
    low = number_at(tokens, i)
    if not low:
        return None
    unit = time_unit_at(tokens, low[1])
    dash = RANGE_WORDS.at(tokens, unit[2] if unit else low[1])
    if not dash or (unit and tokens[unit[2]].key in {"and", "und", "et", "y", "e", "和"}):
        return None
    high = _one(tokens, dash[1])
    if not high or high.high is None:
        return None
    size = unit[0] if unit else high.high / high.count if high.count else 1
    start = low[0] * size
    return (
        Span(start, high.high, high.end, approx is not None or high.approx, high.business)
        if start <= high.high
        else None
    )
