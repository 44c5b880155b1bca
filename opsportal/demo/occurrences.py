"""The occurrences that the told runs were for, and those of the maintenance tasks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from procedures.models import Occurrence, Run, Schedule

EXCUSED = "Excused: "
CHANGED = ["state", "reason", "explanation", "started_at", "ended_at", "ended_by", "decided_by"]
State, Reason = Occurrence.State, Occurrence.Reason


def tell(runs: Iterable[Run]) -> None:
    """Make each run's occurrence say what became of it. Runs out of turn have none; the runs have no rows yet."""
    planned = {
        (row.schedule.procedure_id, row.slot): row
        for row in Occurrence.objects.exclude(schedule__procedure=None).select_related("schedule")
    }
    schedules = {one.procedure_id: one for one in Schedule.objects.exclude(procedure=None)}
    told, older = [], []
    for run in runs:
        if not run.slot:
            continue
        row = planned.get((run.procedure_id, run.slot))
        if row is None:
            row = _older(schedules[run.procedure_id], run)
            older.append(row)
        else:
            told.append(row)
        _tell(row, run)
        run.occurrence, run.due_at = row, row.due_at
    Occurrence.objects.bulk_create(older)
    Occurrence.objects.bulk_update(told, CHANGED, batch_size=200)


def tell_last_completed() -> None:
    """For each maintenance task an occurrence of the day on which the runbook says it was last done."""
    done = []
    for schedule in Schedule.objects.exclude(task=None).select_related("task"):
        day = schedule.task.last_completed_on if schedule.task else None
        if day is None or Occurrence.objects.filter(schedule=schedule, slot=day.isoformat()).exists():
            continue
        at = datetime.combine(day, time(), tzinfo=ZoneInfo(schedule.zone)).astimezone(UTC)
        row = _row(schedule, day.isoformat(), at)
        row.state, row.started_at = State.DONE, None
        row.ended_at = at + timedelta(hours=15)
        done.append(row)
    Occurrence.objects.bulk_create(done)


def _tell(row: Occurrence, run: Run) -> None:
    row.started_at, row.ended_at, row.ended_by = run.started_at, run.ended_at, run.ended_by
    if run.state == Run.State.OPEN:
        row.state = State.IN_PROGRESS
    elif run.state == Run.State.COMPLETED:
        late = run.ended_at is not None and run.ended_at > row.due_at
        row.state = State.DONE_LATE if late else State.DONE
    elif run.summary.startswith(EXCUSED):
        row.state, row.reason, row.decided_by = State.EXCUSED, Reason.DECIDED, run.ended_by
        row.explanation = run.summary.removeprefix(EXCUSED)
    else:
        row.state, row.reason, row.explanation = State.MISSED, Reason.OPERATOR, run.summary


def _older(schedule: Schedule, run: Run) -> Occurrence:
    if run.opens_at is None:
        raise ValueError("a run for a slot without its time")
    return _row(schedule, run.slot, run.opens_at)


def _row(schedule: Schedule, slot: str, at: datetime) -> Occurrence:
    wall = at.astimezone(ZoneInfo(schedule.zone)).isoformat()[:16]
    before, due, miss = schedule.timing_of_rows
    return Occurrence(
        schedule=schedule,
        service_id=schedule.service_id,
        slot=slot,
        planned=wall,
        local=wall,
        at=at,
        opens_at=at - before,
        due_at=at + due,
        miss_at=at + miss,
    )
