"""What the command menu offers: pages, actions and, for words, whatever they find."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contacts.models import Person
from opsportal.selectors.places import Place, actions_for, places_for
from opsportal.selectors.search import Group, search
from procedures.models import Run

MOST = 4  # of each kind
MOST_RUNS = 5
BEGINS = 3  # the rank of a title that begins with the words
VERBS = {"start", "run", "go", "to", "open"}


@dataclass(frozen=True, slots=True)
class Option:
    """A line of the menu: a link, or with `post` a button that sends these fields there."""

    title: str
    href: str
    detail: str = ""
    key: str = ""
    post: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class Menu:
    name: str
    options: tuple[Option, ...]


def menu_for(person: Person, text: str) -> list[Menu]:
    """Without words: the person's open runs, pages and actions. With words: what fits."""
    if not text:
        return list(
            _filled([_runs(person), ("Go to", _pages(places_for(person))), ("Do", _pages(actions_for(person)))])
        )
    verbs, bare = _parted(text)
    groups = search(bare, person, most=MOST)
    starts = [option for group in groups for option in _starts(group)]
    actions = [action for action in actions_for(person) if action.rank(text)]
    found = [(group.name, _links(group)) for group in groups]
    own = [("Start", starts), ("Do", _pages(actions))]
    meant = "start" in verbs or any(action.rank(text) >= BEGINS for action in actions)
    return list(_filled([*own, *found] if meant else [*found, *own]))


def _parted(text: str) -> tuple[set[str], str]:
    """Verbs at the beginning, as in "start morning checks", and the rest; a verb alone stays a word to look for."""
    words = text.split()
    count = next((place for place, word in enumerate(words) if word.lower() not in VERBS), 0)
    return {word.lower() for word in words[:count]}, " ".join(words[count:])


def _runs(person: Person) -> tuple[str, list[Option]]:
    runs = Run.objects.open().filter(started_by=person).select_related("procedure__service").order_by("-started_at")
    options = [
        Option(run.procedure.title, run.get_absolute_url(), str(run.procedure.service)) for run in runs[:MOST_RUNS]
    ]
    return "Continue", options


def _pages(places: Iterable[Place]) -> list[Option]:
    return [
        Option(
            place.title,
            place.href,
            place.detail,
            f"g {place.key}" if place.key else "",
            None if place.theme is None else (("theme", place.theme),),
        )
        for place in places
    ]


def _links(group: Group) -> list[Option]:
    return [Option(hit.title, hit.href, hit.detail) for hit in group.hits]


def _starts(group: Group) -> Iterator[Option]:
    for hit in group.hits:
        if hit.start:
            yield Option(f"Start {hit.title}", hit.start, hit.detail, post=())


def _filled(menus: Iterable[tuple[str, list[Option]]]) -> Iterator[Menu]:
    return (Menu(name, tuple(options)) for name, options in menus if options)
