"""Make the occurrences of schedules in advance, as rows. Any number of planners may run at once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from opsportal.audit.trail import Happening, record_many
from opsportal.lib.bulk import Row
from opsportal.lib.zone_data import zone_data
from procedures.actions import floating, slot_rows
from procedures.actions.opening import make_runs
from procedures.actions.replanning import replan_rows
from procedures.models import Occurrence, Run, Schedule

log = logging.getLogger(__name__)

HORIZON = timedelta(days=60)
AGAIN = timedelta(days=1)  # to the next look at a schedule, and up to six days more, so that they spread
QUARANTINE = timedelta(hours=1)
BATCH = 200
CHECKED: set[str] = set()  # versions of time zone data for which this process has looked through the schedules


def plan_schedules(*, now: datetime, last_seen: datetime, stop: Callable[[], bool] = lambda: False) -> int:
    """Plan every schedule whose time has come 60 days ahead; returns how many were planned.

    `last_seen` is when the clockwork was last known to run: slots since then are not the operator's fault. A schedule
    that raises is left alone for an hour with its error; its neighbours are planned. `stop` is asked between batches.
    """
    planned = 0
    if zone_data() not in CHECKED:
        _plan_anew(now)
    while not stop() and (batch := _due(now)):
        done = _plan(batch, now, last_seen)
        planned += done
        if not done and _due(now) == batch:  # somebody else has them
            break
    return planned


def _plan_anew(now: datetime) -> None:
    """Have what was planned with other time zone data looked at now; once in the life of a process."""
    others = Schedule.objects.active().filter(plan_at__gt=now).exclude(zone_data__in=["", zone_data()])
    others.update(plan_at=now)
    CHECKED.add(zone_data())


def plan_now(schedule: Schedule, *, now: datetime) -> None:
    """Plan one schedule in the transaction that is open. Raises RuleError and ValueError."""
    found = list(_with_parts(Schedule.objects.filter(pk=schedule.pk)))
    _write(found, [row for one in found for row in rows_of(one, now, now)], now)


def rows_of(schedule: Schedule, now: datetime, last_seen: datetime) -> list[Row]:
    """The rows of a fixed schedule from where it was planned to up to the horizon; of a floating one none."""
    if schedule.floats:
        return []
    since = schedule.planned_until or now
    if schedule.quarantined_until is not None:  # its slots were not planned meanwhile, through nobody's fault
        last_seen = min(last_seen, schedule.quarantined_until - QUARANTINE)
    if since > now and (schedule.holidays_id or schedule.zone_data != zone_data()):
        with transaction.atomic():
            replan_rows(schedule, now=now)
    return list(slot_rows.rows_between(schedule, since, now + HORIZON, now=now, last_seen=last_seen))


def _due(now: datetime) -> list[int]:
    return list(Schedule.objects.to_plan(now).order_by("plan_at", "pk").values_list("pk", flat=True)[:BATCH])


def _plan(batch: list[int], now: datetime, last_seen: datetime) -> int:
    """Plan the batch in one transaction; where that fails, each schedule in one of its own."""
    try:
        with transaction.atomic():
            return _plan_together(batch, now, last_seen)
    except Exception:
        log.warning("a batch of schedules could not be written together; each is planned alone", exc_info=True)
    return sum(_plan_alone(pk, now, last_seen) for pk in batch)


def _plan_alone(pk: int, now: datetime, last_seen: datetime) -> int:
    try:
        with transaction.atomic():
            return _plan_together([pk], now, last_seen)
    except Exception as error:
        log.exception("schedule %s cannot be planned", pk)
        quarantine([pk], error, now)
        return 1


def _plan_together(batch: list[int], now: datetime, last_seen: datetime) -> int:
    waiting = Schedule.objects.to_plan(now).filter(pk__in=batch)
    claimed = list(_with_parts(waiting.select_for_update(skip_locked=True, of=("self",), no_key=True)))
    rows: list[Row] = []
    good: list[Schedule] = []
    for schedule in claimed:
        try:
            rows += rows_of(schedule, now, last_seen)
        except Exception as error:
            log.exception("schedule %s cannot be planned", schedule.pk)
            quarantine([schedule.pk], error, now)
        else:
            good.append(schedule)
    _write(good, rows, now)
    return len(claimed)


def _with_parts(schedules: QuerySet[Schedule]) -> QuerySet[Schedule]:
    """With what their rules are made of, in a constant number of queries."""
    return schedules.select_related("holidays").prefetch_related("pauses", "changes", "holidays__dates")


def _write(schedules: list[Schedule], rows: list[Row], now: datetime) -> None:
    slot_rows.insert_new(rows)
    floating.plan_next([schedule for schedule in schedules if schedule.floats], now=now)
    _tell_missed(schedules, rows, now)
    ended = [schedule.pk for schedule in schedules if schedule.floats or _ends_before(schedule, now + HORIZON)]
    going_on = [schedule.pk for schedule in schedules if schedule.pk not in set(ended)]
    spread = AGAIN * (1 + (going_on[0] % 61) / 10) if going_on else AGAIN
    for found, plan_at in ((ended, None), (going_on, now + spread)):
        Schedule.objects.filter(pk__in=found).update(
            planned_until=now + HORIZON,
            plan_at=plan_at,
            zone_data=zone_data(),
            quarantined_until=None,
            quarantine_error="",
        )


def _ends_before(schedule: Schedule, end: datetime) -> bool:
    """Whether the rule has nothing after `end` for certain (moved slots have their rows by then)."""
    return schedule.plain_rule().series.last < end.replace(tzinfo=None) - timedelta(days=63)


def _tell_missed(schedules: Iterable[Schedule], rows: list[Row], now: datetime) -> None:
    by_schedule: dict[int, list[Row]] = {}
    for row in rows:
        if row[slot_rows.COLUMNS.index("state")] == "missed":
            by_schedule.setdefault(row[0], []).append(row)
    if by_schedule:
        slots = {row[slot_rows.COLUMNS.index("slot")] for found in by_schedule.values() for row in found}
        missed = Occurrence.objects.filter(schedule__in=by_schedule, slot__in=slots, state=Occurrence.State.MISSED)
        make_runs(missed.values_list("pk", flat=True), Run.State.MISSED)
        record_many(
            Happening("schedule.missed", schedule, None, now, {"reason": reason, "slots": slots})
            for schedule in schedules
            for reason, slots in slot_rows.missed_slots(by_schedule.get(schedule.pk, ())).items()
        )


def quarantine(schedules: list[int], error: Exception, now: datetime) -> None:
    """Leave schedules alone for an hour, with the error that they raised."""
    words = f"{type(error).__name__}: {error}"[:500]
    Schedule.objects.filter(pk__in=schedules).update(quarantined_until=now + QUARANTINE, quarantine_error=words)
