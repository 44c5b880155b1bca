"""Doorbells of the outbox."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from contacts.delivery import deliver_due


@shared_task(name="contacts.tasks.deliver")
def deliver(**_: object) -> None:
    """Send what is due."""
    deliver_due(clock=timezone.now)
