"""What can go wrong: the alerts a runbook names, and the issues it knows."""

from __future__ import annotations

from typing import Any

from django.db import models

from opsportal.lib.records import not_empty
from procedures.models import Procedure
from services.models import ServiceRecord


class KeyAlert(ServiceRecord):
    """An alert of the runbook: what fires it, how bad it is, how fast to answer, what to do."""

    name = models.CharField(max_length=500)
    threshold = models.TextField(blank=True)
    hold = models.CharField(max_length=250, blank=True, help_text="How long the condition must last.")
    severity = models.CharField(max_length=250, blank=True)
    response_time = models.CharField(max_length=250, blank=True)
    response_seconds = models.PositiveIntegerField(null=True, blank=True, editable=False)
    action = models.TextField(blank=True)
    rule: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True, editable=False)
    procedure = models.ForeignKey(Procedure, models.SET_NULL, null=True, blank=True, related_name="alerts")

    class Meta(ServiceRecord.Meta):
        default_related_name = "key_alerts"
        constraints = [not_empty("name", "key_alert_has_name")]

    def __str__(self) -> str:
        return self.name


class KnownIssue(ServiceRecord):
    """A symptom or failure with its diagnosis and its fix."""

    title = models.CharField(max_length=500)
    symptoms = models.TextField(blank=True)
    causes = models.TextField(blank=True)
    diagnosis = models.TextField(blank=True)
    resolution = models.TextField(blank=True)
    prevention = models.TextField(blank=True)
    procedure = models.OneToOneField(
        Procedure,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="known_issue",
        help_text="What a run of this issue follows; written by `incidents.actions` at the first run.",
    )

    class Meta(ServiceRecord.Meta):
        default_related_name = "known_issues"
        constraints = [not_empty("title", "known_issue_has_title")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/issues/{self.pk}/"


class IssueStep(models.Model):
    """A step of an issue's resolution; `blocks` as in `procedures.models.Step`."""

    AUDIT_TEAM = "issue__service__team"

    issue = models.ForeignKey(KnownIssue, models.CASCADE, related_name="steps")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="substeps")
    position = models.PositiveIntegerField()
    text = models.TextField()
    blocks: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    source_key = models.CharField(max_length=40, blank=True, default="", editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issue", "position"], name="issue_step_position_once"),
            not_empty("text", "issue_step_has_text"),
        ]

    def __str__(self) -> str:
        return self.text
