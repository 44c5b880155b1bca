"""Weekdays and lists of them at a token position."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from opsportal.runbooks.phrases import schedule_words as sw
from opsportal.runbooks.phrases.clock import clock_range_at
from opsportal.runbooks.phrases.tokens import Token

Tokens = Sequence[Token]


def day_at(tokens: Tokens, i: int, *, short: bool = False) -> tuple[str, int] | None:
    """A weekday's two-letter code; two-letter words only with `short` (they mean other things elsewhere)."""
    hit = sw.DAYS.at(tokens, i) or (sw.SHORT_DAYS.at(tokens, i) if short else None)
    if not hit or (i and tokens[i - 1].key == "the" and tokens[i].key in {"sun", "mon", "sat"}):
        return None
    dotted = hit[1] < len(tokens) and tokens[hit[1]].key == "." and tokens[hit[1]].start == tokens[hit[1] - 1].end
    return hit[0], hit[1] + dotted


def days_at(tokens: Tokens, i: int) -> tuple[tuple[str, ...], int] | None:
    """`Mon-Fri`, `Monday to Friday`, `Mon, Wed and Fri`, `weekdays`, `Mo–Fr`, `weekends`; in the order written."""
    if named := sw.DAY_SETS.at(tokens, i):
        return named
    first = day_at(tokens, i) or _short_pair(tokens, i) or _short_before_hours(tokens, i)
    if not first:
        return None
    return _through(tokens, first) or _list(tokens, first)


def _short_pair(tokens: Tokens, i: int) -> tuple[str, int] | None:
    first = day_at(tokens, i, short=True)
    if not first or first[1] >= len(tokens):
        return None
    join = sw.TO.at(tokens, first[1]) or sw.LIST.at(tokens, first[1])
    return first if join and day_at(tokens, join[1], short=True) else None


def _short_before_hours(tokens: Tokens, i: int) -> tuple[str, int] | None:
    """The `Fr` of `Fr 8-14 Uhr`: two letters are a day in front of hours."""
    day = (
        day_at(tokens, i, short=True)
        if i < len(tokens) and len(tokens[i].key) == 2 and tokens[i].text[0].isupper()
        else None
    )
    return day if day and clock_range_at(tokens, day[1], loose=True) else None


def _through(tokens: Tokens, first: tuple[str, int]) -> tuple[tuple[str, ...], int] | None:
    to = sw.TO.at(tokens, first[1])
    last = day_at(tokens, to[1], short=True) if to else None
    if not last or last[0] == first[0]:
        return None
    start, stop = sw.DAY_CODES.index(first[0]), sw.DAY_CODES.index(last[0])
    size = (stop - start) % 7 + 1
    return tuple(sw.DAY_CODES[(start + n) % 7] for n in range(size)), last[1]


def _list(tokens: Tokens, first: tuple[str, int]) -> tuple[tuple[str, ...], int]:
    days, end = [first[0]], first[1]
    while join := sw.LIST.at(tokens, end):
        j = join[1]
        while more := sw.LIST.at(tokens, j):
            j = more[1]
        following = day_at(tokens, j, short=True)
        if not following or following[0] in days:
            break
        days.append(following[0])
        end = following[1]
    return tuple(days), end


def compact(days: Sequence[str]) -> str:
    """`MO-FR` for a run of days (`SU-TH` over the week's end too), else `MO,WE,FR` in the order of the week."""
    numbers = [sw.DAY_CODES.index(code) for code in days]
    if len(days) > 2 and all((b - a) % 7 == 1 for a, b in pairwise(numbers)):
        return f"{days[0]}-{days[-1]}"
    ordered = [code for code in sw.DAY_CODES if code in days]
    first, last = sw.DAY_CODES.index(ordered[0]), sw.DAY_CODES.index(ordered[-1])
    return f"{ordered[0]}-{ordered[-1]}" if len(ordered) > 2 and last - first + 1 == len(ordered) else ",".join(ordered)
