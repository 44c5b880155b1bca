"""Signs of life of the loops that keep the portal's promises on time, and reports that were signed."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from contacts.models import Person, Team
from services.models import Service


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def mark(self, component: str, now: datetime) -> None:
        """Note that `component` ran at `now`, in one statement."""
        self.bulk_create(
            [Heartbeat(component=component, at=now)],
            update_conflicts=True,
            unique_fields=["component"],
            update_fields=["at"],
        )

    def tell(self, component: str, now: datetime, detail: str) -> None:
        """As `mark`, with what it found."""
        self.bulk_create(
            [Heartbeat(component=component, at=now, detail=detail[:1000])],
            update_conflicts=True,
            unique_fields=["component"],
            update_fields=["at", "detail"],
        )

    def heard(self, component: str) -> datetime | None:
        """When `component` last ran; None if it never did."""
        return self.filter(component=component).values_list("at", flat=True).first()


class Heartbeat(models.Model):
    """When a loop last finished; one row per scheduled task, by the task's name."""

    component = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField()
    detail = models.CharField(max_length=1000, blank=True, help_text="What it found wrong, a line each.")

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.component} at {self.at:%Y-%m-%d %H:%M:%S}"


class SignedReport(models.Model):
    """A signed report of a month of a team, or of one of its services; `body` is the whole document, never changed."""

    AUDIT_TEAM = "team"

    team = models.ForeignKey(Team, models.PROTECT, related_name="signed_reports")
    service = models.ForeignKey(Service, models.SET_NULL, null=True, blank=True, related_name="signed_reports")
    month = models.DateField(help_text="Its first day.")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the report.")
    body = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(month__day=1), name="signed_report_of_whole_month")]
        indexes = [models.Index(fields=["team", "-month", "-id"], name="signed_report_of_team")]

    def __str__(self) -> str:
        return f"{self.team}, {self.month:%B %Y}"
