"""The operations log of a team: entries, runs and changes of runbooks as one stream, newest first, from a place on.

Nothing is copied into the log: runs and revisions are read where they are, and merged by time with the entries. Each
page asks every source once for one page more than it needs, so the number of queries does not grow with the log.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice

from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from opsportal.lib.typed import as_id
from opsportal.selectors import log_sources as sources
from opsportal.selectors.log_sources import Row, Source

PAGE = 50
AT_ONCE = 1000
Place = tuple[datetime, int, int]


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What to show; None and "" do not filter. `teams` are ids; services without a team belong to every stream."""

    teams: tuple[int, ...] | None = None
    service: int | None = None
    kind: str = ""
    q: str = ""


def page_of(chosen: LogFilter, before: str) -> tuple[list[Row], str]:
    """Fifty rows behind the place `before` (the newest when it is none), and where to go on ("" at the end)."""
    rows = list(islice(_after(chosen, read_place(before), PAGE + 1), PAGE + 1))
    return rows[:PAGE], write_place(rows[PAGE - 1]) if len(rows) > PAGE else ""


def all_of(chosen: LogFilter) -> Iterator[Row]:
    """Every row that fits, read a thousand at a time: it may be left off anywhere."""
    place: Place | None = None
    while rows := list(islice(_after(chosen, place, AT_ONCE), AT_ONCE)):
        yield from rows
        place = rows[-1].place


def _after(chosen: LogFilter, place: Place | None, most: int) -> Iterator[Row]:
    """The sources merged. Each gives `most` rows, which is enough for `most` rows together."""
    wanted = [source for source in sources.ALL if chosen.kind in ("", *source.kinds)]
    streams = [_rows(source, chosen, place, most) for source in wanted]
    return merge(*streams, key=lambda row: row.place, reverse=True)


def _rows(source: Source, chosen: LogFilter, place: Place | None, most: int) -> list[Row]:
    found = source.rows()
    if chosen.kind and source.kind_field:
        found = found.filter(**{source.kind_field: chosen.kind})
    if chosen.teams is not None:
        of_teams = Q(**{f"{source.team}__in": chosen.teams})
        found = found.filter(of_teams | Q(**{f"{source.team}__isnull": True}))
    if chosen.service is not None:
        found = found.filter(**{source.service: chosen.service})
    if chosen.q:
        found = found.filter(source.holds(chosen.q))
    if place is not None:
        found = found.filter(_behind(source, place))
    return [source.row(each) for each in found.order_by(f"-{source.at}", "-pk")[:most]]


def _behind(source: Source, place: Place) -> Q:
    """Rows of the source that come after the place: older, or as old and of a later source, or with a smaller id."""
    at, rank, pk = place
    older = Q(**{f"{source.at}__lt": at})
    if source.rank > rank:
        return older
    if source.rank < rank:
        return Q(**{f"{source.at}__lte": at})
    return older | Q(**{source.at: at, "pk__lt": pk})


def write_place(row: Row) -> str:
    """A row's place for an address: time, source and id."""
    at, rank, pk = row.place
    return f"{at.isoformat()}~{rank}~{pk}"


def read_place(text: str) -> Place | None:
    """What `write_place` wrote; None for anything else, which shows the newest."""
    when, *numbers = text.split("~")
    rank, pk = map(as_id, numbers) if len(numbers) == 2 else (None, None)
    try:
        at = parse_datetime(when.replace(" ", "+"))
    except ValueError:
        return None
    if at is None or rank is None or pk is None or not timezone.is_aware(at):
        return None
    return at, rank, pk
