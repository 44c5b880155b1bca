"""A record on somebody's desk: what both the page and its checks need while it is edited."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.http import Http404
from django.shortcuts import get_object_or_404

from contacts.access import PortalRequest, require
from opsportal.runbooks.actions.records import Edit, fingerprint, words
from opsportal.runbooks.actions.revisions import active_revision
from opsportal.runbooks.diff import Row as DiffRow
from opsportal.runbooks.diff import side_by_side
from opsportal.runbooks.document import Kind
from opsportal.runbooks.editing import RecordForm
from opsportal.runbooks.mapping import BY_KIND, PROCEDURE, SERVICE, Mapping
from opsportal.runbooks.plan import stored_nodes
from opsportal.runbooks.steps import StepRows
from opsportal.runbooks.trees import Node
from services.models import Service

PLACES = {
    Kind.METRIC: "metrics",
    Kind.ALERT: "monitoring",
    Kind.MAINTENANCE: "maintenance",
    Kind.MAINTENANCE_WINDOW: "maintenance",
    Kind.CONTACT: "contacts",
    Kind.ESCALATION: "escalation",
    Kind.SEVERITY_LEVEL: "escalation",
    Kind.EXTERNAL_DEPENDENCY: "external",
    Kind.ISSUE: "issues",
    Kind.COMMAND: "management",
    Kind.PROCEDURE: "procedures",
    Kind.CHANGE: "changes",
    Kind.SECTION: "more",
}


@dataclass(slots=True)
class Desk:
    """The record (`row` None: a new one) as it stands now, and the number of the active revision."""

    service: Service
    mapping: Mapping
    row: models.Model | None
    gone: bool = False
    stored: list[Node] = field(default_factory=list)
    revision: int = 0

    @classmethod
    def open(cls, request: PortalRequest, slug: str, kind: str, pk: int | None) -> Desk:
        """Load the record for somebody who may edit it. A record that is gone is `gone` for a form that was sent."""
        service = get_object_or_404(Service.objects.select_related("directory", "team"), slug=slug)
        require(request.person, "runbook.edit", service.team_id)
        mapping = next((known for name, known in BY_KIND.items() if name.value == kind), None)
        if mapping is None:
            raise Http404
        row = service if mapping is SERVICE else mapping.rows_of(service).filter(pk=pk).first() if pk else None
        if row is None and pk is not None and request.method != "POST":
            raise Http404
        active = active_revision(service)
        desk = cls(service, mapping, row, gone=row is None and pk is not None, revision=active.number if active else 0)
        if row is not None and desk.with_steps:
            desk.stored = stored_nodes(mapping, [row]).get(row.pk, [])
        return desk

    @property
    def with_steps(self) -> bool:
        return self.mapping is PROCEDURE

    @property
    def known(self) -> str:
        return fingerprint(self.mapping, self.row, self.stored)

    @property
    def texts(self) -> dict[str, str]:
        if self.row is None:
            return {}
        return {column: getattr(self.row, column) for column in self.mapping.columns.values()}

    @property
    def back(self) -> str:
        return f"{self.service.get_absolute_url()}#{PLACES.get(self.mapping.kind, 'overview')}"

    def form(self, data: Any = None, initial: dict[str, Any] | None = None) -> RecordForm:
        first = {**self.texts, **(initial or {}), "seen": self.revision, "known": self.known}
        new = self.row is None
        return RecordForm(data, initial=first, kind=self.mapping.kind, new=new, service=self.service)

    def edit(self, form: RecordForm, nodes: list[Node] | None) -> Edit:
        """What a valid form asks for; columns it does not show stay as they stand."""
        return Edit(
            service=self.service,
            kind=self.mapping.kind,
            row=self.row,
            texts=self.texts | form.texts(),
            seen_revision=form.cleaned_data["seen"],
            known=form.cleaned_data["known"],
            note=form.cleaned_data["note"],
            nodes=nodes,
        )

    def differences(self, form: RecordForm) -> list[tuple[str, str, str, str]]:
        """(column, label, what stands, what was typed) where they differ."""
        stands = self.texts
        return [
            (column, str(form.fields[column].label), stands[column], typed)
            for column, typed in form.typed().items()
            if column in stands and stands[column] != typed
        ]

    def steps_beside(self, rows: StepRows) -> list[DiffRow]:
        """The steps as they stand beside those typed, a line each."""
        return side_by_side(_lines(StepRows.of(self.stored)), _lines(rows)) if self.with_steps else []

    def context(self, form: RecordForm, rows: StepRows) -> dict[str, Any]:
        return {
            "desk": self,
            "service": self.service,
            "mapping": self.mapping,
            "row": self.row,
            "form": form,
            "steps": rows,
            "with_steps": self.with_steps,
            "word": words(self.mapping.kind),
            "back": self.back,
            "nav": "services",
            "waits": self.service.requires_approval and self.revision > 0,
            "may_propose": self.revision > 0,
            "removable": self.row is not None and self.mapping is not SERVICE,
        }


def _lines(rows: StepRows) -> str:
    leads = {"phase": "# ", "substep": "  - "}
    below = ("caution", "code", "expected", "alert_if")
    lines = []
    for row in rows.rows:
        lines.append(leads.get(row.kind, "") + row.words())
        lines += [f"    {name.replace('_', ' ')}: {text}" for name in below if (text := getattr(row, name))]
    return "\n".join(lines)
