"""Rules for how often: counts (`3x a week`), intervals (`every 90 days`), adverbs (`quarterly`)."""

from __future__ import annotations

from collections.abc import Sequence

from opsportal.runbooks.phrases import schedule_words as sw
from opsportal.runbooks.phrases.clock import clock_at
from opsportal.runbooks.phrases.days import day_at, days_at
from opsportal.runbooks.phrases.interval import interval
from opsportal.runbooks.phrases.lengths import Span, duration_at, number_at, span_at
from opsportal.runbooks.phrases.schedule_state import Schedule
from opsportal.runbooks.phrases.tokens import Token, fold
from opsportal.runbooks.phrases.vocabulary import EVERY, TIME_UNITS


def count_rule(schedule: Schedule, i: int) -> int | None:
    """`twice a day`, `3 times per week`, `3x daily`, `4x/year`, `once every 2 weeks`, `每日3次`."""
    times = sw.TIMES.at(schedule.tokens, i)
    if not times and (value := number_at(schedule.tokens, i) or _word_number(schedule.tokens, i)):
        noun = sw.TIMES_NOUN.at(schedule.tokens, value[1])
        times = (int(value[0]), noun[1]) if noun else None
    if not times:
        return None
    end = _period_after(schedule, times[1])
    if not end and not schedule.freq:
        return None
    schedule.count = times[0] if times[0] > 1 else 0
    return end or times[1]


def _word_number(tokens: Sequence[Token], i: int) -> tuple[float, int] | None:
    names = {
        "two": 2,
        "three": 3,
        "four": 4,
        "five": 5,
        "six": 6,
        "zwei": 2,
        "drei": 3,
        "vier": 4,
        "deux": 2,
        "trois": 3,
        "quatre": 4,
        "两": 2,
        "二": 2,
        "三": 3,
        "四": 4,
        "dos": 2,
        "tres": 3,
        "duas": 2,
        "dois": 2,
        "cuatro": 4,
        "quatro": 4,
    }
    value = names.get(tokens[i].key)
    return (value, i + 1) if value else None


def _period_after(schedule: Schedule, i: int) -> int | None:
    """The period behind a count: `a day`, `per week`, `daily`, `/year`, `every 2 weeks`."""
    if end := every_rule(schedule, i) or adverb_rule(schedule, i):
        return end
    per = sw.PER.at(schedule.tokens, i)
    noun = sw.PERIOD_NOUNS.at(schedule.tokens, per[1]) if per else None
    if not noun:
        return None
    set_frequency(schedule, *noun[0])
    return noun[1]


def set_frequency(schedule: Schedule, freq: str, every: int) -> None:
    """The first frequency wins, except that a longer one refines a day (`Daily … (Monthly)` is rare: the first is the label's)."""
    if not schedule.freq:
        schedule.freq, schedule.interval = freq, every
    schedule.explicit = True


def every_rule(schedule: Schedule, i: int) -> int | None:
    """`every 6 hours`, `alle 90 Tage`, `every other week`, `every other Tuesday`, `every 2-4 weeks`."""
    tokens = schedule.tokens
    if i < len(tokens) and tokens[i].key in {"alternate", "alternating"}:
        return _every_other(schedule, i + 1, tokens[i].key)
    hit = EVERY.at(tokens, i)
    if not hit:
        return None
    j = hit[1] + (hit[1] < len(tokens) and tokens[i].key == "rate" and tokens[hit[1]].key == "(")
    other = sw.OTHER.at(tokens, j)
    end = (_every_other(schedule, other[1], tokens[j].key) if other else None) or _nth_day(schedule, j)
    if end:
        return end
    if span := span_at(tokens, j):
        return _set_interval(schedule, span)
    return _every_noun(schedule, j) or _marks_explicit(schedule, j)


