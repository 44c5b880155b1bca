"""Coming back to a run: what the reader did last, and what others did meanwhile (Degani & Wiener on distractions)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from contacts.models import Person
from procedures.models import Run, StepEvent, StepState
from procedures.selectors import Sheet

AWAY = timedelta(minutes=5)
MOST_EVENTS = 500
DID = {
    StepState.DONE.value: "did",
    StepState.SKIPPED.value: "skipped",
    StepState.FAILED.value: "failed",
    StepState.EXCUSED.value: "excused",
    StepState.NOT_APPLICABLE.value: "ruled out",
    StepState.TODO.value: "took back",
}
CONFIRMED = "confirmed"


class Event(NamedTuple):
    """A change of a step, with the name of who made it."""

    pk: int
    run_step: int
    person: int | None
    name: str | None
    before: str
    after: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Away:
    """Since when the reader did nothing in the run, the step they left at (None: right after the start), and what
    others did since: "Anna did 5, 6"."""

    since: datetime
    step: int | None
    others: tuple[str, ...]


def events_of(run: Run) -> list[Event]:
    """The last changes of the run's steps, newest first: one query."""
    rows = StepEvent.objects.filter(run_step__run=run).order_by("-pk")
    fields = ("pk", "run_step_id", "person_id", "person__name", "before", "after", "at")
    return [Event(*row) for row in rows.values_list(*fields)[:MOST_EVENTS]]


def away(sheet: Sheet, events: Sequence[Event], person: Person, now: datetime) -> Away | None:
    """What to tell somebody who did nothing in an open run for five minutes; None for one who never took part."""
    if not sheet.run.is_open:
        return None
    mine = next((event for event in events if event.person == person.pk), None)
    started = sheet.run.started_at if sheet.run.started_by_id == person.pk else None
    since = mine.at if mine else started
    if since is None or now - since < AWAY:
        return None
    numbers = {row.run_step.pk: row.number for row in sheet.rows}
    later = [event for event in events if mine is None or event.pk > mine.pk]
    step = numbers.get(mine.run_step) if mine else None
    return Away(since, step, tuple(_sentences(later, numbers)))


def _sentences(events: Iterable[Event], numbers: dict[int, int]) -> list[str]:
    """What became of each step, grouped by who did it; `events` are newest first, the newest of a step counts."""
    newest: dict[int, Event] = {}
    for event in events:
        newest.setdefault(event.run_step, event)
    done: dict[tuple[str, str], list[int]] = {}
    for event in newest.values():
        verb = CONFIRMED if event.before == event.after else DID[event.after]
        done.setdefault((event.name or "somebody", verb), []).append(numbers.get(event.run_step, 0))
    return [f"{name} {verb} {', '.join(map(str, sorted(steps)))}" for (name, verb), steps in sorted(done.items())]
