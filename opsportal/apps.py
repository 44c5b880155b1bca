"""The roof as a Django application."""

from __future__ import annotations

from django.apps import AppConfig

from opsportal.celery import app
from opsportal.lib.bell import BELL


def ring(task: str) -> None:
    """Tell a worker to look now. Nobody waits for it, and it is thrown away if it is not heard soon."""
    app.send_task(task, expires=5, retry=False, ignore_result=True)


class OpsportalConfig(AppConfig):
    name = "opsportal"

    def ready(self) -> None:
        BELL.hang(ring)
