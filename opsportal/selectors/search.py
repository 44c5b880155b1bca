"""Search over everything the portal knows, in one statement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from django.db.models import Case, CharField, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from contacts.access import can
from contacts.models import Person
from contacts.phones import mask_numbers
from opsportal.lib.typed import as_id
from opsportal.lib.words import holding, words_of
from opsportal.selectors.places import help_about, places_for
from opsportal.selectors.search_sources import PEOPLE, REACHED, RUNS, SECTIONS, SOURCES, Source

NUMBER = re.compile(r"(?:run\s*)?#?\s*(\d+)", re.IGNORECASE)
SHORTEST = 2  # one letter fits everything
# Kinds of which all that is searched is read too: what a hidden number alone has found is not told.
TOLD_WHOLE = {"procedure", "issue", "alert", "contact", "person", "step", "metric"}
NAMES = {
    "place": "Go to",
    "service": "Services",
    "procedure": "Procedures",
    "run": "Runs",
    "issue": "Known issues",
    "alert": "Alerts",
    "contact": "Contacts",
    "person": "People",
    "step": "Steps",
    "metric": "Metrics",
    "command": "Commands",
    "link": "Links and dashboards",
    "help": "Help",
}
# The list of a kind, where it has one of its own.
MORE = {"service": "/services/?q=", "issue": "/issues/?q=", "contact": "/contacts/?q=", "person": "/contacts/?q="}


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. `rank`: 4 is called just so, 3 begins so, 2 has all words in its name, 1 elsewhere.

    `start` is where a run of it is started, for those who may.
    """

    kind: str
    title: str
    href: str
    rank: int
    detail: str = ""
    extra: str = ""
    start: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind, the best first; `more` is the address of a longer list, where there are more."""

    kind: str
    hits: Sequence[Hit]
    more: str = ""

    @property
    def name(self) -> str:
        return NAMES[self.kind]


def search(text: str, person: Person, *, most: int = 8) -> list[Group]:
    """What fits the text and the person may open: groups by kind, the group with the best hit first.

    At most `most` of each kind. One statement, whatever there is.
    """
    words = words_of(text)
    number = NUMBER.fullmatch(text.strip())
    if not number and max(map(len, words), default=0) < SHORTEST:
        return []
    hits = [*_pages(text, person), *(_allowed(hit, person, words) for hit in _rows(text, words, person, most + 1))]
    groups = _grouped([hit for hit in hits if hit is not None], text, most)
    return sorted(groups, key=lambda group: -group.hits[0].rank)


def _pages(text: str, person: Person) -> Iterator[Hit]:
    """Pages of the portal and topics of its help."""
    for kind, found in (("place", places_for(person)), ("help", help_about())):
        for place in found:
            if rank := place.rank(text):
                yield Hit(kind, place.title, place.href, rank, place.detail)


def _grouped(hits: Sequence[Hit], text: str, most: int) -> Iterator[Group]:
    for kind in NAMES:
        found = sorted((hit for hit in hits if hit.kind == kind), key=lambda hit: (-hit.rank, hit.title.casefold()))
        if found:
            more = f"{MORE[kind]}{quote(text)}" if kind in MORE and len(found) > most else ""
            yield Group(kind, found[:most], more)


def _rows(text: str, words: list[str], person: Person, most: int) -> Iterator[tuple[Any, ...]]:
    people = PEOPLE if can(person, "portal.manage") else REACHED
    branches = [_branch(source, text, words, most) for source in (*SOURCES, people)]
    if (number := NUMBER.fullmatch(text.strip())) and (pk := as_id(number[1])) is not None:
        branches.append(_read(RUNS, RUNS.rows().filter(pk=pk), Value(4)))
    yield from branches[0].union(*branches[1:], all=True)


def _branch(source: Source, text: str, words: list[str], most: int) -> QuerySet[Any, Any]:
    """The best rows of one kind. They are chosen by id, since SQLite has no LIMIT within a UNION."""
    rank = _rank(source.title, text, words)
    found = holding(source.rows(), words, source.columns)
    best = found.order_by(rank.desc(), source.title, "pk").values("pk")[:most]
    return _read(source, source.rows().model._default_manager.filter(pk__in=best), rank)


def _read(source: Source, rows: QuerySet[Any], rank: Any) -> QuerySet[Any, Any]:
    team = Cast(Value(None) if source.team is None else source.team, IntegerField())
    return rows.order_by().values_list(
        Value(source.kind, CharField()),
        "pk",
        Cast(source.title, TextField()),
        Cast(source.detail, TextField()),
        Cast(source.slug, TextField()),
        Cast(source.extra, TextField()),
        team,
        rank,
        Value(source.address, CharField()),
    )


def _rank(title: str, text: str, words: Sequence[str]) -> Case:
    every = Q()
    for word in words:
        every &= Q(**{f"{title}__icontains": word})
    return Case(
        When(**{f"{title}__iexact": text}, then=Value(4)),
        When(**{f"{title}__istartswith": text}, then=Value(3)),
        When(every, then=Value(2)),
        default=Value(1),
        output_field=IntegerField(),
    )


def _allowed(row: tuple[Any, ...], person: Person, words: Sequence[str]) -> Hit | None:
    """The row as the person may see it: no phone numbers, and no finding somebody by a hidden number."""
    kind, pk, title, detail, slug, extra, team, rank, address = row
    href = address.format(pk=pk, slug=slug, title=quote(title), section=SECTIONS.get(extra, "references"))
    hit = Hit(
        kind, mask_numbers(title), href, rank, mask_numbers(detail), extra if kind == "command" else mask_numbers(extra)
    )
    told = f"{hit.title} {hit.detail} {hit.extra}".lower()
    if kind in TOLD_WHOLE and any(_is_number(word) and word not in told for word in words):
        return None
    if kind == "procedure" and can(person, "run.work", team):
        return replace(hit, start=f"/procedures/{pk}/start/")
    return hit


def _is_number(word: str) -> bool:
    return any(character.isdigit() for character in word)
