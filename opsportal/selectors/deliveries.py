"""The delivery log: messages newest first, and what of it somebody may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from contacts.models import ChannelKind, Message, MessageQuerySet, MessageState, Person
from opsportal.lib.typed import as_id

PAGE = 50
AT_ONCE = 1000
STATES = dict(MessageState.choices)
KINDS = dict(ChannelKind.choices)
LOST = "lost"  # not delivered, and nobody has taken note


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """What to show; "" does not filter. `to` is a part of a person's or team's name, `q` of a subject or key."""

    state: str = ""
    kind: str = ""
    to: str = ""
    q: str = ""

    def apply(self, person: Person) -> MessageQuerySet:
        """What fits, of what the person may see."""
        found = Message.objects.visible_to(person)
        if self.state:
            found = found.lost() if self.state == LOST else found.filter(state=self.state)
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.to:
            found = found.filter(to_name__icontains=self.to)
        if self.q:
            found = found.filter(Q(subject__icontains=self.q) | Q(key__startswith=self.q))
        return found


def page_of(found: MessageQuerySet, before: str) -> tuple[list[Message], int | None]:
    """Fifty messages behind the one with the id `before`, and the id to go on from (None at the end)."""
    place = as_id(before)
    if place is not None:
        found = found.filter(pk__lt=place)
    rows = list(found.order_by("-pk")[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None


def all_of(found: MessageQuerySet) -> Iterator[Message]:
    """Every message that fits, a thousand at a time."""
    place: int | None = None
    while rows := list((found.filter(pk__lt=place) if place else found).order_by("-pk")[:AT_ONCE]):
        yield from rows
        place = rows[-1].pk
