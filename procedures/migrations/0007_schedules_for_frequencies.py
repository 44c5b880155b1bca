"""What was planned from frequencies so far becomes schedules, and the runs of past slots their occurrences."""

from __future__ import annotations

import datetime as dt
import re

from django.conf import settings
from django.db import migrations

DAY = 24 * 3600
SECONDS = {"HOURLY": 3600, "DAILY": DAY, "WEEKLY": 7 * DAY, "MONTHLY": 28 * DAY, "YEARLY": 365 * DAY}
STATES = {
    "planned": ("planned", ""),
    "open": ("in_progress", ""),
    "missed": ("missed", "operator"),
    "abandoned": ("missed", "abandoned"),
}
CHUNK = 1000


def plan(apps, schema_editor):
    now = dt.datetime.now(tz=dt.UTC)
    procedures = apps.get_model("procedures", "Procedure").objects
    recurring = procedures.filter(retired_at=None).exclude(rrule="").exclude(category="issue")
    for procedure in recurring.exclude(current_version=None).iterator(chunk_size=CHUNK):
        if "MINUTELY" not in procedure.rrule:
            schedule = _schedule(apps, procedure, procedure.title, now, procedure_id=procedure.pk)
            _occurrences(apps, schedule, now)
    tasks = apps.get_model("procedures", "MaintenanceTask").objects.exclude(rrule="").exclude(owner__icontains="automat")
    for task in tasks.exclude(procedure__in=recurring).iterator(chunk_size=CHUNK):
        if "MINUTELY" not in task.rrule:
            _schedule(apps, task, task.task, now, task_id=task.pk)


def unplan(apps, schema_editor):
    apps.get_model("procedures", "Run").objects.exclude(occurrence=None).update(occurrence=None)
    apps.get_model("procedures", "Schedule").objects.filter(origin="runbook").delete()


def _schedule(apps, row, title, now, **of):
    """`understood` stays empty, so that the next import of the runbook sets it as the importer understands it."""
    due = max(1800, 2 * (getattr(row, "duration_seconds", 0) or 0)) if row.due_time else DAY
    frequency = re.search(r"FREQ=([A-Z]+)", row.rrule)
    interval = re.search(r"INTERVAL=(\d{1,3})(?!\d)", row.rrule)
    apart = SECONDS.get(frequency[1] if frequency else "", DAY) * int(interval[1] if interval else 1)
    by_day = re.search(r"BYDAY=([A-Z,]+)", row.rrule)
    if by_day and "," in by_day[1]:
        apart = DAY
    return apps.get_model("procedures", "Schedule").objects.create(
        service_id=row.service_id,
        title=title[:500],
        rrule=row.rrule,
        times=f"{row.due_time:%H:%M}" if row.due_time else "00:00",
        zone=row.time_zone or settings.TIME_ZONE,
        starts_on=getattr(row, "next_due_on", None) or now.date(),
        time_given=row.due_time is not None,
        due_after=due,
        miss_after=max(min(apart, 366 * DAY), due + 3600),
        origin="runbook",
        plan_at=now,
        planned_until=now,
        **of,
    )


def _occurrences(apps, schedule, now):
    Run, Occurrence = apps.get_model("procedures", "Run"), apps.get_model("procedures", "Occurrence")
    runs = Run.objects.filter(procedure_id=schedule.procedure_id, occurrence=None).exclude(slot="")
    for run in runs.exclude(opens_at=None).exclude(due_at=None).order_by("pk").iterator(chunk_size=CHUNK):
        occurrence, made = Occurrence.objects.get_or_create(
            schedule=schedule, slot=run.slot, seat=0, defaults=_values(schedule, run, now)
        )
        if made:
            Run.objects.filter(pk=run.pk).update(occurrence=occurrence)


def _values(schedule, run, now):
    state, reason = STATES.get(run.state, ("done" if run.ended_at and run.ended_at <= run.due_at else "done_late", ""))
    if state == "planned" and run.opens_at <= now:
        state = "open"
    if run.state == "missed" and run.summary.startswith("Excused:"):
        state, reason = "excused", "decided"
    wall = run.slot[:16] if "T" in run.slot else f"{run.slot[:10]}T{schedule.times[:5]}"
    return {
        "service_id": schedule.service_id,
        "planned": wall,
        "local": wall,
        "at": run.opens_at,
        "opens_at": min(run.opens_at, run.due_at),
        "due_at": run.due_at,
        "miss_at": max(run.due_at, run.opens_at) + dt.timedelta(seconds=schedule.miss_after),
        "state": state,
        "reason": reason,
        "explanation": run.summary[:500] if state == "excused" else "",
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "ended_by_id": run.ended_by_id,
    }


class Migration(migrations.Migration):
    dependencies = [("procedures", "0006_schedules_from_runbooks")]
    operations = [migrations.RunPython(plan, unplan, elidable=True)]
