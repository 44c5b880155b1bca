"""The audit trail: one append-only, hash-chained row for each change."""

from __future__ import annotations

from django.db import models


class AuditEvent(models.Model):
    """Who did what to which object, when. `hash` is SHA-256 over `prev_hash` and the event's canonical JSON.

    Rows cannot be changed or deleted: triggers in the database refuse it (migration `append_only`).
    """

    seq = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_user = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Id of the login; no foreign key: it stays."
    )
    actor_name = models.CharField(max_length=150, help_text="The name at that time, or the part of the system.")
    verb = models.CharField(max_length=60, help_text="For example run.started, step.ticked, runbook.imported.")
    subject = models.CharField(max_length=120, db_index=True, help_text="Type and id of the object: run:12.")
    label = models.CharField(max_length=250, help_text="The object's name at that time.")
    data = models.JSONField(default=dict)
    team = models.PositiveBigIntegerField(
        null=True,
        blank=True,
        help_text="Id of the team whose managers may read this; not hashed: it says who may see, not what happened.",
    )
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["actor_user", "-seq"], name="audit_by_person"),
            models.Index(fields=["verb", "-seq"], name="audit_by_verb"),
            models.Index(fields=["at"], name="audit_by_time"),
            models.Index(fields=["team", "-seq"], name="audit_by_team"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.label}"
