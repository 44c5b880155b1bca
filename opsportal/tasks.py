"""The clockwork's own sign of life: rung by beat, answered by a worker, kept as a row that the web can read."""

from __future__ import annotations

from typing import Any

from celery import Task, shared_task
from celery.signals import task_success
from django.conf import settings
from django.utils import timezone

from opsportal.actions.reports import send_month_reports
from opsportal.lib.database import database_now
from opsportal.models import Heartbeat
from opsportal.runbooks.actions.ready import refresh_all
from opsportal.watch import findings
from procedures.actions.clockwork import materialise
from services.actions.clockwork import turn_windows


@shared_task(name="opsportal.tasks.beat")
def beat(**_: object) -> None:
    """Do nothing. That it ran, as of every scheduled task, is written down by `loop_ran`."""


@shared_task(name="opsportal.tasks.clockwork")
def clockwork(**_: object) -> None:
    """Plan, open and settle what the schedules ask for, and turn the maintenance windows.

    Its last heartbeat tells how long it could not. Neither of the two stops the other.
    """
    now = database_now()
    try:
        materialise(now=now, last_seen=Heartbeat.objects.heard(clockwork.name) or now)
    finally:
        turn_windows(now=now)


@shared_task(name="opsportal.tasks.watch")
def watch(**_: object) -> None:
    """Look for what is due and untouched; every page shows what was found."""
    now = database_now()
    Heartbeat.objects.tell(watch.name, now, "\n".join(findings(now)))


@shared_task(name="opsportal.tasks.readiness")
def readiness(**_: object) -> None:
    """Score every service anew."""
    refresh_all(now=timezone.now())


@shared_task(name="opsportal.tasks.reports")
def reports(**_: object) -> None:
    """Tell each team how its last month was, on the first local day of the next."""
    send_month_reports(now=timezone.now())


@task_success.connect
def loop_ran(sender: Task[Any, Any], **_: object) -> None:
    """Each scheduled task that ends well leaves a heartbeat under its name; one that raises leaves none."""
    if sender.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}:
        Heartbeat.objects.mark(sender.name, timezone.now())
