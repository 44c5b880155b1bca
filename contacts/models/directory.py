"""The directory of whom to reach for a service, as the runbook lists it."""

from __future__ import annotations

from django.db import models

from contacts.models.people import Person
from opsportal.lib.records import RunbookRecord, not_empty


class Directory(models.Model):
    """Whom to reach for one service: contacts, escalation matrix, severities. The service points here."""

    AUDIT_TEAM = "service__team"

    name = models.CharField(max_length=150)

    class Meta:
        verbose_name_plural = "directories"

    def __str__(self) -> str:
        return self.name


class Contact(RunbookRecord):
    """A role that is listed to be reached, as the runbook has it; `person` where we know who that is."""

    AUDIT_TEAM = "directory__service__team"

    directory = models.ForeignKey(Directory, models.CASCADE, related_name="contacts")
    role = models.CharField(max_length=250)
    name = models.CharField(max_length=500, blank=True)
    email = models.CharField(max_length=500, blank=True)
    phone = models.CharField(max_length=250, blank=True)
    backup = models.CharField(max_length=500, blank=True)
    hours = models.CharField(max_length=250, blank=True)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="contact_roles")

    class Meta:
        constraints = [not_empty("role", "contact_has_role")]
        indexes = [models.Index(fields=["directory", "position"], name="contact_in_order")]

    def __str__(self) -> str:
        return f"{self.role}: {self.name}" if self.name else self.role


class EscalationLevel(RunbookRecord):
    """A rung of the escalation matrix. `after_seconds` is when it is reached, if the text says so."""

    AUDIT_TEAM = "directory__service__team"

    directory = models.ForeignKey(Directory, models.CASCADE, related_name="levels")
    level = models.CharField(max_length=250)
    contact = models.CharField(max_length=500, blank=True)
    when = models.TextField(blank=True)
    after_seconds = models.PositiveIntegerField(null=True, blank=True)
    contact_role = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="rungs")

    class Meta:
        constraints = [not_empty("level", "escalation_level_has_name")]
        indexes = [models.Index(fields=["directory", "position"], name="escalation_in_order")]

    def __str__(self) -> str:
        return f"{self.level} {self.contact}".strip()


class SeverityLevel(RunbookRecord):
    """What a severity means and how fast to answer, in seconds where the text says so."""

    AUDIT_TEAM = "directory__service__team"

    directory = models.ForeignKey(Directory, models.CASCADE, related_name="severities")
    name = models.CharField(max_length=250)
    description = models.TextField(blank=True)
    response_time = models.CharField(max_length=250, blank=True)
    response_seconds = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [not_empty("name", "severity_level_has_name")]

    def __str__(self) -> str:
        return self.name
