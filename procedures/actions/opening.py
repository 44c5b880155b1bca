"""Open occurrences when their time has come, and write down what was missed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DurationField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from opsportal.audit.trail import Happening, record_many
from opsportal.lib.bulk import Row, Table
from opsportal.lib.recurrence import Slot
from opsportal.lib.recurrence.catchup import Reason, Span, State, Timing, Verdict, decide
from procedures.actions.assignment import assign
from procedures.models import Occurrence, Run, Schedule, Step

BATCH = 1000
SCHEDULES = 100
TOLERANCE = Timing().tolerance
OF_RUN = ("procedure_id", "version_id", "state", "slot", "occurrence_id", "opens_at", "due_at")


def open_due(*, now: datetime, last_seen: datetime, stop: Callable[[], bool] = lambda: False) -> int:
    """Open every planned occurrence whose time has come; returns how many. Those with steps get their run."""
    opened = 0
    while not stop() and Occurrence.objects.opening(now).exists():
        count = _open_batch(now, last_seen)
        if not count:  # somebody else is opening them
            break
        opened += count
    return opened


def settle(*, now: datetime, last_seen: datetime, stop: Callable[[], bool] = lambda: False) -> int:
    """Write down as missed what nobody began in time; returns how many schedules had such.

    What passed while the portal was down is the system's, and caught up on as the schedule says.
    """
    settled = 0
    while not stop() and (found := _overtaken(now)):
        with transaction.atomic():
            free = Schedule.objects.filter(pk__in=found).select_for_update(skip_locked=True, no_key=True)
            schedules = list(free)
            for schedule in schedules:
                _settle(schedule, now, last_seen)
        if not schedules:
            break
        settled += len(schedules)
    return settled


def make_runs(occurrences: Iterable[int], state: str) -> None:
    """A run for each of the occurrences whose work has steps, unless it has one; in the transaction that is open."""
    procedure = Coalesce("schedule__procedure", "schedule__task__procedure")
    version = Coalesce(
        "schedule__procedure__current_version", "schedule__task__procedure__current_version", output_field=None
    )
    found = (
        Occurrence.objects.filter(pk__in=list(occurrences), run=None)
        .annotate(doing=procedure, pinned=version)
        .filter(state__in=[Occurrence.State.OPEN, Occurrence.State.MISSED])
        .filter(Exists(Step.objects.filter(version=OuterRef("pinned"))))
        .values_list("doing", "pinned", "slot", "pk", "opens_at", "due_at")
    )
    rows: list[Row] = [(doing, pinned, state, slot[:20], *rest) for doing, pinned, slot, *rest in found]
    Table(Run, OF_RUN).insert_new(rows)


def _open_batch(now: datetime, last_seen: datetime) -> int:
    with transaction.atomic():
        due = Occurrence.objects.opening(now).order_by("opens_at")
        locked = due.select_for_update(skip_locked=True, of=("self",), no_key=True)
        rows = list(locked.values_list("pk", "schedule__assign", "schedule__share", "schedule__remind_before")[:BATCH])
        ids = [row[0] for row in rows]
        Occurrence.objects.filter(pk__in=ids).update(state=Occurrence.State.OPEN, remind_at=F("due_at"))
        _remind_earlier(rows)
        if now - last_seen > TOLERANCE:  # it explains why they opened late
            Occurrence.objects.filter(pk__in=ids, opens_at__gt=last_seen).update(reason=Reason.SYSTEM.value)
        seats = assign([pk for pk, whom, share, _ in rows if (whom, share) != ("anyone", "one")], now=now)
        make_runs([*ids, *seats], Run.State.PLANNED)
    return len(ids)


def _remind_earlier(rows: list[tuple[int, str, str, int | None]]) -> None:
    """Where the schedule asks for a reminder before the work is due."""
    before: dict[int, list[int]] = {}
    for pk, _, _, seconds in rows:
        if seconds:
            before.setdefault(seconds, []).append(pk)
    for seconds, ids in before.items():
        early = F("due_at") - Value(timedelta(seconds=seconds), output_field=DurationField())
        Occurrence.objects.filter(pk__in=ids).update(remind_at=early)


def _overtaken(now: datetime) -> list[int]:
    """Schedules with occurrences whose whole time has passed."""
    planned = Occurrence.objects.opening(now).filter(miss_at__lte=now)
    found = planned.values("schedule").union(Occurrence.objects.expiring(now).values("schedule"))
    return [row["schedule"] for row in found[:SCHEDULES]]


def _settle(schedule: Schedule, now: datetime, last_seen: datetime) -> None:
    """Judge all that waits of the schedule and has come to its time, together: one of them may be caught up on."""
    mine = Occurrence.objects.filter(schedule=schedule)
    over = Q(state=Occurrence.State.PLANNED, opens_at__lte=now) | Q(state=Occurrence.State.OPEN, miss_at__lte=now)
    rows = list(mine.filter(over).order_by("at", "seat"))
    verdicts = decide([_span(row) for row in rows], schedule.timing(), now, last_seen)
    missed: dict[str, list[Occurrence]] = {}
    for row, verdict in zip(rows, verdicts, strict=True):
        if verdict.state == State.MISSED:
            missed.setdefault(verdict.reason.value, []).append(row)
        elif verdict.reason:
            _late(row, verdict)
    for reason, those in missed.items():
        _miss(those, reason)
    record_many(
        Happening("schedule.missed", schedule, None, now, {"reason": reason, "slots": [row.slot for row in those]})
        for reason, those in missed.items()
    )


def _span(row: Occurrence) -> Span:
    planned, local = datetime.fromisoformat(row.planned), datetime.fromisoformat(row.local)
    slot = Slot(f"{row.slot}#{row.seat}", planned, local, row.at)
    return Span(slot, row.opens_at, row.due_at, row.miss_at)


def _late(row: Occurrence, verdict: Verdict) -> None:
    """It can still be done, or is caught up on: with the times it has now."""
    times = {"opens_at": verdict.opens_at, "due_at": verdict.due_at}
    Run.objects.filter(occurrence=row, state=Run.State.PLANNED).update(edited=F("edited") + 1, **times)
    still = Occurrence.objects.unbegun().filter(pk=row.pk)
    still.update(reason=Reason.SYSTEM.value, miss_at=verdict.missed_at, **times)


def _miss(rows: list[Occurrence], reason: str) -> None:
    """The run first, as everywhere: whoever starts it takes the locks in the same order."""
    ids = [row.pk for row in rows]
    runs = Run.objects.filter(occurrence__in=ids, state=Run.State.PLANNED)
    runs.update(state=Run.State.MISSED, edited=F("edited") + 1)
    Occurrence.objects.unbegun().filter(pk__in=ids).update(state=Occurrence.State.MISSED, reason=reason)
    make_runs(ids, Run.State.MISSED)
