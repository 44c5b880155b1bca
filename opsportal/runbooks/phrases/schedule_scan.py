"""A schedule read left to right: each rule fills slots, the words that stay are the note (usually the task's name)."""

from __future__ import annotations

from collections.abc import Sequence

from opsportal.runbooks.phrases import schedule_words as sw
from opsportal.runbooks.phrases.clock import Clock, ClockRange, clock_at, clock_range_at, zone_at
from opsportal.runbooks.phrases.days import day_at, days_at
from opsportal.runbooks.phrases.schedule_dates import dates
from opsportal.runbooks.phrases.schedule_every import (
    adverb_rule,
    bare_interval_rule,
    count_rule,
    every_rule,
    set_frequency,
)
from opsportal.runbooks.phrases.schedule_state import Rule, Schedule
from opsportal.runbooks.phrases.tokens import Token


def schedule_of(source: str, tokens: Sequence[Token]) -> Schedule:
    """The phrase read to its end."""
    return Schedule(source, tokens).run(RULES)


def _flag(schedule: Schedule, i: int) -> int | None:
    """Words that stand alone: on demand, continuous, automated, holidays."""
    if hit := sw.HOLIDAYS_OFF.at(schedule.tokens, i):
        schedule.flags["except"] = "holidays"
        return hit[1]
    if hit := sw.ON_DEMAND.at(schedule.tokens, i):
        schedule.events.append("on_demand")
        return hit[1]
    if hit := sw.CONTINUOUS.at(schedule.tokens, i):
        schedule.flags["continuous"] = True
        return hit[1]
    if hit := sw.AUTOMATED.at(schedule.tokens, i):
        schedule.flags["automated"] = True
        return hit[1]
    return None


def _always(schedule: Schedule, i: int) -> int | None:
    if schedule.tokens[i].kind != "always":
        return None
    schedule.flags["continuous"] = True
    return i + 1


def _ambiguous(schedule: Schedule, i: int) -> int | None:
    hit = sw.AMBIGUOUS.at(schedule.tokens, i)
    if not hit:
        return None
    first, second, meaning = hit[0]
    schedule.options = [first, second]
    word = schedule.tokens[i].text if hit[1] == i + 1 else "".join(token.text for token in schedule.tokens[i : hit[1]])
    schedule.asks.append(f"Does “{word}” mean {meaning}?")
    schedule.explicit = True
    return hit[1]


def _rotation(schedule: Schedule, i: int) -> int | None:
    """`Monday to Monday`: a shift that is handed over once a week."""
    first = day_at(schedule.tokens, i)
    to = sw.TO.at(schedule.tokens, first[1]) if first else None
    last = day_at(schedule.tokens, to[1]) if to else None
    if not first or not last or first[0] != last[0]:
        return None
    schedule.flags.update(rotation=604800, handoff=first[0])
    schedule.days = (first[0],)
    set_frequency(schedule, "WEEKLY", 1)
    return last[1]


def _week_span(schedule: Schedule, i: int) -> int | None:
    """`Saturday 22:00 - Sunday 06:00`: a window that names both of its days."""
    first, start = _moment(schedule.tokens, i)
    to = sw.TO.at(schedule.tokens, start.end) if start else None
    last, stop = _moment(schedule.tokens, to[1]) if to else ("", None)
    if not start or not stop or schedule.days:
        return None
    between = (sw.DAY_CODES.index(last) - sw.DAY_CODES.index(first)) % 7
    minutes = between * 1440 + stop.minutes - start.minutes
    schedule.days, schedule.span = (first,), ClockRange(start.minutes, stop.minutes, stop.end)
    schedule.flags.update(window=(minutes if minutes > 0 else minutes + 7 * 1440) * 60, end_day=last)
    return stop.end


def _moment(tokens: Sequence[Token], i: int) -> tuple[str, Clock | None]:
    day = day_at(tokens, i)
    comma = day[1] + (day[1] < len(tokens) and tokens[day[1]].key == ",") if day else 0
    clock = clock_at(tokens, comma) if day else None
    return (day[0], clock) if day and clock else ("", None)


def _days(schedule: Schedule, i: int) -> int | None:
    skip = i + (schedule.tokens[i].key in {"on", "am", "le", "el", "los", "las", "les", "na", "nas", "an", "every"})
    hit = days_at(schedule.tokens, skip)
    if not hit or schedule.days:
        return None
    schedule.days = hit[0]
    word = schedule.tokens[skip].key
    if len(hit[0]) > 1 or (
        word.endswith("s")
        and sw.DAYS.has(schedule.tokens, skip)
        and word not in {"lunes", "martes", "miercoles", "jueves", "viernes"}
    ):
        schedule.explicit = True
    return hit[1]


