"""Files kept as evidence of a step: never changed, never removed; a better one supersedes."""

from __future__ import annotations

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import F, Q

from contacts.models import Person
from opsportal.lib.files import ENDINGS
from opsportal.lib.records import not_empty
from procedures.models.run import RunStep

MOST_OF_A_STEP = 10


def private_files() -> Storage:
    """A folder of the portal's own that no address leads to."""
    return storages["evidence"]


def path_of(evidence: Evidence, _name: str) -> str:
    """Where the bytes lie: nothing of what a person typed is part of it."""
    return f"{evidence.op.hex[:2]}/{evidence.op.hex}"


class Evidence(models.Model):
    """A file that a person gave for a step. `late`: given after the run had ended."""

    AUDIT_TEAM = "run_step__run__procedure__service__team"

    op = models.UUIDField(unique=True, help_text="Comes with the form, so that sending it twice keeps one file.")
    run_step = models.ForeignKey(RunStep, models.CASCADE, related_name="evidence")
    place = models.PositiveSmallIntegerField(help_text=f"Counts the files of a step, up to {MOST_OF_A_STEP}.")
    file = models.FileField(storage=private_files, upload_to=path_of, max_length=100)
    name = models.CharField(max_length=120, help_text="Cleaned, with an ending that fits the type.")
    declared_type = models.CharField(max_length=100, blank=True, help_text="What the browser said it is.")
    type = models.CharField(max_length=40, help_text="What it is by its content.")
    size = models.PositiveIntegerField(help_text="In bytes.")
    sha256 = models.CharField(max_length=64)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    late = models.BooleanField(default=False)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(fields=["run_step", "place"], name="evidence_place_once"),
            models.CheckConstraint(condition=Q(place__gte=1, place__lte=MOST_OF_A_STEP), name="evidence_not_too_many"),
            models.CheckConstraint(condition=Q(size__gte=1), name="evidence_has_bytes"),
            models.CheckConstraint(condition=Q(type__in=list(ENDINGS)), name="evidence_type_known"),
            models.CheckConstraint(condition=~Q(supersedes=F("id")), name="evidence_supersedes_another"),
            not_empty("name", "evidence_has_name"),
        ]

    def __str__(self) -> str:
        return self.name
