"""The maintenance register."""

from __future__ import annotations

from django.db import models

from opsportal.lib.records import not_empty
from procedures.models.procedure import Procedure
from services.models import ServiceRecord


class MaintenanceTask(ServiceRecord):
    """A recurring task: frequency, owner and dates as the runbook has them, and as understood."""

    task = models.CharField(max_length=500)
    frequency = models.CharField(max_length=250, blank=True)
    owner = models.CharField(max_length=250, blank=True)
    last_completed = models.CharField(max_length=100, blank=True)
    next_due = models.CharField(max_length=100, blank=True)
    last_completed_on = models.DateField(null=True, blank=True, editable=False)
    next_due_on = models.DateField(null=True, blank=True, editable=False)
    rrule = models.CharField(max_length=250, blank=True, editable=False)
    due_time = models.CharField(max_length=5, blank=True, editable=False, help_text="HH:MM where the text says so.")
    time_zone = models.CharField(max_length=60, blank=True, editable=False)
    floating = models.BooleanField(default=False, editable=False, help_text="Counted from the last completion.")
    procedure = models.ForeignKey(Procedure, models.SET_NULL, null=True, blank=True, related_name="maintenance_tasks")

    class Meta(ServiceRecord.Meta):
        default_related_name = "maintenance_tasks"
        constraints = [not_empty("task", "maintenance_task_has_name")]

    def __str__(self) -> str:
        return self.task
