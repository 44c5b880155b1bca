"""The audit trail as a page reads it: filtered, newest first, from a place on; never counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from contacts.access import can, teams_with
from contacts.models import Person
from opsportal.audit.models import AuditEvent
from opsportal.lib.typed import as_id
from opsportal.selectors.audit_words import sentence
from services.models import Service

PAGE = 50
AT_ONCE = 2000
SYSTEM = "opsportal"  # the actor's name where no person acted (`opsportal.audit.trail.record`)
OBJECT = re.compile(r"[a-z]+:\d+")
PAGES = {"run": "run", "procedure": "procedure", "knownissue": "issue", "person": "person", "team": "team"}
ENOUGH_PEOPLE = 200


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What to show; empty fields do not filter. `verb` may be a whole family ("run"), days are the reader's own."""

    person: str = ""
    verb: str = ""
    object: str = ""
    since: date | None = None
    until: date | None = None

    def apply(self, reader: Person) -> QuerySet[AuditEvent]:
        """The events that fit and that the reader may see, newest first."""
        found = readable(reader).order_by("-seq")
        if self.person:
            found = found.filter(_by(self.person))
        if self.verb:
            found = found.filter(verb=self.verb) if "." in self.verb else found.filter(verb__startswith=f"{self.verb}.")
        if self.object:
            exact = OBJECT.fullmatch(self.object)
            found = found.filter(subject=self.object) if exact else found.filter(label__icontains=self.object)
        if self.since:
            found = found.filter(at__gte=_midnight(self.since))
        return found.filter(at__lt=_midnight(self.until + timedelta(days=1))) if self.until else found


def readable(reader: Person) -> QuerySet[AuditEvent]:
    """Managers read what happened in their teams; administrators everything, also what belongs to no team."""
    if can(reader, "portal.manage"):
        return AuditEvent.objects.all()
    return AuditEvent.objects.filter(team__in=teams_with(reader, "audit.read"))


def _by(text: str) -> Q:
    """Events of the people called so now; else of whoever was called so then, the system included."""
    people = Person.objects.filter(name__icontains=text, user__isnull=False).values_list("user_id", flat=True)
    users = list(people[:ENOUGH_PEOPLE])
    if users:
        return Q(actor_user__in=users)
    if text.casefold() == SYSTEM:
        return Q(actor_user=None, actor_name=SYSTEM)
    return Q(actor_name__icontains=text)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@dataclass(frozen=True, slots=True)
class Row:
    """An event with its sentence, split at the object's name: who, did, what, and the address of what."""

    event: AuditEvent
    did: str
    href: str

    @property
    def day(self) -> date:
        return timezone.localdate(self.event.at)

    @property
    def details(self) -> list[tuple[str, object]]:
        """What was written down with it, without what is empty."""
        return [(name, value) for name, value in self.event.data.items() if value not in ("", None, [], {})]


def page_of(found: QuerySet[AuditEvent], before: str) -> tuple[list[Row], str]:
    """Fifty events before number `before` (the newest when it is none), and where the next page begins ("" = end)."""
    if (number := as_id(before)) is not None:
        found = found.filter(seq__lt=number)
    events = list(found[: PAGE + 1])
    return rows_of(events[:PAGE]), str(events[PAGE - 1].seq) if len(events) > PAGE else ""


def rows_of(events: Iterable[AuditEvent]) -> list[Row]:
    """The events as the page shows them; one more query where services are among their objects."""
    events = list(events)
    named = [event.subject.split(":") for event in events]
    services = {int(pk) for kind, pk in named if kind == "service" and pk.isdecimal()}
    slugs = dict(Service.objects.filter(pk__in=services).values_list("pk", "slug")) if services else {}
    return [Row(event, sentence(event.verb, event.data), _address(event.subject, slugs)) for event in events]


def _address(subject: str, slugs: dict[int, str]) -> str:
    """Where the object is looked at; "" where it has no page of its own, or none any more."""
    kind, _, pk = subject.partition(":")
    if not pk.isdecimal():
        return ""
    if kind == "service":
        slug = slugs.get(int(pk))
        return reverse("service", args=[slug]) if slug else ""
    return reverse(PAGES[kind], args=[int(pk)]) if kind in PAGES else ""


def all_of(found: QuerySet[AuditEvent]) -> Iterator[AuditEvent]:
    """Every event that fits, read a page at a time: it may be left off anywhere, and holds no cursor open."""
    page = list(found[:AT_ONCE])
    while page:
        yield from page
        page = list(found.filter(seq__lt=page[-1].seq)[:AT_ONCE])
