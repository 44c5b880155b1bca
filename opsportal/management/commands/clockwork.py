"""`manage.py clockwork`: did the background work run lately? For health checks of worker and beat."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from opsportal import health
from opsportal.models import Heartbeat
from opsportal.tasks import beat


class Command(BaseCommand):
    help = "Exit with 0 while beat rings and a worker answers, with 1 when that was too long ago."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        heard = Heartbeat.objects.heard(beat.name)
        if health.overdue(heard, timezone.now()):
            raise CommandError(f"No heartbeat since {heard:%Y-%m-%d %H:%M:%S} UTC." if heard else "No heartbeat yet.")
        self.stdout.write(f"Last heartbeat {heard:%Y-%m-%d %H:%M:%S} UTC.")
