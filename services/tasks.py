"""Doorbells of the catalogue."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from services.subscriptions import fetch_calendars


@shared_task(name="services.tasks.holidays")
def holidays(**_: object) -> None:
    """Read the subscribed calendars of days off again."""
    fetch_calendars(clock=timezone.now)
