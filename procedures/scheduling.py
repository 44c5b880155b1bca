"""A schedule's columns as the values that the recurrence engine takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from opsportal.lib.recurrence import Change, NonBusiness, Overlap, Pause, Rule
from opsportal.lib.recurrence.catchup import CatchUp, Timing
from opsportal.lib.recurrence.floating import Floating, Unit
from opsportal.lib.recurrence.rule import WEEKENDS
from opsportal.lib.recurrence.zones import Gap
from procedures.models import Schedule


def rule_of(schedule: Schedule) -> Rule:
    """The whole rule of a fixed schedule, with its pauses and single changes; prefetch them for many.

    Raises ValueError for columns that are no rule's.
    """
    changes = tuple(
        Change(one.slot, datetime.fromisoformat(one.to) if one.to else None, one.reason)
        for one in schedule.changes.all()
    )
    pauses = tuple(Pause(one.first, one.last, one.reason) for one in schedule.pauses.all())
    return replace(schedule.plain_rule(), changes=changes, pauses=pauses)


def floating_of(schedule: Schedule) -> Floating:
    """The value of a schedule that counts from each completion."""
    return Floating(
        every=schedule.every or 0,
        unit=Unit(schedule.unit),
        at=time.fromisoformat(schedule.times.split()[0]),
        zone=schedule.zone,
        start=schedule.starts_on,
        gap=Gap(schedule.gap),
        overlap=Overlap(schedule.overlap),
        non_business=NonBusiness(schedule.non_business),
        calendar=schedule.holidays.days_off() if schedule.holidays else WEEKENDS,
    )


def timing_of(schedule: Schedule) -> Timing:
    """When its slots open, are due and are missed."""
    return Timing(
        open_before=timedelta(seconds=schedule.open_before),
        due_after=timedelta(seconds=schedule.due_after),
        miss_after=timedelta(seconds=schedule.miss_after),
        catch_up=CatchUp(schedule.catch_up),
        max_catch_up=schedule.max_catch_up,
    )
