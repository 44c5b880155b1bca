"""Bring the rows that nobody has touched in line with a schedule that was changed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from opsportal.lib.recurrence import between
from opsportal.lib.recurrence.replan import PlannedRow, replan
from procedures.actions import slot_rows
from procedures.actions.locks import drop_runs
from procedures.models import Occurrence, Schedule, SchedulePause

BEHIND = timedelta(days=2)
UNTOUCHED = Q(state=Occurrence.State.PLANNED) | Q(state=Occurrence.State.CANCELLED, reason=Occurrence.Reason.PAUSED)
CHANGING = [name for name in slot_rows.COLUMNS if name not in ("schedule_id", "service_id", "slot")]


def replan_rows(schedule: Schedule, *, now: datetime) -> None:
    """Rows later than `now` that are only planned follow the schedule as it is; what has begun or passed stays.

    In the transaction that is open. Raises RuleError and ValueError for a schedule that cannot be kept.
    """
    until = schedule.planned_until
    if until is None or until <= now:
        return
    rows = {row.slot: row for row in Occurrence.objects.filter(schedule=schedule, seat=0, at__gt=now - BEHIND)}
    slots = between(schedule.rule(), now - BEHIND, until)
    plan = replan([_as_planned(row) for row in rows.values()], slots, now)
    _remove(schedule, [row.key for row in plan.remove])
    changed = []
    for slot in slots:
        row = rows.get(slot.key)
        if row is not None and slot.at_utc > now and row.at > now and not _as_planned(row).touched:
            for name, value in slot_rows.values_of(slot_rows.planned_row(schedule, slot)).items():
                setattr(row, name, value)
            changed.append(row)
    Occurrence.objects.bulk_update(changed, CHANGING, batch_size=200)
    slot_rows.insert_new([slot_rows.planned_row(schedule, slot) for slot in plan.insert])


def remove_untouched(schedule: Schedule, *, now: datetime) -> None:
    """Take away what is only planned; what is open and not begun is cancelled, so that it stays to be seen."""
    Occurrence.objects.filter(UNTOUCHED, schedule=schedule, opens_at__gt=now).delete()
    unbegun = Occurrence.objects.filter(schedule=schedule, state__in=[Occurrence.State.PLANNED, Occurrence.State.OPEN])
    drop_runs(unbegun)
    unbegun.update(state=Occurrence.State.CANCELLED, reason=Occurrence.Reason.REPLANNED)


def cancel_paused(schedule: Schedule, pause: SchedulePause) -> None:
    """What is open on the days of a pause and not begun is cancelled; what is still planned follows the new plan."""
    first, after = pause.first.isoformat(), (pause.last + timedelta(days=1)).isoformat()
    open_rows = Occurrence.objects.filter(schedule=schedule, state=Occurrence.State.OPEN)
    inside = open_rows.filter(local__gte=first, local__lt=after)
    drop_runs(inside)
    inside.update(state=Occurrence.State.CANCELLED, reason=Occurrence.Reason.PAUSED, explanation=pause.reason)


def _as_planned(row: Occurrence) -> PlannedRow:
    paused = row.state == Occurrence.State.CANCELLED and row.reason == Occurrence.Reason.PAUSED
    return PlannedRow(row.slot, row.at, touched=row.state != Occurrence.State.PLANNED and not paused, paused=paused)


def _remove(schedule: Schedule, slots: list[str]) -> None:
    gone = Occurrence.objects.filter(UNTOUCHED, schedule=schedule, slot__in=slots)
    drop_runs(gone)
    gone.delete()
