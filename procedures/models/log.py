"""The operations log: what the people of a team write down beside their runs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from contacts.models import Person, Team
from opsportal.lib.records import not_empty
from procedures.models.run import Run
from services.models import Service


class LogEntry(models.Model):
    """A note or an anomaly in a team's log. Never changed or deleted: a correction is another entry.

    Runs and changes of runbooks have rows of their own; the log page reads them beside these.
    """

    AUDIT_TEAM = "team"

    class Kind(models.TextChoices):
        NOTE = "note", "Note"
        ANOMALY = "anomaly", "Anomaly"

    op = models.UUIDField(unique=True, help_text="Comes with the form, so that sending it twice writes once.")
    team = models.ForeignKey(Team, models.PROTECT, related_name="log_entries")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.NOTE)
    text = models.TextField()
    service = models.ForeignKey(Service, models.SET_NULL, null=True, blank=True, related_name="log_entries")
    run = models.ForeignKey(Run, models.SET_NULL, null=True, blank=True, related_name="log_entries")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "log entries"
        constraints = [
            not_empty("text", "log_entry_has_text"),
            models.CheckConstraint(condition=Q(kind__in=["note", "anomaly"]), name="log_entry_kind_known"),
        ]
        indexes = [
            models.Index(fields=["team", "-at"], name="log_entry_of_team"),
            models.Index(fields=["-at"], name="log_entry_newest"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
