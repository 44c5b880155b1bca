"""The revisions of a service's runbook: the document itself, byte for byte."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from contacts.models import Person
from services.models import Service


class Revision(models.Model):
    """One version of the document. Export of an untouched service is the active revision's `source`.

    `spans` says where each record and each value stands in the source (`opsportal.runbooks.spans`), so that an edit
    rewrites only these places.
    """

    AUDIT_TEAM = "service__team"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Waiting for approval"
        ACTIVE = "active", "Active"
        SUPERSEDED = "superseded", "Superseded"
        REJECTED = "rejected", "Rejected"

    class Origin(models.TextChoices):
        IMPORT = "import", "Import"
        EDIT = "edit", "Edit in the portal"
        NEW = "new", "New service"

    service = models.ForeignKey(Service, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State)
    origin = models.CharField(max_length=10, choices=Origin)
    source = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    spans: models.JSONField[Any, Any] = models.JSONField(default=list)
    note = models.CharField(max_length=500, blank=True)
    author = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, help_text="Why it was turned down or withdrawn.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "number"], name="revision_number_once"),
            models.UniqueConstraint(fields=["service"], condition=Q(state="active"), name="revision_one_active"),
            models.CheckConstraint(
                condition=Q(author=None) | Q(decided_by=None) | ~Q(author=F("decided_by")),
                name="revision_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} r{self.number}"


class Draft(models.Model):
    """A document somebody is about to import: kept between preview and apply, so that nothing has to be sent twice."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="drafts")
    source = models.BinaryField()
    file_name = models.CharField(max_length=250, blank=True)
    slug = models.CharField(max_length=80, blank=True, help_text="The service to import into, if one was chosen.")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.file_name or f"draft {self.pk}"


class RecordChange(models.Model):
    """What a revision did to one record: who changed this metric when, and what it was before.

    `fields`: column → [before, after], for steps their counts under "steps". `before`: {"texts": column → text,
    "steps": [[is_phase, text, blocks, expected, alert_if, steps], …]}, empty for a record that was added. `record`
    is the row's id; a row that is gone keeps its history.
    """

    AUDIT_TEAM = "revision__service__team"

    class Verb(models.TextChoices):
        ADD = "add", "Added"
        CHANGE = "change", "Changed"
        REMOVE = "remove", "Removed"

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="record_changes")
    kind = models.CharField(max_length=30)
    record = models.PositiveBigIntegerField()
    verb = models.CharField(max_length=10, choices=Verb)
    name = models.CharField(max_length=250)
    fields: models.JSONField[Any, Any] = models.JSONField(default=dict)
    before: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["kind", "record"], name="record_change_of")]
        constraints = [
            models.UniqueConstraint(fields=["revision", "kind", "record"], name="record_change_once"),
            models.CheckConstraint(condition=Q(verb__in=["add", "change", "remove"]), name="record_change_verb_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()}: {self.name}"
