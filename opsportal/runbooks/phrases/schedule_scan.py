"""A schedule read left to right: each rule fills slots, the words that stay are the note (usually the task's name)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from opsportal.runbooks.phrases import schedule_words as sw
from opsportal.runbooks.phrases.clock import Clock, ClockRange, Zone, clock_at, clock_range_at, zone_at
from opsportal.runbooks.phrases.days import day_at, days_at
from opsportal.runbooks.phrases.interval import interval
from opsportal.runbooks.phrases.quantity import Span, duration_at, number_at, span_at
from opsportal.runbooks.phrases.schedule_dates import dates
from opsportal.runbooks.phrases.tokens import Token, fold
from opsportal.runbooks.phrases.vocabulary import EVERY, TIME_UNITS


@dataclass(slots=True)
class Schedule:
    """What was found so far; `explicit` is False while only a day or a time was named and a heading may say how often."""

    source: str
    tokens: Sequence[Token]
    freq: str = ""
    interval: int = 1
    days: tuple[str, ...] = ()
    ordinals: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    set_pos: int = 0
    week: int | None = None
    times: list[Clock] = field(default_factory=list)
    span: ClockRange | None = None
    zone: Zone | None = None
    part: str = ""
    count: int = 0
    events: list[str] = field(default_factory=list)
    flags: dict[str, bool | str | int] = field(default_factory=dict)
    asks: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    rest: list[Token] = field(default_factory=list)
    explicit: bool = False

    def run(self) -> Schedule:
        i = 0
        while i < len(self.tokens):
            end = next((end for rule in RULES if (end := rule(self, i))), 0)
            if not end:
                self.rest.append(self.tokens[i])
            i = end or i + 1
        return self


Rule = Callable[[Schedule, int], int | None]


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


def _count(schedule: Schedule, i: int) -> int | None:
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
    names = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "zwei": 2, "drei": 3, "vier": 4, "deux": 2, "trois": 3, "quatre": 4,
             "dos": 2, "tres": 3, "duas": 2, "dois": 2, "cuatro": 4, "quatro": 4}
    value = names.get(tokens[i].key)
    return (value, i + 1) if value else None


def _period_after(schedule: Schedule, i: int) -> int | None:
    """The period behind a count: `a day`, `per week`, `daily`, `/year`, `every 2 weeks`."""
    if end := _every(schedule, i) or _adverb(schedule, i):
        return end
    per = sw.PER.at(schedule.tokens, i)
    noun = sw.PERIOD_NOUNS.at(schedule.tokens, per[1]) if per else None
    if not noun:
        return None
    _set(schedule, *noun[0])
    return noun[1]


def _set(schedule: Schedule, freq: str, every: int) -> None:
    """The first frequency wins, except that a longer one refines a day (`Daily … (Monthly)` is rare: the first is the label's)."""
    if not schedule.freq:
        schedule.freq, schedule.interval = freq, every
    schedule.explicit = True


def _every(schedule: Schedule, i: int) -> int | None:
    """`every 6 hours`, `alle 90 Tage`, `every other week`, `every other Tuesday`, `every 2-4 weeks`."""
    hit = EVERY.at(schedule.tokens, i)
    if not hit:
        return None
    j = hit[1] + (hit[1] < len(schedule.tokens) and schedule.tokens[i].key == "rate" and schedule.tokens[hit[1]].key == "(")
    if other := sw.OTHER.at(schedule.tokens, j):
        if end := _every_other(schedule, other[1], schedule.tokens[j].key):
            return end
    if nth := _nth_day(schedule, j):
        return nth
    span = span_at(schedule.tokens, j)
    if span:
        return _set_interval(schedule, span)
    if noun := sw.PERIOD_NOUNS.at(schedule.tokens, j):
        if _is_unit(schedule.tokens, j):
            _set(schedule, *noun[0])
            if schedule.tokens[j].key in {"night", "nacht"}:
                schedule.part = "night"
            return noun[1]
    return _marks_explicit(schedule, j)


def _is_unit(tokens: Sequence[Token], i: int) -> bool:
    return not sw.EVENTS.has(tokens, i)


def _nth_day(schedule: Schedule, i: int) -> int | None:
    """`every 3rd day`, `every 2nd week`: an ordinal in front of a unit."""
    hit = sw.ORDINALS.at(schedule.tokens, i)
    unit = TIME_UNITS.at(schedule.tokens, hit[1]) if hit and hit[0] > 1 else None
    if not hit or not unit or sw.OF_PERIOD.at(schedule.tokens, unit[1]):
        return None
    seconds, name = unit[0]
    months = {"month": hit[0], "quarter": 3 * hit[0], "year": 12 * hit[0]}.get(name, 0)
    return _set_interval(schedule, Span(seconds * hit[0], seconds * hit[0], unit[1], months=months, unit=name, count=hit[0]))


def _every_other(schedule: Schedule, i: int, word: str) -> int | None:
    day = day_at(schedule.tokens, i)
    noun = sw.PERIOD_NOUNS.at(schedule.tokens, i)
    if day and sw.OF_PERIOD.has(schedule.tokens, day[1]) and word in {"second", "2nd", "zweiten"}:
        return None
    if day:
        schedule.days = (day[0],)
        _set(schedule, "WEEKLY", 2)
        if word in {"second", "2nd", "zweiten"}:
            schedule.asks.append("Every other week, or the second one of the month?")
            schedule.options = [f"FREQ=WEEKLY;INTERVAL=2;BYDAY={day[0]}", f"FREQ=MONTHLY;BYDAY=2{day[0]}"]
        return day[1]
    if not noun:
        return None
    _set(schedule, noun[0][0], noun[0][1] * 2)
    return noun[1]


def _set_interval(schedule: Schedule, span: Span) -> int:
    if span.low != span.high:
        schedule.asks.append("A range is no schedule: which interval is meant?")
        schedule.explicit = True
        return span.end
    rule = str(interval(span).get("rrule", "FREQ="))
    freq, _, every = rule.partition(";INTERVAL=")
    _set(schedule, freq.removeprefix("FREQ="), int(every or 1))
    return span.end


def _marks_explicit(schedule: Schedule, i: int) -> int | None:
    """`every Monday`, `each morning`: the rest is read by the other rules, but nobody needs to ask how often."""
    known = days_at(schedule.tokens, i) or sw.PARTS.at(schedule.tokens, i) or sw.ORDINALS.at(schedule.tokens, i) or sw.MONTHS.at(schedule.tokens, i)
    clock = clock_at(schedule.tokens, i)
    if not known and not clock:
        return None
    schedule.explicit = True
    return i


def _adverb(schedule: Schedule, i: int) -> int | None:
    hit = sw.ADVERBS.at(schedule.tokens, i)
    if not hit:
        return None
    if schedule.freq and hit[0] != (schedule.freq, schedule.interval):
        return None
    _set(schedule, *hit[0])
    if part := sw.PARTS.at(schedule.tokens, i):
        schedule.part = part[0]
    elif fold(schedule.tokens[hit[1] - 1].text) in {"night", "nacht", "nuit", "morgen", "matin", "matins", "每晚", "每早"}:
        schedule.part = "morning" if schedule.tokens[hit[1] - 1].key in {"morgen", "matin", "matins", "每早"} else "night"
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
    _set(schedule, "WEEKLY", 1)
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
    skip = i + (schedule.tokens[i].key in {"on", "am", "le", "el", "los", "las", "les", "na", "nas", "on", "an", "every"})
    hit = days_at(schedule.tokens, skip)
    if not hit or schedule.days:
        return None
    schedule.days = hit[0]
    word = schedule.tokens[skip].key
    if len(hit[0]) > 1 or word.endswith("s") and sw.DAYS.has(schedule.tokens, skip) and word not in {"lunes", "martes", "miercoles", "jueves", "viernes"}:
        schedule.explicit = True
    return hit[1]


def _part(schedule: Schedule, i: int) -> int | None:
    if clock_at(schedule.tokens, i):
        return None
    hit = sw.PARTS.at(schedule.tokens, i)
    if not hit or schedule.part:
        return None
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


def _bare_interval(schedule: Schedule, i: int) -> int | None:
    """`90 days` as all there is in a frequency cell."""
    if i or schedule.freq:
        return None
    span = duration_at(schedule.tokens, 0)
    if not span or any(token.kind == "word" for token in schedule.tokens[span.end :]):
        return None
    return _set_interval(schedule, span)


def _event(schedule: Schedule, i: int) -> int | None:
    """`before releases`, `per deployment`, `when certificates are renewed`."""
    if hit := sw.EVENT_WHEN.at(schedule.tokens, i):
        return _named_event(schedule, hit[1], "")
    hit = sw.EVENT_PREPOSITIONS.at(schedule.tokens, i)
    if not hit or clock_at(schedule.tokens, hit[1], bare=True) or days_at(schedule.tokens, hit[1]):
        return None
    known = sw.EVENTS.at(schedule.tokens, hit[1])
    if known:
        schedule.events.append(f"{hit[0]}_{known[0]}" if hit[0] else known[0])
        return known[1]
    return _named_event(schedule, hit[1], hit[0]) if hit[0] in {"before", "after"} else None


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
    if not found or schedule.ordinals or schedule.month_days or schedule.week is not None:
        return None
    schedule.ordinals, schedule.month_days, schedule.months = found.ordinals, found.month_days, found.months or schedule.months
    schedule.days, schedule.set_pos, schedule.week = found.days or schedule.days, found.set_pos, found.week
    if found.freq and (not schedule.freq or schedule.freq == "MONTHLY"):
        schedule.freq, schedule.interval = found.freq
    schedule.explicit = schedule.explicit or found.explicit
    schedule.asks.extend(found.asks)
    return found.end


RULES: tuple[Rule, ...] = (
    _always, _limits, _flag, _ambiguous, _count, _rotation, _week_span, _dates, _every, _adverb, _bare_interval, _clock, _days, _part, _zone, _event,
)
