"""Keep the schedules that come from a runbook's frequencies in step with it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from opsportal.audit.trail import Happening, record_many
from opsportal.lib.errors import ActionError
from opsportal.lib.recurrence import Rule, between, upcoming
from opsportal.lib.recurrence.floating import Unit
from opsportal.lib.recurrence.text import parse
from opsportal.lib.recurrence.validate import validate
from opsportal.lib.recurrence.zones import zone_of
from procedures.actions import floating
from procedures.actions.replanning import remove_untouched, replan_rows
from procedures.models import MaintenanceTask, Occurrence, Procedure, Schedule
from procedures.models.schedule import DAY
from services.models import Service

log = logging.getLogger(__name__)

MIDNIGHT = time()
MOST_A_DAY = 48  # more often is work for a check, not for people
SHORTEST = 30 * 60  # seconds to do it before it counts as late
LONGEST_WAIT = 366 * DAY  # until something rare counts as missed
GRACE = 3600
UNITS = {"DAILY": Unit.DAYS, "WEEKLY": Unit.WEEKS, "MONTHLY": Unit.MONTHS, "YEARLY": Unit.YEARS}
BY_MACHINE = "automat"  # an owner such as "Automated": no person has anything to do


@dataclass(frozen=True)
class Wanted:
    """What a row of the runbook asks for; `frequency` and `next_due` are what the schedule remembers of it."""

    row: Procedure | MaintenanceTask
    frequency: str
    next_due: date | None
    values: dict[str, object]

    @property
    def understood(self) -> str:
        return f"{self.frequency}\n{self.next_due or ''}"


def follow_runbook(*, service: Service, now: datetime) -> None:
    """Make, change and retire the schedules of the service's procedures and maintenance tasks as the runbook says.

    A schedule is set anew only when the runbook's frequency has changed: what was edited in the portal stays. What
    cannot be kept, such as every minute, gets no schedule.
    """
    with transaction.atomic():
        wanted = {_key(one.row): one for one in _wanted(service, now)}
        has = {_key_of(one): one for one in _schedules(service)}
        happenings = [_retire(one, now) for key, one in has.items() if key not in wanted and one.retired_at is None]
        for key, one in wanted.items():
            if key in has:
                happenings += _change(has[key], one, now)
        made = Schedule.objects.bulk_create(_new(service, one, now) for key, one in wanted.items() if key not in has)
        happenings += [Happening("schedule.made", one, None, now, {"understood": one.understood}) for one in made]
        if happenings:
            record_many(happenings)


def _schedules(service: Service) -> Iterator[Schedule]:
    """The newest of each row, also those retired, and those whose row is gone."""
    ours = Schedule.objects.filter(service=service, origin=Schedule.Origin.RUNBOOK)
    yield from ours.select_related("holidays").order_by("pk")


def _key(row: Procedure | MaintenanceTask) -> tuple[str, int]:
    return type(row).__name__, row.pk


def _key_of(schedule: Schedule) -> tuple[str, int]:
    if schedule.procedure_id is not None:
        return Procedure.__name__, schedule.procedure_id
    return MaintenanceTask.__name__, schedule.task_id or -schedule.pk


def _wanted(service: Service, now: datetime) -> Iterator[Wanted]:
    procedures = Procedure.objects.current().filter(service=service).exclude(rrule="").exclude(current_version=None)
    scheduled = set()
    for procedure in procedures:
        if (wanted := _safely(procedure, now)) is not None:
            scheduled.add(procedure.pk)
            yield wanted
    for task in MaintenanceTask.objects.filter(service=service).exclude(rrule=""):
        doubled = task.procedure_id in scheduled  # the procedure's own frequency plans it
        if not doubled and BY_MACHINE not in task.owner.casefold() and (wanted := _safely(task, now)) is not None:
            yield wanted


def _safely(row: Procedure | MaintenanceTask, now: datetime) -> Wanted | None:
    """What the row asks for; None, and a line in the log, when nothing can be planned from it."""
    try:
        return _read(row, now)
    except (ActionError, ValueError) as error:
        log.warning("the frequency of %s %s cannot be planned: %s", type(row).__name__, row.pk, error)
        return None


def _read(row: Procedure | MaintenanceTask, now: datetime) -> Wanted:
    zone = zone_of(row.time_zone or settings.TIME_ZONE)
    next_due = row.next_due_on if isinstance(row, MaintenanceTask) else None
    start = next_due or now.astimezone(zone).date()
    at = _time(row)
    given = at is not None
    rule = Rule(row.rrule, (at or MIDNIGHT,), zone.key, start)
    validate(rule)
    if _too_often(rule, now):
        raise ActionError("so many a day are work for a check, not for people")
    takes = row.duration_seconds or 0 if isinstance(row, Procedure) else 0
    due = max(SHORTEST, 2 * takes) if given else DAY
    values = {
        "rrule": "" if row.floating else row.rrule,
        "times": f"{at or MIDNIGHT:%H:%M}",
        "zone": zone.key,
        "starts_on": start,
        "time_given": given,
        "due_after": due,
        "miss_after": max(min(_apart(rule, now), LONGEST_WAIT), due + GRACE),
        **_anchor(row),
    }
    if row.floating and next_due is None:
        values["starts_on"] = _first_floating(row, start)
    frequency = f"{row.rrule}|{values['times'] if given else ''}|{zone.key}|{row.floating}|{takes}"
    return Wanted(row, frequency, next_due, values)


def _time(row: Procedure | MaintenanceTask) -> time | None:
    if isinstance(row, MaintenanceTask):
        return time.fromisoformat(row.due_time) if row.due_time else None
    return row.due_time


def _anchor(row: Procedure | MaintenanceTask) -> dict[str, object]:
    """Floating frequencies are counted from the completion. Raises ActionError for one that cannot be counted so."""
    if not row.floating:
        return {"anchor": Schedule.Anchor.CALENDAR, "every": None, "unit": ""}
    recur = parse(row.rrule)
    if recur.freq not in UNITS:
        raise ActionError("a schedule counted from the last completion needs days, weeks, months or years")
    return {"anchor": Schedule.Anchor.COMPLETION, "every": recur.interval, "unit": UNITS[recur.freq].value}


def _first_floating(row: Procedure | MaintenanceTask, today: date) -> date:
    """Where only the last completion is known: one distance after it, as the engine counts."""
    if not isinstance(row, MaintenanceTask) or row.last_completed_on is None:
        return today
    done = Rule(row.rrule, (MIDNIGHT,), "UTC", row.last_completed_on)
    later = upcoming(done, datetime.combine(row.last_completed_on, MIDNIGHT, ZoneInfo("UTC")), 1)
    return later[0].planned.date() if later else today


def _too_often(rule: Rule, now: datetime) -> bool:
    if rule.series.once_a_day:
        return False
    found = upcoming(rule, now, MOST_A_DAY + 1)
    return len(found) > MOST_A_DAY and found[-1].at_utc - found[0].at_utc < timedelta(days=1)


def _apart(rule: Rule, now: datetime) -> int:
    """Seconds between two slots, the least of the next few."""
    moments = [slot.at_utc for slot in upcoming(rule, now, 4)]
    return min((int((b - a).total_seconds()) for a, b in pairwise(moments)), default=LONGEST_WAIT)


def _new(service: Service, wanted: Wanted, now: datetime) -> Schedule:
    row = wanted.row
    return Schedule(
        service=service,
        procedure=row if isinstance(row, Procedure) else None,
        task=row if isinstance(row, MaintenanceTask) else None,
        title=str(row)[:500],
        origin=Schedule.Origin.RUNBOOK,
        understood=wanted.understood[:400],
        plan_at=now,
        planned_until=_since(wanted, now),
        **wanted.values,
    )


def _since(wanted: Wanted, now: datetime) -> datetime:
    """From when to plan: what has no time of day from this morning, an overdue task from the last time it was due."""
    zone = ZoneInfo(str(wanted.values["zone"]))
    today = datetime.combine(now.astimezone(zone).date(), MIDNIGHT, zone)
    since = now if wanted.values["time_given"] else today
    if wanted.next_due is None or wanted.next_due >= today.date() or isinstance(wanted.row, Procedure):
        return since
    rule = Rule(wanted.row.rrule, (_time(wanted.row) or MIDNIGHT,), zone.key, wanted.next_due)
    passed = between(rule, now - timedelta(seconds=LONGEST_WAIT), now)
    return passed[-1].at_utc if passed else since


def _change(schedule: Schedule, wanted: Wanted, now: datetime) -> list[Happening]:
    """Set the schedule anew if the runbook says something else than when it was last set from it."""
    if schedule.retired_at is None and schedule.understood == wanted.understood[:400]:
        return _renamed(schedule, wanted)
    values = dict(wanted.values)
    frequency = schedule.understood.partition("\n")[0]
    if schedule.retired_at is None and frequency == wanted.frequency:  # only the next date: the rest stays as edited
        values = {"starts_on": wanted.next_due or schedule.starts_on}
    before = {name: getattr(schedule, name) for name in values}
    for name, value in values.items():
        setattr(schedule, name, value)
    revived = schedule.retired_at is not None
    schedule.retired_at, schedule.understood, schedule.plan_at = None, wanted.understood[:400], now
    schedule.title, schedule.edited = str(wanted.row)[:500], schedule.edited + 1
    schedule.quarantined_until, schedule.quarantine_error = None, ""
    if revived or schedule.floats:
        schedule.planned_until = now
    schedule.save()
    schedule = Schedule.objects.select_related("holidays").get(pk=schedule.pk)
    if schedule.floats:
        Occurrence.objects.filter(schedule=schedule, state=Occurrence.State.PLANNED).delete()
        floating.plan_next([schedule], now=now)
    else:
        replan_rows(schedule, now=now)
    changed = {name: [str(old), str(values[name])] for name, old in before.items() if old != values[name]}
    return [Happening("schedule.edited", schedule, None, now, {"changed": changed})]


def _renamed(schedule: Schedule, wanted: Wanted) -> list[Happening]:
    title = str(wanted.row)[:500]
    if schedule.title != title:
        Schedule.objects.filter(pk=schedule.pk).update(title=title)
    return []


def _retire(schedule: Schedule, now: datetime) -> Happening:
    Schedule.objects.filter(pk=schedule.pk).update(retired_at=now, plan_at=None)
    remove_untouched(schedule, now=now)
    return Happening("schedule.retired", schedule, None, now, {"understood": schedule.understood})
