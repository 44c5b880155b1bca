"""Numbers with units, durations and spans of time at a token position. All times come back in seconds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from opsportal.runbooks.phrases.placeholders import is_placeholder
from opsportal.runbooks.phrases.tokens import Lexicon, Token, words
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

_KEPT = {"ns", "us", "ms", "s", "d"}  # minutes and hours are given in seconds, the rest as written
_CURRENCY: Lexicon[str] = Lexicon(
    [
        ("$|usd|us$|dollars|dollar", "USD"),
        ("€|eur|euro|euros", "EUR"),
        ("£|gbp|pounds", "GBP"),
        ("¥|jpy|yen", "JPY"),
        ("cny|rmb|yuan", "CNY"),
        ("chf", "CHF"),
        ("brl|r$", "BRL"),
    ]
)
_MAGNITUDE: Lexicon[int] = Lexicon(
    [
        ("k|thousand|tausend|mille|mil", 1_000),
        ("million|millions|mio|mio.|millionen|millones|milhoes|mn", 1_000_000),
        ("billion|billions|bn|milliarden|mrd", 1_000_000_000),
        ("万", 10_000),
    ]
)
_UNITS: Lexicon[str] = Lexicon(
    [
        ("%|percent|per cent|prozent|pour cent|por ciento|por cento|pct", "%"),
        ("percentage points|percentage point|pp|prozentpunkte", "pp"),
        ("x|×|-fold|fold|times the|times|fois|mal|veces|vezes|倍", "ratio"),
        ("bytes|byte", "B"),
        ("kb", "KB"),
        ("mb|megabytes", "MB"),
        ("gb|gig|gigs|gigabytes|go", "GB"),
        ("tb|terabytes", "TB"),
        ("pb", "PB"),
        ("kib|ki", "KiB"),
        ("mib|mi", "MiB"),
        ("gib|gi", "GiB"),
        ("tib|ti", "TiB"),
        ("kbps", "kbit/s"),
        ("mbps|mbit/s", "Mbit/s"),
        ("gbps|gbit/s", "Gbit/s"),
        ("rps|reqs/s", "req/s"),
        ("qps", "queries/s"),
        ("tps", "transactions/s"),
        ("iops", "ops/s"),
        ("rpm", "req/min"),
        ("°c|℃|°|degrees|grad", "°C"),
        ("req/sec|req/s", "req/s"),
        ("basis points|bps", "bp"),
    ]
)
BYTES = {
    "B": 1,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "PB": 10**15,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
    "TiB": 2**40,
}
_HALF = words("and a half|and half|et demie|et demi|y media|e meia|einhalb")
_PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_PERIOD_SECONDS = (365 * 86400, MONTH, 604800, 86400, 3600, 60, 1)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with its unit: `v` is None for a placeholder; `seconds` is given for times; `written` as it stood."""

    v: int | float | None
    u: str = ""
    seconds: int | float | None = None
    written: str = ""
    placeholder: bool = False


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


_MONTHS = {"month": 1, "quarter": 3, "year": 12}


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
    months = int(value * _MONTHS.get(name, 0))
    return Span(value * seconds, value * seconds, end, name in _MONTHS, business is not None, months, name, value)


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


def quantity_at(tokens: Tokens, i: int) -> tuple[Quantity, int] | None:
    """A value with unit, a currency amount, or a placeholder with its unit: `50,000`, `3.6%`, `$15`, `[X]ms`, `10k req/s`."""
    if i >= len(tokens):
        return None
    if tokens[i].kind == "hole":
        return _hole(tokens, i)
    money = _CURRENCY.at(tokens, i)
    hit = number_at(tokens, money[1] if money else i)
    if not hit:
        return None
    value, end = _magnified(tokens, *hit)
    if money:
        return Quantity(whole(value), money[0]), end
    return _with_unit(tokens, i, value, end)


def _magnified(tokens: Tokens, value: float, end: int) -> tuple[float, int]:
    if end < len(tokens) and tokens[end].text == "M" and tokens[end].start == tokens[end - 1].end:
        return value * 1_000_000, end + 1
    size = _MAGNITUDE.at(tokens, end)
    return (value * size[0], size[1]) if size else (value, end)


def _with_unit(tokens: Tokens, i: int, value: float, end: int) -> tuple[Quantity, int]:
    if span := duration_at(tokens, i):
        return _time(tokens, i, span), span.end
    money = _CURRENCY.at(tokens, end)
    if money:
        return Quantity(whole(value), money[0]), money[1]
    j = end + (end < len(tokens) and tokens[end].key == "-" and _UNITS.has(tokens, end + 1))
    unit = _UNITS.at(tokens, j)
    if unit and not (unit[0] == "ratio" and unit[1] < len(tokens) and tokens[unit[1]].key in {"in", "per", "a", "/"}):
        return Quantity(_kept(tokens[i], value), unit[0]), unit[1]
    return Quantity(_kept(tokens[i], value)), end


def _kept(token: Token, value: float) -> int | float:
    """A number written with a decimal stays one (`2.0x`), else whole numbers are whole."""
    return value if token.value == value else whole(value)


def _time(tokens: Tokens, i: int, span: Span) -> Quantity:
    seconds = whole(span.low or 0)
    written = " ".join(token.text for token in tokens[i : span.end])
    if span.unit in _KEPT or span.unit in _MONTHS:
        return Quantity(whole(span.count), span.unit, seconds, written)
    return Quantity(seconds, "s", seconds, written)


def _hole(tokens: Tokens, i: int) -> tuple[Quantity, int]:
    inner = tokens[i].text.strip("[]<>{}$() ")
    unit = _unit_name(inner) if is_placeholder(tokens[i].text) else ""
    if unit:
        return Quantity(None, unit, placeholder=True, written=tokens[i].text), i + 1
    if found := _UNITS.at(tokens, i + 1):
        return Quantity(None, found[0], placeholder=True, written=tokens[i].text), found[1]
    if (time := time_unit_at(tokens, i + 1)) and tokens[i + 1].kind == "word":
        return Quantity(None, time[1], placeholder=True, written=tokens[i].text), time[2]
    return Quantity(None, placeholder=True, written=tokens[i].text), i + 1


_HOLE_UNITS = {
    "%": "%",
    "ms": "ms",
    "s": "s",
    "sec": "s",
    "min": "min",
    "req/sec": "req/s",
    "req/s": "req/s",
    "rps": "req/s",
    "MB": "MB",
    "GB": "GB",
}


def _unit_name(inner: str) -> str:
    return _HOLE_UNITS.get(inner, "")
