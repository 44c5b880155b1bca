"""Days of a month or year at a token position: `second Monday`, `1st and 15th`, `last business day of the quarter`, `1 January`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from opsportal.runbooks.phrases import schedule_words as sw
from opsportal.runbooks.phrases.days import day_at
from opsportal.runbooks.phrases.tokens import Token

Tokens = Sequence[Token]

_SUFFIX = {"st", "nd", "rd", "th", "er", "e", "eme", "º", "ª", "o", "号", "日"}
_HAN_EDGES = {"最后一天": -1, "月底": -1, "月末": -1, "月初": 1}
_BEFORE_DATE = {"on", "the", "am", "le", "el", "dia", "day", "each", "every", "zum", "jeweils", "no", "tag", "on the"}


@dataclass(frozen=True, slots=True)
class Dates:
    """Parts of a rule; `set_pos` picks the n-th of the days in a period; `end` is the token behind."""

    end: int
    freq: tuple[str, int] | None = None
    ordinals: tuple[int, ...] = ()
    days: tuple[str, ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    set_pos: int = 0
    week: int | None = None
    asks: tuple[str, ...] = ()
    explicit: bool = False


def dates(tokens: Tokens, i: int) -> Dates | None:
    """The longest reading at `i`, or None."""
    j = i
    while j < len(tokens) and tokens[j].key in _BEFORE_DATE:
        j += 1
    each = any(token.key in {"every", "each"} for token in tokens[i:j])
    if each and (nth := _ordinal(tokens, j)):
        return replace(nth, explicit=True)
    return (
        _ordinal(tokens, j)
        or _edge(tokens, j)
        or _week_number(tokens, j)
        or _named_months(tokens, j, j > i)
        or _month_days(tokens, i, j)
    )


def _ordinal_list(tokens: Tokens, i: int) -> tuple[tuple[int, ...], int] | None:
    """`first`, `2nd and 4th`, `1./3.`."""
    found, end = [], i
    while hit := _ordinal_at(tokens, end):
        found.append(hit[0])
        end = hit[1]
        join = sw.LIST.at(tokens, end)
        if not join or not _ordinal_at(tokens, join[1]):
            break
        end = join[1]
    return (tuple(found), end) if found else None


def _ordinal_at(tokens: Tokens, i: int) -> tuple[int, int] | None:
    if hit := sw.ORDINALS.at(tokens, i):
        return hit
    if (
        i + 1 < len(tokens)
        and tokens[i].kind == "num"
        and (tokens[i + 1].start == tokens[i].end or tokens[i + 1].key in {"号", "日"})
    ):
        value = tokens[i].value
        dotted = tokens[i + 1].key == "." and (i + 2 == len(tokens) or tokens[i + 2].kind != "num")
        if isinstance(value, int) and value <= 31 and (tokens[i + 1].key in _SUFFIX or dotted):
            return value, i + 2
    return None


def _ordinal(tokens: Tokens, i: int) -> Dates | None:
    """`second Monday`, `first business day of the month`, `last day of each quarter`, `first week`."""
    hit = _ordinal_list(tokens, i)
    if not hit:
        return _patch_tuesday(tokens, i)
    ordinals, j = hit
    if day := day_at(tokens, j):
        freq, months, end = _of(tokens, day[1])
        nth = all(-2 <= n <= 5 for n in ordinals)
        return Dates(end, freq, ordinals, (day[0],), months=months, explicit=end > day[1]) if nth else None
    if working := sw.DAY_SETS.at(tokens, j):
        freq, months, end = _of(tokens, working[1])
        return Dates(end, freq or ("MONTHLY", 1), days=working[0], months=months, set_pos=ordinals[0], explicit=True)
    return _ordinal_day(tokens, ordinals, j) or _ordinal_week(tokens, ordinals, j)


def _patch_tuesday(tokens: Tokens, i: int) -> Dates | None:
    """The second Tuesday of the month, when Microsoft publishes patches."""
    named = i + 1 < len(tokens) and (tokens[i].key, tokens[i + 1].key) == ("patch", "tuesday")
    return Dates(i + 2, ("MONTHLY", 1), (2,), ("TU",), explicit=True) if named else None


def _ordinal_day(tokens: Tokens, ordinals: tuple[int, ...], i: int) -> Dates | None:
    noun = sw.DAY.at(tokens, i)
    if not noun:
        return None
    freq, months, end = _of(tokens, noun[1])
    if freq == ("WEEKLY", 1):
        day = sw.DAY_CODES[ordinals[0] - 1 if ordinals[0] > 0 else ordinals[0]] if abs(ordinals[0]) <= 7 else ""
        return Dates(end, freq, days=(day,), asks=("Does the week start on Monday?",)) if day else None
    return _in_period(ordinals, freq, months, end) if freq or months else None


def _in_period(days: tuple[int, ...], freq: tuple[str, int] | None, months: tuple[int, ...], end: int) -> Dates:
    if freq == ("YEARLY", 1) and not months:
        months = (12,) if days[0] < 0 else (1,)
    return Dates(end, freq or ("YEARLY", 1), month_days=days, months=months, explicit=True)


def _ordinal_week(tokens: Tokens, ordinals: tuple[int, ...], i: int) -> Dates | None:
    noun = sw.WEEK.at(tokens, i)
    if not noun:
        return None
    freq, months, end = _of(tokens, noun[1])
    return Dates(end, freq or ("MONTHLY", 1), months=months, week=ordinals[0], asks=("Which day of that week?",))


def _of(tokens: Tokens, i: int) -> tuple[tuple[str, int] | None, tuple[int, ...], int]:
    """The period behind `of the`: a frequency, or the months by name."""
    of = sw.OF_PERIOD.at(tokens, i)
    j = of[1] if of else i
    while more := sw.OF_PERIOD.at(tokens, j):
        j = more[1]
    noun = sw.PERIOD_NOUNS.at(tokens, j) if of else None
    if noun and noun[0][0] in {"WEEKLY", "MONTHLY", "YEARLY"}:
        return noun[0], (), noun[1]
    if of and (months := _months(tokens, j)):
        return ("YEARLY", 1), months[0], months[1]
    adverb = sw.ADVERBS.at(tokens, j) if of else None
    if adverb and adverb[0][0] in {"MONTHLY", "YEARLY"}:
        return adverb[0], (), adverb[1]
    return None, (), i


def _edge(tokens: Tokens, i: int) -> Dates | None:
    """`end of month`, `start of each quarter`, `month-end`, `mid-month`."""
    for lexicon, day in ((sw.END, -1), (sw.START, 1), (sw.MID, 15)):
        hit = lexicon.at(tokens, i)
        j = hit[1] if hit else i
        while (hit and (of := sw.OF_PERIOD.at(tokens, j))) or (
            hit and j < len(tokens) and tokens[j].key in {"the", "-"}
        ):
            j = of[1] if of else j + 1
        noun = sw.PERIOD_NOUNS.at(tokens, j) if hit else None
        if noun and noun[0][0] in {"MONTHLY", "YEARLY"}:
            asks = ("Which day in the middle of the month?",) if day == 15 else ()
            found = _in_period((day,), noun[0], (), noun[1])
            return Dates(
                found.end, found.freq, month_days=found.month_days, months=found.months, asks=asks, explicit=True
            )
    if i < len(tokens) and tokens[i].key in _HAN_EDGES:
        return _in_period((_HAN_EDGES[tokens[i].key],), ("MONTHLY", 1), (), i + 1)
    noun = sw.PERIOD_NOUNS.at(tokens, i)
    if (
        noun
        and noun[0][0] in {"MONTHLY", "YEARLY"}
        and noun[1] + 1 < len(tokens)
        and tokens[noun[1]].key == "-"
        and tokens[noun[1] + 1].key == "end"
    ):
        return _in_period((-1,), noun[0], (), noun[1] + 2)
    return None


def _week_number(tokens: Tokens, i: int) -> Dates | None:
    """`week 1`: the week of a month."""
    noun = sw.WEEK.at(tokens, i)
    value = tokens[noun[1]].value if noun and noun[1] < len(tokens) else None
    if (
        not noun
        or not isinstance(value, int)
        or not 1 <= value <= 5
        or (noun[1] + 1 < len(tokens) and tokens[noun[1] + 1].key in {"x", "%"})
    ):
        return None
    return Dates(noun[1] + 1, ("MONTHLY", 1), week=value, asks=("Which day of that week?",))


def _months(tokens: Tokens, i: int) -> tuple[tuple[int, ...], int] | None:
    """`January`, `Jan/Apr/Jul/Oct`, `March and September`."""
    found, end = [], i
    while hit := sw.MONTHS.at(tokens, end):
        found.append(hit[0])
        end = hit[1]
        j = end
        while join := sw.LIST.at(tokens, j):
            j = join[1]
        if j == end or not sw.MONTHS.has(tokens, j):
            break
        end = j
    return (tuple(sorted(set(found))), end) if found else None


def _named_months(tokens: Tokens, i: int, led: bool) -> Dates | None:
    """`1 January`, `January 1st`, `in March and September`, `every January`."""
    if han := _han_date(tokens, i):
        return han
    number = _plain_day(tokens, i)
    of = sw.OF_PERIOD.at(tokens, number[1]) if number else None
    after = _months(tokens, of[1] if of else number[1]) if number else None
    if number and after and not _year_follows(tokens, after[1]):
        return Dates(after[1], ("YEARLY", 1), month_days=(number[0],), months=after[0], explicit=True)
    lead = i + (i < len(tokens) and tokens[i].key in {"in", "im", "en", "em"})
    months = _months(tokens, lead)
    if not months:
        return None
    day = _plain_day(tokens, months[1])
    if day and len(months[0]) == 1 and not _year_follows(tokens, day[1]):
        return Dates(day[1], ("YEARLY", 1), month_days=(day[0],), months=months[0], explicit=True)
    certain = lead > i or led or len(months[0]) > 1
    return (
        Dates(months[1], ("YEARLY", 1), months=months[0], explicit=True, asks=("Which day of the month?",))
        if certain and not day
        else None
    )


def _han_date(tokens: Tokens, i: int) -> Dates | None:
    """`1月`, `3月15日`."""
    value = tokens[i].value if i + 1 < len(tokens) and tokens[i + 1].key == "月" else None
    if not isinstance(value, int) or not 1 <= value <= 12:
        return None
    day = _ordinal_at(tokens, i + 2)
    if day:
        return Dates(day[1], ("YEARLY", 1), month_days=(day[0],), months=(value,), explicit=True)
    return Dates(i + 2, ("YEARLY", 1), months=(value,), explicit=True, asks=("Which day of the month?",))


def _plain_day(tokens: Tokens, i: int) -> tuple[int, int] | None:
    if hit := _ordinal_at(tokens, i):
        return hit if hit[0] > 0 else None
    value = tokens[i].value if i < len(tokens) and tokens[i].kind == "num" else None
    return (value, i + 1) if isinstance(value, int) and 1 <= value <= 31 else None


def _year_follows(tokens: Tokens, i: int) -> bool:
    j = i + (i < len(tokens) and tokens[i].key == ",")
    return j < len(tokens) and tokens[j].kind == "num" and len(tokens[j].text) == 4


def _month_days(tokens: Tokens, i: int, j: int) -> Dates | None:
    """`1st and 15th`, `on the 15th`, `day 5 of each month`, `每月1号`."""
    hit = _ordinal_list(tokens, j)
    if hit and all(1 <= n <= 31 for n in hit[0]):
        freq, months, end = _of(tokens, hit[1])
        if not freq and tokens[j].kind != "num":
            return None
        return _in_period(hit[0], freq or ("MONTHLY", 1), months, end)
    value = _plain_day(tokens, j)
    if not value:
        return None
    freq, months, end = _of(tokens, value[1])
    spelled = j > i and tokens[j - 1].key in {"dia", "day", "tag", "jour"}
    if not spelled and (not freq or freq[0] != "MONTHLY"):
        return None
    return _in_period((value[0],), freq or ("MONTHLY", 1), months, end)