def _part(schedule: Schedule, i: int) -> int | None:
    if clock_at(schedule.tokens, i):
        return None
    hit = sw.PARTS.at(schedule.tokens, i)
    if not hit:
        return None
    if schedule.part and schedule.part != hit[0]:
        schedule.more_parts.append(hit[0])
        return hit[1]
    schedule.part = hit[0]
    return hit[1]


def _clock(schedule: Schedule, i: int) -> int | None:
    """A window, a time, or several times in a row."""
    if not schedule.span and not schedule.times and (span := clock_range_at(schedule.tokens, i)):
        schedule.span = span
        return span.end
    clock = clock_at(schedule.tokens, i)
    if not clock or (schedule.span and not schedule.times):
        return None
    schedule.times.append(clock)
    return clock.end


def _zone(schedule: Schedule, i: int) -> int | None:
    zone = zone_at(schedule.tokens, i)
    if not zone or schedule.zone or (zone.name == "local" and not (schedule.times or schedule.span)):
        return None
    schedule.zone = zone
    if zone.ask:
        schedule.asks.append(zone.ask)
    return zone.end


def _event(schedule: Schedule, i: int) -> int | None:
    """`before releases`, `per deployment`, `when certificates are renewed`."""
    if hit := sw.EVENT_WHEN.at(schedule.tokens, i):
        return _named_event(schedule, hit[1], "")
    for name, lexicon in (("start_of", sw.START), ("end_of", sw.END)):
        edge = lexicon.at(schedule.tokens, i)
        of = sw.OF_PERIOD.at(schedule.tokens, edge[1]) if edge else None
        if edge and (known := sw.EVENTS.at(schedule.tokens, of[1] if of else edge[1])):
            schedule.events.append(f"{name}_{known[0]}")
            return known[1]
    led = sw.EVENT_PREPOSITIONS.at(schedule.tokens, i)
    if not led or clock_at(schedule.tokens, led[1], bare=True) or days_at(schedule.tokens, led[1]):
        return None
    known = sw.EVENTS.at(schedule.tokens, led[1])
    if known:
        schedule.events.append(f"{led[0]}_{known[0]}" if led[0] else known[0])
        return known[1]
    return _named_event(schedule, led[1], led[0]) if led[0] in {"before", "after"} else None


def _named_event(schedule: Schedule, i: int, preposition: str) -> int | None:
    """An event in its own words, up to the next punctuation."""
    end = i
    while end < min(i + 8, len(schedule.tokens)) and schedule.tokens[end].kind == "word":
        end += 1
    if end == i:
        return None
    slug = "_".join(token.key.replace("'", "") for token in schedule.tokens[i:end])
    schedule.events.append(f"{preposition}_{slug}" if preposition else slug)
    return end


def _limits(schedule: Schedule, i: int) -> int | None:
    """`starting 2026-01-05`, `until 2026-12-31`."""
    for name, lexicon in (("dtstart", sw.FROM_DATE), ("until", sw.UNTIL_DATE)):
        hit = lexicon.at(schedule.tokens, i)
        if hit and hit[1] < len(schedule.tokens) and schedule.tokens[hit[1]].kind == "date":
            schedule.flags[name] = schedule.tokens[hit[1]].text.strip("T ")
            return hit[1] + 1
    return None


def _dates(schedule: Schedule, i: int) -> int | None:
    found = dates(schedule.tokens, i)
    months = sw.MONTHS.at(schedule.tokens, i)
    if not found and schedule.freq == "YEARLY" and not schedule.months and months:
        schedule.months = (months[0],)
        schedule.asks.append("Which day of the month?")
        return months[1]
    if not found or schedule.ordinals or schedule.month_days or schedule.week is not None:
        return None
    schedule.ordinals, schedule.month_days, schedule.months = (
        found.ordinals,
        found.month_days,
        found.months or schedule.months,
    )
    schedule.days, schedule.set_pos, schedule.week = found.days or schedule.days, found.set_pos, found.week
    if found.freq and (not schedule.freq or schedule.freq == "MONTHLY"):
        schedule.freq, schedule.interval = found.freq
    schedule.explicit = schedule.explicit or found.explicit
    schedule.asks.extend(found.asks)
    return found.end


RULES: tuple[Rule, ...] = (
    _always,
    _limits,
    _flag,
    _ambiguous,
    count_rule,
    _rotation,
    _week_span,
    every_rule,
    _dates,
    adverb_rule,
    bare_interval_rule,
    _clock,
    _days,
    _part,
    _zone,
    _event,
)
