"""A procedure, its versions, and the steps of a version."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from contacts.models import Person
from opsportal.lib.records import not_empty
from procedures.answers import Answer, answer_of, caution_in
from services.models import ServiceRecord


class Category(models.TextChoices):
    DAILY = "daily", "Daily"
    WEEKLY = "weekly", "Weekly"
    MONTHLY = "monthly", "Monthly"
    STANDARD = "standard", "Standard"
    EMERGENCY = "emergency", "Emergency"
    SERVICE_MANAGEMENT = "service_management", "Service management"
    ISSUE = "issue", "Known issue"


class ProcedureQuerySet(models.QuerySet["Procedure"]):
    def current(self) -> Self:
        """Those the runbook has now; a procedure it lost is retired, for its runs' sake.

        What is followed when a known issue happens (`incidents.actions`) is the issue's, and in no list of procedures.
        """
        return self.filter(retired_at=None).exclude(category=Category.ISSUE)


class Procedure(ServiceRecord):
    """Something done step by step. Its texts are as the runbook has them; the steps belong to a version."""

    category = models.CharField(max_length=20, choices=Category, default=Category.STANDARD)
    title = models.CharField(max_length=500)
    purpose = models.TextField(blank=True)
    frequency = models.CharField(max_length=500, blank=True)
    duration = models.CharField(max_length=250, blank=True)
    impact = models.TextField(blank=True)
    trigger = models.TextField(blank=True)
    response_time = models.CharField(max_length=250, blank=True)
    expected = models.TextField(blank=True, verbose_name="expected results")
    # what the phrases parser understood of the texts above
    rrule = models.CharField(max_length=250, blank=True, editable=False)
    due_time = models.TimeField(null=True, blank=True, editable=False)
    time_zone = models.CharField(max_length=60, blank=True, editable=False)
    floating = models.BooleanField(default=False, editable=False, help_text="Counted from the last completion.")
    duration_seconds = models.PositiveIntegerField(null=True, blank=True, editable=False)
    response_seconds = models.PositiveIntegerField(null=True, blank=True, editable=False)
    current_version = models.ForeignKey(
        "ProcedureVersion", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    review_by = models.DateField(null=True, blank=True, editable=False, help_text="When it is to be looked over again.")

    objects = ProcedureQuerySet.as_manager()

    class Meta(ServiceRecord.Meta):
        default_related_name = "procedures"
        constraints = [
            not_empty("title", "procedure_has_title"),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="procedure_category_known"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_emergency(self) -> bool:
        return self.category == Category.EMERGENCY


class ProcedureVersion(models.Model):
    """The steps of a procedure at one time; never changed once a run was started from it."""

    AUDIT_TEAM = "procedure__service__team"

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the phases and steps.")
    created_at = models.DateTimeField()
    author = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="procedure_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="procedure_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure} v{self.number}"


class Phase(models.Model):
    """A named part of a procedure, perhaps with a time box in seconds from the start."""

    AUDIT_TEAM = "version__procedure__service__team"

    version = models.ForeignKey(ProcedureVersion, models.CASCADE, related_name="phases")
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=500)
    from_seconds = models.PositiveIntegerField(null=True, blank=True)
    to_seconds = models.PositiveIntegerField(null=True, blank=True)
    source_key = models.CharField(max_length=40, blank=True, default="", editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="phase_position_once"),
            models.CheckConstraint(
                condition=Q(to_seconds=None) | Q(from_seconds=None) | Q(to_seconds__gte=F("from_seconds")),
                name="phase_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Step(models.Model):
    """One step of a version, or a sub-step (`parent`). `blocks` is the body below its first line.

    blocks: [{"kind": "prose" | "code" | "list" | "raw", "text": str, "lang": str}, …]
    """

    AUDIT_TEAM = "version__procedure__service__team"

    version = models.ForeignKey(ProcedureVersion, models.CASCADE, related_name="steps")
    phase = models.ForeignKey(Phase, models.CASCADE, null=True, blank=True, related_name="steps")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="substeps")
    position = models.PositiveIntegerField(help_text="Place in the version, sub-steps included, from 1.")
    number = models.CharField(max_length=20, blank=True, help_text="As shown: 3, or 3.1 for a sub-step.")
    text = models.TextField()
    blocks: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    expected = models.TextField(blank=True)
    alert_if = models.TextField(blank=True)
    source_key = models.CharField(max_length=40, blank=True, default="", editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="step_position_once"),
            not_empty("text", "step_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.text}".strip()

    @cached_property
    def answer(self) -> Answer:
        """What the step asks for, by its words."""
        return answer_of(self.text)

    @cached_property
    def caution(self) -> str:
        """The caution in the step's body, which is shown before the step."""
        return next((found for block in self.blocks if (found := caution_in(block["text"]))), "")
