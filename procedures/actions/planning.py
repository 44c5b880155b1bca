"""Plan the runs of a day from the procedures' frequencies. Any number of planners may run at once."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db.models import Exists, Min, OuterRef

from opsportal.lib.recurrence import Rule, RuleError, Slot, between
from procedures.models import Procedure, Run

log = logging.getLogger(__name__)

MIDNIGHT = time()
MOST_A_DAY = 48  # more often is work for a check, not for people
SHORTEST = timedelta(minutes=30)  # time to do it before it counts as late
WHOLE_DAY = timedelta(days=1)


def plan_due(*, now: datetime) -> int:
    """Make a planned run for each slot of the present local day that has none; returns how many slots there are.

    A frequency without a time of day is open all day. A procedure whose rule fails is logged and left out; the others
    are planned. Planned runs are missed when a later slot of the same procedure has come.
    """
    procedures = (
        Procedure.objects.current()
        .exclude(rrule="")
        .exclude(current_version=None)
        .annotate(began=Min("versions__created_at"))
    )
    runs: list[Run] = []
    for procedure in procedures.iterator(chunk_size=1000):
        try:
            runs += [_planned(procedure, slot) for slot in _slots(procedure, now)]
        except (RuleError, ValueError, OSError, ZoneInfoNotFoundError):  # a zone may name a folder: Europe
            log.exception("the frequency of procedure %s cannot be planned", procedure.pk)
    Run.objects.bulk_create(runs, ignore_conflicts=True, batch_size=500)
    miss_passed(now=now)
    return len(runs)


def miss_passed(*, now: datetime) -> int:
    """Mark planned runs as missed that a later slot of their procedure has overtaken."""
    later = Run.objects.filter(procedure=OuterRef("procedure"), opens_at__gt=OuterRef("opens_at"), opens_at__lte=now)
    passed = Run.objects.filter(state=Run.State.PLANNED, due_at__lt=now).filter(Exists(later.exclude(slot="")))
    return passed.update(state=Run.State.MISSED)


def _slots(procedure: Procedure, now: datetime) -> list[Slot]:
    zone = ZoneInfo(procedure.time_zone or settings.TIME_ZONE)
    midnight = datetime.combine(now.astimezone(zone).date(), MIDNIGHT, zone)
    began: datetime = procedure.began  # type: ignore[attr-defined]
    rule = Rule(
        rrule=procedure.rrule,
        times=(procedure.due_time or MIDNIGHT,),
        zone=zone.key,
        start=began.astimezone(zone).date(),
    )
    tomorrow = datetime.combine(midnight.date() + WHOLE_DAY, MIDNIGHT, zone)
    slots = [slot for slot in between(rule, midnight, tomorrow) if not slot.paused]
    if len(slots) > MOST_A_DAY:
        raise RuleError(f"{len(slots)} runs in a day are too many")
    return slots


def _planned(procedure: Procedure, slot: Slot) -> Run:
    takes = timedelta(seconds=procedure.duration_seconds or 0)
    due = slot.at_utc + (max(SHORTEST, 2 * takes) if procedure.due_time else WHOLE_DAY)
    return Run(
        procedure=procedure,
        version_id=procedure.current_version_id or 0,  # the query has left out those without one
        state=Run.State.PLANNED,
        slot=slot.key[:20],
        opens_at=slot.at_utc,
        due_at=due,
    )
