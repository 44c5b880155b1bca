"""`manage.py deliver_due`: send what waits, without a worker."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from contacts.delivery import deliver_due
from contacts.models import Message


class Command(BaseCommand):
    help = "Send the messages that are due, as the worker does every five seconds."

    def handle(self, *args: Any, **options: Any) -> None:
        made = deliver_due(clock=timezone.now)
        waiting, lost = Message.objects.filter(state="waiting").count(), Message.objects.lost().count()
        self.stdout.write(f"Attempts: {made}. Waiting: {waiting}. Not delivered, and nobody has taken note: {lost}.")