def _every_noun(schedule: Schedule, i: int) -> int | None:
    """`each week`, `every night`; Portuguese `todo dia 5` is the fifth of each month and left to the dates."""
    noun = sw.PERIOD_NOUNS.at(schedule.tokens, i)
    if not noun:
        return None
    if schedule.tokens[i].key == "dia" and noun[1] < len(schedule.tokens) and schedule.tokens[noun[1]].kind == "num":
        return i
    set_frequency(schedule, *noun[0])
    if schedule.tokens[i].key in {"night", "nacht"}:
        schedule.part = "night"
    return noun[1]


def _nth_day(schedule: Schedule, i: int) -> int | None:
    """`every 3rd day`, `every 2nd week`: an ordinal in front of a unit."""
    hit = sw.ORDINALS.at(schedule.tokens, i)
    unit = TIME_UNITS.at(schedule.tokens, hit[1]) if hit and hit[0] > 1 else None
    if not hit or not unit or sw.OF_PERIOD.at(schedule.tokens, unit[1]):
        return None
    seconds, name = unit[0]
    months = {"month": hit[0], "quarter": 3 * hit[0], "year": 12 * hit[0]}.get(name, 0)
    return _set_interval(
        schedule, Span(seconds * hit[0], seconds * hit[0], unit[1], months=months, unit=name, count=hit[0])
    )


def _every_other(schedule: Schedule, i: int, word: str) -> int | None:
    day = day_at(schedule.tokens, i)
    noun = sw.PERIOD_NOUNS.at(schedule.tokens, i)
    if day and sw.OF_PERIOD.has(schedule.tokens, day[1]) and word in {"second", "2", "zweiten"}:
        return None
    if day:
        schedule.days = (day[0],)
        set_frequency(schedule, "WEEKLY", 2)
        if word in {"second", "2", "zweiten"}:
            schedule.asks.append("Every other week, or the second one of the month?")
            schedule.options = [f"FREQ=WEEKLY;INTERVAL=2;BYDAY={day[0]}", f"FREQ=MONTHLY;BYDAY=2{day[0]}"]
        return day[1]
    if not noun:
        return None
    set_frequency(schedule, noun[0][0], noun[0][1] * 2)
    return noun[1]


def _set_interval(schedule: Schedule, span: Span) -> int:
    if span.low != span.high:
        schedule.asks.append("A range is no schedule: which interval is meant?")
        schedule.explicit = True
        return span.end
    rule = str(interval(span).get("rrule", "FREQ="))
    freq, _, every = rule.partition(";INTERVAL=")
    set_frequency(schedule, freq.removeprefix("FREQ="), int(every or 1))
    return span.end


def _marks_explicit(schedule: Schedule, i: int) -> int | None:
    """`every Monday`, `each morning`: the rest is read by the other rules, but nobody needs to ask how often."""
    known = (
        days_at(schedule.tokens, i)
        or sw.PARTS.at(schedule.tokens, i)
        or sw.ORDINALS.at(schedule.tokens, i)
        or sw.MONTHS.at(schedule.tokens, i)
    )
    clock = clock_at(schedule.tokens, i)
    if not known and not clock:
        return None
    schedule.explicit = True
    return i


def adverb_rule(schedule: Schedule, i: int) -> int | None:
    hit = sw.ADVERBS.at(schedule.tokens, i)
    if not hit:
        return None
    if schedule.freq and hit[0] != (schedule.freq, schedule.interval):
        return None
    set_frequency(schedule, *hit[0])
    if part := sw.PARTS.at(schedule.tokens, i):
        schedule.part = part[0]
    elif fold(schedule.tokens[hit[1] - 1].text) in {
        "night",
        "nacht",
        "nuit",
        "morgen",
        "matin",
        "matins",
        "每晚",
        "每早",
    }:
        schedule.part = (
            "morning" if schedule.tokens[hit[1] - 1].key in {"morgen", "matin", "matins", "每早"} else "night"
        )
    return hit[1]


def bare_interval_rule(schedule: Schedule, i: int) -> int | None:
    """`90 days` as all there is in a frequency cell."""
    if i or schedule.freq:
        return None
    span = duration_at(schedule.tokens, 0)
    if not span or any(token.kind == "word" for token in schedule.tokens[span.end :]):
        return None
    return _set_interval(schedule, span)
