"""Signs of life of the loops that keep the portal's promises on time."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def mark(self, component: str, now: datetime) -> None:
        """Note that `component` ran at `now`, in one statement."""
        self.bulk_create(
            [Heartbeat(component=component, at=now)],
            update_conflicts=True,
            unique_fields=["component"],
            update_fields=["at"],
        )

    def heard(self, component: str) -> datetime | None:
        """When `component` last ran; None if it never did."""
        return self.filter(component=component).values_list("at", flat=True).first()


class Heartbeat(models.Model):
    """When a loop last finished; one row per scheduled task, by the task's name."""

    component = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.component} at {self.at:%Y-%m-%d %H:%M:%S}"
