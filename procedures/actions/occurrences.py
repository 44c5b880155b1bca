"""What becomes of an occurrence as its run goes on. Called inside the transactions of `runs`, after the run's row.

Every change is conditional on the state it starts from, so of two at once one wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Case, Q, QuerySet, Value, When

from contacts.models import Person
from procedures.actions import floating
from procedures.actions.opening import make_runs
from procedures.models import Occurrence, Run, Schedule

State, Reason = Occurrence.State, Occurrence.Reason


def begin(run: Run, *, now: datetime) -> None:
    """Somebody has started the run, in time or after it was missed."""
    if run.occurrence_id is not None:
        states = [State.PLANNED, State.OPEN, State.MISSED]
        _mine(run).filter(state__in=states).update(state=State.IN_PROGRESS, started_at=now)


def finish(run: Run, *, person: Person, now: datetime) -> None:
    """The run is completed: the occurrence is done, or done late."""
    if run.occurrence_id is not None and close_as_done(_mine(run), [State.IN_PROGRESS], person, now):
        plan_next_of(run.occurrence_id, now=now)


def give_back(run: Run, *, person: Person, now: datetime) -> None:
    """The run is stopped unfinished: while there is time the occurrence is open again, with a run to start anew."""
    if run.occurrence_id is None:
        return
    again = _mine(run).filter(state=State.IN_PROGRESS, miss_at__gt=now)
    if again.update(state=State.OPEN, started_at=None):
        Run.objects.filter(pk=run.pk).update(occurrence=None)
        make_runs([run.occurrence_id], Run.State.PLANNED)
    else:
        missed = _mine(run).filter(state=State.IN_PROGRESS)
        missed.update(state=State.MISSED, reason=Reason.ABANDONED, ended_at=now, ended_by=person)


def close_as_done(rows: QuerySet[Occurrence], states: Sequence[str], person: Person, now: datetime) -> bool:
    """Make the one row done, or done late when its time or its whole slot had passed."""
    closed = rows.filter(state__in=states).update(ended_at=now, ended_by=person, state=_in_time(now))
    return bool(closed)


def plan_next_of(occurrence: int, *, now: datetime) -> None:
    """What is counted from this completion is planned in the same transaction."""
    floats = Schedule.objects.filter(occurrences=occurrence, anchor=Schedule.Anchor.COMPLETION)
    for schedule in floats.select_related("holidays"):
        floating.plan_next([schedule], now=now)


def _in_time(now: datetime) -> Case:
    """Not in time is what a manager had to reschedule, too."""
    in_time = When(~Q(reason=Reason.DECIDED), due_at__gte=now, then=Value(State.DONE.value))
    return Case(in_time, default=Value(State.DONE_LATE.value))


def _mine(run: Run) -> QuerySet[Occurrence]:
    return Occurrence.objects.filter(pk=run.occurrence_id or 0)  # by its id: a join would make the condition stale
