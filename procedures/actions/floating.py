"""The one open occurrence of a floating schedule: counted from the last completion."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from itertools import chain, count
from operator import or_

from django.db.models import Max, Q

from opsportal.lib.recurrence import Slot
from opsportal.lib.recurrence.floating import floating_slot
from procedures.actions import slot_rows
from procedures.actions.locks import drop_runs
from procedures.models import Occurrence, Schedule

DONE = [Occurrence.State.DONE, Occurrence.State.DONE_LATE]
COUNTED = [*DONE, Occurrence.State.SKIPPED, Occurrence.State.EXCUSED]


def plan_next(schedules: Iterable[Schedule], *, now: datetime) -> None:
    """Plan the next time of each floating schedule that has nothing waiting, in the transaction that is open."""
    wanted = {schedule.pk: schedule for schedule in schedules if schedule.floats and schedule.retired_at is None}
    if not wanted:
        return
    for pk in Occurrence.objects.waiting().filter(schedule__in=wanted).values_list("schedule", flat=True):
        wanted.pop(pk, None)
    last = _last_done(wanted)
    slots = {pk: floating_slot(schedule.floating(), last.get(pk)) for pk, schedule in wanted.items()}
    taken = set(Occurrence.objects.filter(schedule__in=wanted).filter(_named(slots)).values_list("schedule", "slot"))
    rows = []
    for pk, slot in slots.items():
        names = chain([slot.key], (f"{slot.key}~{number}" for number in count(2)))
        rows.append(slot_rows.floating_row(wanted[pk], slot, next(name for name in names if (pk, name) not in taken)))
    slot_rows.insert_new(rows)


def take_back_next(schedule: Schedule, *, after: Occurrence) -> None:
    """Take away the untouched occurrence that was planned because `after` was done."""
    later = Occurrence.objects.filter(schedule=schedule, pk__gt=after.pk)
    untouched = later.filter(state__in=[Occurrence.State.PLANNED, Occurrence.State.OPEN])
    drop_runs(untouched)
    untouched.delete()


def _named(slots: dict[int, Slot]) -> Q:
    """Rows with the dates of the slots: done early, a task can fall due on the same day again."""
    days = {slot.key for slot in slots.values()}
    return reduce(or_, (Q(slot__startswith=day) for day in days))


def _last_done(schedules: Iterable[int]) -> dict[int, datetime]:
    """By schedule when it was last done; what was left out or excused counts as done on its day."""
    closed = Occurrence.objects.filter(schedule__in=list(schedules), state__in=COUNTED)
    latest = closed.order_by().values("schedule").annotate(last=Max("pk")).values_list("last", flat=True)
    return {
        row.schedule_id: (row.ended_at or row.at) if row.state in DONE else row.at
        for row in Occurrence.objects.filter(pk__in=list(latest))
    }
