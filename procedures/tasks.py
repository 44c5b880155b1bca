"""Doorbells of the runs."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from procedures.actions.planning import plan_due


@shared_task(name="procedures.tasks.plan")
def plan(**_: object) -> None:
    """Plan today's runs."""
    plan_due(now=timezone.now())
