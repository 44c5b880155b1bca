"""People on the same run: who is looking at it, and what they say is wrong with a step."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from contacts.models import Person
from opsportal.lib.records import not_empty
from procedures.models.procedure import Step
from procedures.models.run import Run, RunStep


class Presence(models.Model):
    """That a person had the page of a run open at `at`, and the step they were at. One row each, written over."""

    AUDIT_TEAM = "run__procedure__service__team"

    run = models.ForeignKey(Run, models.CASCADE, related_name="presences")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    step = models.ForeignKey(RunStep, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "presences"
        constraints = [models.UniqueConstraint(fields=["run", "person"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.person} in {self.run_id}"


class StepReport(models.Model):
    """“This step is wrong”: what somebody found while working with it, for those who keep the runbook."""

    AUDIT_TEAM = "step__version__procedure__service__team"

    op = models.UUIDField(unique=True, help_text="Comes with the form, so that sending it twice writes once.")
    step = models.ForeignKey(Step, models.CASCADE, related_name="reports")
    run = models.ForeignKey(Run, models.SET_NULL, null=True, blank=True, related_name="reports")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            not_empty("text", "step_report_has_text"),
            models.CheckConstraint(
                condition=Q(resolved_at=None) | Q(resolved_at__gte=F("at")), name="step_report_resolved_later"
            ),
            models.CheckConstraint(
                condition=Q(resolved_by=None) | Q(resolved_at__isnull=False), name="step_report_resolver_has_time"
            ),
        ]
        indexes = [models.Index(fields=["step"], name="step_report_open", condition=Q(resolved_at=None))]

    def __str__(self) -> str:
        return self.text[:60]
