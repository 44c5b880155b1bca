"""Which record of a document becomes a row of which model, and which value which column.

The same reading serves import (document → row) and export (row ↔ document), so a text that a column cannot hold as it
is (too long, NUL, broken UTF-8) is the same on both sides and never looks like an edit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from django.db import models

from contacts.models import Contact, Directory, EscalationLevel, SeverityLevel
from incidents.models import KeyAlert, KnownIssue
from opsportal.runbooks.document import Kind, Record
from procedures.models import Category, MaintenanceTask, Procedure
from services.models import (
    ChangeEntry,
    Command,
    ExternalDependency,
    Fact,
    Link,
    MaintenanceWindow,
    Metric,
    Section,
    Service,
)

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
UNNAMED = "(no name)"


@dataclass(frozen=True)
class Mapping:
    """One kind of record: its model, value name → column, and the column that names the row."""

    kind: Kind
    model: type[models.Model]
    columns: dict[str, str]
    title: str
    fallback: tuple[str, ...] = field(default=())  # value names that may stand in for an empty title

    def row(self, record: Record) -> dict[str, str]:
        """Column → text for a record; every mapped column is there, clipped to what it holds."""
        texts = {column: self.text(column, record.text(name)) for name, column in self.columns.items()}
        if not texts[self.title].strip():
            stand_in = next((record.text(name) for name in self.fallback if record.text(name).strip()), UNNAMED)
            texts[self.title] = self.text(self.title, stand_in)
        return texts

    def text(self, column: str, text: str) -> str:
        """`text` as the column stores it."""
        return clean(text)[: self._lengths[column]]

    @cached_property
    def _lengths(self) -> dict[str, int | None]:
        return {field.name: field.max_length for field in self.model._meta.fields}

    @property
    def in_directory(self) -> bool:
        return any(f.name == "directory" for f in self.model._meta.fields)

    @property
    def has_steps(self) -> bool:
        return self.kind in (Kind.PROCEDURE, Kind.ISSUE)

    def rows_of(self, service: Service) -> models.QuerySet[models.Model]:
        """The service's rows of this model, in order."""
        owner: dict[str, Service | Directory] = (
            {"directory": service.directory} if self.in_directory else {"service": service}
        )
        rows = self.model._default_manager.filter(**owner).order_by("position", "pk")
        return rows.filter(retired_at=None).exclude(category=Category.ISSUE) if self.model is Procedure else rows


def clean(text: str) -> str:
    """Text that every database stores: NUL and lone surrogates become U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


SERVICE = Mapping(
    Kind.SERVICE,
    Service,
    _same(
        "name",
        "version",
        "environment",
        "owner_team",
        "last_updated",
        "oncall_contact",
        "purpose",
        "service_type",
        "technology_stack",
        "dependencies",
        "dependents",
        "architecture",
    ),
    "name",
)
PROCEDURE = Mapping(
    Kind.PROCEDURE,
    Procedure,
    _same(
        "title",
        "category",
        "frequency",
        "duration",
        "impact",
        "trigger",
        "response_time",
        "expected",
        "purpose",
    ),
    "title",
)
ISSUE = Mapping(
    Kind.ISSUE,
    KnownIssue,
    _same("title", "symptoms", "causes", "diagnosis", "resolution", "prevention"),
    "title",
)
FLAT = (
    Mapping(Kind.FIELD, Fact, _same("name", "value"), "name"),
    Mapping(Kind.METRIC, Metric, _same("name", "target", "alert", "critical"), "name"),
    Mapping(Kind.COMMAND, Command, _same("label", "code", "lang", "group"), "label"),
    Mapping(Kind.LINK, Link, _same("category", "label", "target"), "label", ("target",)),
    Mapping(
        Kind.ALERT,
        KeyAlert,
        {**_same("name", "threshold", "severity", "response_time", "action"), "for": "hold"},
        "name",
        ("threshold",),
    ),
    Mapping(
        Kind.MAINTENANCE,
        MaintenanceTask,
        _same("task", "frequency", "owner", "last_completed", "next_due"),
        "task",
    ),
    Mapping(
        Kind.MAINTENANCE_WINDOW,
        MaintenanceWindow,
        _same("day_time", "duration", "notification", "rollback"),
        "day_time",
    ),
    Mapping(
        Kind.CONTACT,
        Contact,
        _same("role", "name", "email", "phone", "backup", "hours"),
        "role",
        ("name",),
    ),
    Mapping(Kind.ESCALATION, EscalationLevel, _same("level", "contact", "when"), "level", ("contact", "when")),
    Mapping(
        Kind.SEVERITY_LEVEL, SeverityLevel, _same("name", "description", "response_time"), "name", ("description",)
    ),
    Mapping(
        Kind.EXTERNAL_DEPENDENCY,
        ExternalDependency,
        {"service": "name", **_same("contact", "sla", "escalation")},
        "name",
        ("contact",),
    ),
    Mapping(Kind.CHANGE, ChangeEntry, _same("date", "change", "author", "approved_by"), "change"),
    Mapping(Kind.SECTION, Section, _same("title", "body"), "title"),
)
BY_KIND = {mapping.kind: mapping for mapping in (SERVICE, *FLAT, PROCEDURE, ISSUE)}
