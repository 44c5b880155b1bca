"""What stands beside the runs of a day: who is on call, one's own open runs, and what comes when nothing is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from contacts.models import Contact, Person
from procedures.models import Procedure, Run

ON_CALL = "on[ _-]*call"  # roles that mean it: On-Call Engineer, oncall, Primary on call
MOST = 50
MOST_SHOWN = 4


@dataclass(slots=True)
class OnCall:
    """A person whom the runbooks name on call, for these services; `hours` as the first of them has it."""

    person: Person
    hours: str = ""
    services: list[str] = field(default_factory=list)


def on_call(person: Person) -> list[OnCall]:
    """Whom the directories of the person's teams name on call, those with most services first; one statement.

    Only contacts that are a person of the portal who has not left.
    """
    contacts = (
        Contact.objects.filter(role__iregex=ON_CALL, person__left_at=None, person__isnull=False)
        .filter(directory__service__team__in=list(person.roles))
        .select_related("person", "directory__service")
        .order_by("directory__service__name", "position")[:MOST]
    )
    found: dict[int, OnCall] = {}
    for contact in contacts:
        if contact.person is not None:
            entry = found.setdefault(contact.person.pk, OnCall(contact.person, contact.hours))
            entry.services.append(contact.directory.service.name)
    return sorted(found.values(), key=lambda entry: -len(entry.services))[:MOST_SHOWN]


def own_open(runs: Iterable[Run], person: Person) -> list[Run]:
    """Of the runs those that the person has started and not ended, the newest first."""
    mine = [run for run in runs if run.is_open and run.started_by_id == person.pk]
    return sorted(mine, key=lambda run: run.pk, reverse=True)


def next_planned(person: Person, now: datetime, *, everything: bool) -> Run | None:
    """The next planned run that has not yet opened, on whatever day."""
    runs = Run.objects.all() if everything else Run.objects.of_teams(person.roles)
    planned = runs.filter(state=Run.State.PLANNED, opens_at__gt=now)
    return planned.select_related("procedure__service").order_by("opens_at", "pk").first()


def nothing_yet() -> bool:
    """Whether the portal has no procedure at all."""
    return not Procedure.objects.current().exists()
