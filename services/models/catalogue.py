"""The catalogue: services, and the records of their runbooks that stand on their own."""

from __future__ import annotations

from typing import Any

from django.db import models

from contacts.models import Directory, Team
from opsportal.lib.records import RunbookRecord, not_empty


class Service(models.Model):
    """A service with a runbook. The texts are as the runbook has them; `team` is who may work on it."""

    AUDIT_TEAM = "team"

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=250)
    version = models.CharField(max_length=250, blank=True)
    environment = models.CharField(max_length=250, blank=True)
    owner_team = models.CharField(max_length=250, blank=True)
    last_updated = models.CharField(max_length=250, blank=True)
    oncall_contact = models.CharField(max_length=500, blank=True)
    purpose = models.TextField(blank=True)
    architecture = models.TextField(blank=True)
    service_type = models.TextField(blank=True)
    technology_stack = models.TextField(blank=True)
    dependencies = models.TextField(blank=True)
    dependents = models.TextField(blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="services")
    directory = models.OneToOneField(Directory, models.PROTECT, related_name="service")
    requires_approval = models.BooleanField(
        default=False, help_text="A revision of the runbook becomes active only when another person approved it."
    )
    requires_trial = models.BooleanField(
        default=False,
        help_text="A new version of a procedure is used only when another than its author has tried it in a dry run.",
    )
    readiness = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 to 100, from the linter.")
    missing: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    edited = models.PositiveIntegerField(default=0, help_text="Counts edits; guards against lost updates.")

    class Meta:
        constraints = [
            not_empty("name", "service_has_name"),
            models.CheckConstraint(
                condition=models.Q(readiness=None) | models.Q(readiness__lte=100), name="service_readiness_percent"
            ),
        ]
        indexes = [models.Index(fields=["name", "id"], name="service_by_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/services/{self.slug}/"


class ServiceRecord(RunbookRecord):
    """A record that belongs to one service."""

    AUDIT_TEAM = "service__team"

    service = models.ForeignKey(Service, models.CASCADE)

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["service", "position"], name="%(class)s_in_order")]


class Fact(ServiceRecord):
    """A key and a value of the runbook that is none of the service's own columns."""

    name = models.CharField(max_length=250)
    value = models.TextField(blank=True)

    class Meta(ServiceRecord.Meta):
        default_related_name = "facts"
        constraints = [not_empty("name", "fact_has_name")]

    def __str__(self) -> str:
        return self.name


class Section(ServiceRecord):
    """A part of the runbook with a name of its own, kept as Markdown."""

    title = models.CharField(max_length=500)
    body = models.TextField(blank=True)

    class Meta(ServiceRecord.Meta):
        default_related_name = "sections"

    def __str__(self) -> str:
        return self.title


class Dependency(models.Model):
    """`service` needs `needs`; an arrow of the dependency graph, taken from either runbook."""

    AUDIT_TEAM = "service__team"

    service = models.ForeignKey(Service, models.CASCADE, related_name="needs")
    needs = models.ForeignKey(Service, models.CASCADE, related_name="needed_by")

    class Meta:
        verbose_name_plural = "dependencies"
        constraints = [
            models.UniqueConstraint(fields=["service", "needs"], name="dependency_once"),
            models.CheckConstraint(condition=~models.Q(service=models.F("needs")), name="dependency_not_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.service} needs {self.needs}"


class ExternalDependency(ServiceRecord):
    """Somebody else's service: whom to call there, what they promise, how they escalate."""

    name = models.CharField(max_length=250)
    contact = models.TextField(blank=True)
    sla = models.TextField(blank=True, verbose_name="SLA")
    escalation = models.TextField(blank=True)

    class Meta(ServiceRecord.Meta):
        default_related_name = "external_dependencies"
        verbose_name_plural = "external dependencies"
        constraints = [not_empty("name", "external_dependency_has_name")]

    def __str__(self) -> str:
        return self.name


class Metric(ServiceRecord):
    """A measure with thresholds: the texts as written, and what `phrases.threshold` understood of them."""

    name = models.CharField(max_length=250)
    target = models.TextField(blank=True)
    alert = models.TextField(blank=True)
    critical = models.TextField(blank=True)
    rules: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True, editable=False)

    class Meta(ServiceRecord.Meta):
        default_related_name = "metrics"
        constraints = [not_empty("name", "metric_has_name")]

    def __str__(self) -> str:
        return self.name


class Link(ServiceRecord):
    """A dashboard, a log, a document, a place of the configuration."""

    class Category(models.TextChoices):
        DASHBOARD = "dashboard", "Dashboard"
        LOG = "log", "Log"
        REFERENCE = "reference", "Document"
        CONFIGURATION = "configuration", "Configuration"

    category = models.CharField(max_length=20, choices=Category)
    label = models.CharField(max_length=500)
    target = models.TextField(blank=True)

    class Meta(ServiceRecord.Meta):
        default_related_name = "links"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(category__in=["dashboard", "log", "reference", "configuration"]),
                name="link_category_known",
            )
        ]

    def __str__(self) -> str:
        return self.label


class Command(ServiceRecord):
    """A command to look something up or mend something, copied and never run by the portal."""

    label = models.CharField(max_length=500)
    group = models.CharField(max_length=250, blank=True)
    lang = models.CharField(max_length=60, blank=True)
    code = models.TextField(blank=True)

    class Meta(ServiceRecord.Meta):
        default_related_name = "commands"

    def __str__(self) -> str:
        return self.label


class MaintenanceWindow(ServiceRecord):
    """When planned work may happen, who is told, and how it is taken back."""

    day_time = models.TextField(blank=True, verbose_name="day and time")
    duration = models.CharField(max_length=250, blank=True)
    notification = models.TextField(blank=True)
    rollback = models.TextField(blank=True)
    rule: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True, editable=False)

    class Meta(ServiceRecord.Meta):
        default_related_name = "maintenance_windows"

    def __str__(self) -> str:
        return self.day_time or "Maintenance window"


class ChangeEntry(ServiceRecord):
    """A line of the runbook's change log."""

    date = models.CharField(max_length=100, blank=True)
    on = models.DateField(null=True, blank=True)
    change = models.TextField()
    author = models.CharField(max_length=250, blank=True)
    approved_by = models.CharField(max_length=250, blank=True)

    class Meta(ServiceRecord.Meta):
        default_related_name = "changes"
        verbose_name_plural = "change entries"

    def __str__(self) -> str:
        return f"{self.date} {self.change}".strip()
