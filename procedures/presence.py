"""Who else has a run's page open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from contacts.models import Person
from opsportal.lib.typed import as_id
from procedures.actions import be_here
from procedures.models import Presence, Run, RunStep

SHOWN = timedelta(seconds=30)
FRESH = timedelta(seconds=10)  # so long is one's own row not written again, unless the step changes
MOST = 20
UNKNOWN = "?"  # the mark of a page that does not know who is here


@dataclass(frozen=True, slots=True)
class Others:
    """Those who are in the run beside the reader; `mark` changes with who they are and where, "" for nobody."""

    people: tuple[Presence, ...] = ()

    @property
    def mark(self) -> str:
        if not self.people:
            return ""
        return f"{crc32(','.join(f'{one.person_id}.{one.step_id}' for one in self.people).encode()):x}"


def meet(run: Run, person: Person, now: datetime, *, step: int | None) -> Others:
    """Note that the person is here, at the run step with that id, and say who else is.

    One query, and one to three more when the person's own row is old or their step another.
    """
    here = Presence.objects.filter(run=run, at__gt=now - SHOWN).select_related("person").order_by("person__name", "pk")
    rows = list(here[: MOST + 1])
    mine = next((row for row in rows if row.person_id == person.pk), None)
    if mine is None or now - mine.at > FRESH or (step is not None and mine.step_id != step):
        be_here(run=run, person=person, step=step, now=now)
    return Others(tuple(row for row in rows if row.person_id != person.pk)[:MOST])


def step_in(run: Run, typed: str) -> int | None:
    """The id of a step of the run that a page names, None for anything else."""
    pk = as_id(typed)
    if pk is None:
        return None
    return RunStep.objects.filter(run=run, pk=pk).values_list("pk", flat=True).first()


def places(people: Iterable[Presence], numbers: dict[int, int]) -> list[tuple[str, int | None]]:
    """Name and step number of each: [("Anna Berg", 4), …]; None where they are at no step."""
    return [(one.person.name, numbers.get(one.step_id or 0)) for one in people]
