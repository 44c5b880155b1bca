"""Values with a unit at a token position: numbers, money, bytes, rates, times, placeholders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opsportal.runbooks.phrases.lengths import MONTHS, Span, duration_at, number_at, time_unit_at, whole
from opsportal.runbooks.phrases.placeholders import is_placeholder
from opsportal.runbooks.phrases.tokens import Lexicon, Token

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


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with its unit: `v` is None for a placeholder; `seconds` is given for times; `written` as it stood."""

    v: int | float | None
    u: str = ""
    seconds: int | float | None = None
    written: str = ""
    placeholder: bool = False


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
    if span.unit in _KEPT or span.unit in MONTHS:
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
