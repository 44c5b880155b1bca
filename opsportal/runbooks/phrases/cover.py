"""Hours of cover: `24/7`, `9am-5:30pm Mon-Fri except Bank Holidays`, `工作日9:00-21:00`."""

from __future__ import annotations

from collections.abc import Sequence

from opsportal.runbooks.phrases import schedule_words as sw
from opsportal.runbooks.phrases.clock import ClockRange, Zone, clock_range_at, hhmm, zone_at
from opsportal.runbooks.phrases.days import compact, days_at
from opsportal.runbooks.phrases.json import Facts, not_understood
from opsportal.runbooks.phrases.tokens import Token, clean, text_of, tokenize, words
from opsportal.runbooks.phrases.vocabulary import APPROX

_ALWAYS = words(
    "always|around the clock|round the clock|24 hours|24 hours a day|24 hrs|24h|continuous|at all times|follow the sun|follow-the-sun|any time|anytime|rund um die uhr|24 stunden|jour et nuit|"
    "24 heures sur 24|las 24 horas|24 horas|a toda hora|全天候|全天"
)
_BEST_EFFORT = words(
    "best endeavours|best endeavors|best effort|best-effort|none|no cover|not covered|no guaranteed cover|no on-call|unsupported|nach bestem bemuhen|"
    "keine|au mieux|sans garantie|mejor esfuerzo|melhor esforco|尽力"
)
_WORKING = words(
    "office hours|business hours|working hours|core hours|work hours|in hours|in-hours|standard hours|regular hours|normal hours|burozeiten|geschaftszeiten|"
    "arbeitszeiten|arbeitszeit|heures ouvrables|heures de bureau|heures ouvrees|horario laboral|horario de oficina|horario comercial|工作时间"
)
_OUTSIDE = words(
    "out of hours|out-of-hours|ooh|outside office hours|outside of office hours|outside business hours|outside of business hours|outside working hours|outside of working hours|after hours|after-hours|nach feierabend|non-business hours"
)


def parse(text: str) -> Facts:
    """`always`, or `days`, `start`, `end` (local time, `tz` when given), `except`; hours nobody named are asked for."""
    source = clean(text)
    tokens = tokenize(source)
    if (
        tokens
        and all(token.kind in {"hole", "punct"} for token in tokens)
        and any(token.kind == "hole" for token in tokens)
    ):
        return {
            "cover": None,
            "v": None,
            "placeholder": True,
            "placeholders": [token.text for token in tokens if token.kind == "hole"],
        }
    periods, days, zone, used = _periods(tokens)
    if not periods:
        return _without_hours(tokens, days, zone) or not_understood(text)
    facts = _facts(periods[0], zone)
    if len(periods) > 1:
        facts["also"] = [_facts(period, zone) for period in periods[1:]]
        facts["cover"] = "; ".join(
            str(part["cover"]) for part in (facts, *(_facts(period, zone) for period in periods[1:]))
        )
    _marks(tokens, facts)
    return facts | _note(source, tokens, used)


Period = tuple[tuple[str, ...], ClockRange]


def _periods(tokens: Sequence[Token]) -> tuple[list[Period], tuple[str, ...], Zone | None, set[int]]:
    """Pairs of days and hours in order; days may stand before or behind their hours."""
    found: list[Period] = []
    days: tuple[str, ...] = ()
    open_span: ClockRange | None = None
    zone: Zone | None = None
    used: set[int] = set()
    i = 0
    while i < len(tokens):
        end = i + 1
        if span := clock_range_at(tokens, i, loose=True):
            end = span.end
            if days and not (open_span and not found):
                found.append((days, span))
                days = ()
            else:
                open_span = span
        elif day := days_at(tokens, i):
            days, end = day
            if open_span:
                found.append((days, open_span))
                open_span, days = None, ()
        elif here := zone_at(tokens, i):
            zone, end = here, here.end
        else:
            used.discard(i)
            i += 1
            continue
        used.update(range(i, end))
        i = end
    if open_span:
        found.append((days or (sw.WORK_DAYS if _WORKING.find(tokens) else sw.DAY_CODES), open_span))
    return found, days, zone, used


def _facts(period: Period, zone: Zone | None) -> Facts:
    days, span = period
    ordered = [code for code in sw.DAY_CODES if code in days]
    facts: Facts = {
        "cover": f"{compact(days)} {hhmm(span.start)}-{hhmm(span.stop)}",
        "days": list(ordered),
        "start": hhmm(span.start),
        "end": hhmm(span.stop),
    }
    if span.next_day:
        facts["next_day"] = True
    if zone:
        facts["tz"] = zone.name
        if zone.ask:
            facts["ask"] = zone.ask
    if span.guessed:
        facts["ask"] = f"Is {hhmm(span.start)} to {hhmm(span.stop)} meant?"
    return facts


def _without_hours(tokens: Sequence[Token], days: tuple[str, ...], zone: Zone | None) -> Facts | None:
    if any(token.kind == "always" for token in tokens) or (_ALWAYS.find(tokens) and not _WORKING.find(tokens)):
        limited = bool(days) and len(days) < 7
        facts: Facts = (
            {"cover": f"{compact(days)} 00:00-24:00", "days": list(days)}
            if limited
            else {"cover": "24/7", "always": True}
        )
        _holidays(tokens, facts)
        if _WORKING.find(tokens):
            facts["ask"] = "For what is somebody there around the clock, and for what in office hours only?"
        return facts
    if any(tuple(token.text for token in tokens[i : i + 3]) == ("24", "/", "5") for i in range(len(tokens))):
        return {"cover": "MO-FR 00:00-24:00", "days": list(sw.WORK_DAYS), "start": "00:00", "end": "24:00"}
    if _OUTSIDE.find(tokens):
        return {"cover": "out of hours", "outside_hours": True, "ask": "Which are the office hours (days, from, to)?"}
    if _WORKING.find(tokens):
        return {
            "cover": f"{compact(days or sw.WORK_DAYS)} office hours",
            "days": list(days or sw.WORK_DAYS),
            "start": None,
            "end": None,
            "ask": "From when to when are the office hours?",
            **({"tz": zone.name} if zone else {}),
        }
    if _BEST_EFFORT.find(tokens):
        return {"cover": "best effort", "guaranteed": False, "best_effort": True}
    if days:
        return {
            "cover": f"{compact(days)}",
            "days": list(days),
            "start": None,
            "end": None,
            "ask": "From when to when on these days?",
        }
    return None


def _marks(tokens: Sequence[Token], facts: Facts) -> None:
    _holidays(tokens, facts)
    if APPROX.find(tokens):
        facts["approx"] = True


def _holidays(tokens: Sequence[Token], facts: Facts) -> None:
    if sw.HOLIDAYS_OFF.find(tokens):
        facts["except"] = "holidays"
    elif sw.HOLIDAYS_ON.find(tokens):
        facts["including"] = "holidays"


def _note(source: str, tokens: Sequence[Token], used: set[int]) -> Facts:
    left = text_of(source, [token for n, token in enumerate(tokens) if n not in used and token.kind == "word"])
    return {"note": left} if left and len(left.split()) > 3 else {}
