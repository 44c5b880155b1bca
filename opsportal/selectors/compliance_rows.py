"""The rows behind every figure: occurrences, filtered, latest first, fifty a page, from a place on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from opsportal.lib.typed import as_id
from procedures.models import Occurrence

PAGE = 50
AT_ONCE = 1000
RELATED = ("schedule", "service__team", "assignee", "ended_by", "decided_by", "run")
Place = tuple[datetime, int]


def page_of(rows: QuerySet[Occurrence], before: str) -> tuple[list[Occurrence], str]:
    """Fifty rows behind the place `before` (the latest when it is none), and where to go on ("" at the end)."""
    found = list(_behind(rows, read_place(before))[: PAGE + 1])
    return found[:PAGE], write_place(found[PAGE - 1]) if len(found) > PAGE else ""


def all_of(rows: QuerySet[Occurrence]) -> Iterator[Occurrence]:
    """Every row, read a thousand at a time: it may be left off anywhere."""
    place: Place | None = None
    while found := list(_behind(rows, place)[:AT_ONCE]):
        yield from found
        place = found[-1].at, found[-1].pk


def _behind(rows: QuerySet[Occurrence], place: Place | None) -> QuerySet[Occurrence]:
    if place is not None:
        at, pk = place
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    return rows.select_related(*RELATED).order_by("-at", "-pk")


def write_place(row: Occurrence) -> str:
    return f"{row.at.isoformat()}~{row.pk}"


def read_place(text: str) -> Place | None:
    """The place as it stands in an address; None for anything that is none."""
    at_text, _, pk_text = text.partition("~")
    pk = as_id(pk_text)
    try:
        at = parse_datetime(at_text)
    except ValueError:
        at = None
    return (at, pk) if at is not None and at.tzinfo is not None and pk is not None else None
