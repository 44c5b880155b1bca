"""Forms for records: one for every kind, made from its columns, with examples and what is usual at hand."""

from __future__ import annotations

import re
from typing import Any, cast

from django import forms
from django.db import models

from opsportal.runbooks import suggestions
from opsportal.runbooks.document import Kind
from opsportal.runbooks.mapping import BY_KIND
from opsportal.runbooks.mapping import Mapping as KindMapping
from procedures.models import Category
from services.models import Service

DERIVED = {"category", "lang", "group", "hold"}  # not written in a place of their own, or set once
PORTALS_OWN = ("note", "seen", "known")
HELP = {
    "target": "What is good: ≥ 99.9%, < 200 ms.",
    "alert": "When somebody looks: > 2% for 5 minutes.",
    "critical": "When it hurts: > 5% for 5 minutes.",
    "threshold": "The condition: > 5% for 5 minutes.",
    "frequency": "Daily at 09:00 Europe/London, every Monday, monthly.",
    "duration": "5 minutes, 30–60 minutes.",
    "response_time": "Immediate, 15 minutes, next business day.",
    "when": "After 15 minutes without an answer, or the kind of issue.",
    "phone": "With country code: +44 20 7946 0100. Shown to nobody before they ask for it.",
    "symptoms": "What people see, one on each line: “Checkout answers 502”.",
    "diagnosis": "How to make sure, one on each line.",
    "resolution": "Numbered steps make it a run: 1. Restart the pool",
    "prevention": "One on each line.",
    "causes": "One on each line.",
    "expected": "What is true when all is done, one on each line.",
    "last_completed": "A day, or words such as “never”.",
    "next_due": "A day. It is red on the service page once it has passed.",
    "action": "Name the procedure to follow, and it is linked.",
    "backup": "Who stands in.",
    "role": "Primary on-call, service owner, database.",
    "hours": "24/7, or Mon–Fri 09:00–17:00 Europe/London.",
    "level": "L1 is called first.",
    "contact": "A role or name from the contacts, so that the number is found.",
    "owner": "A role, a team or a person.",
    "severity": "As the severities of this runbook are called.",
    "trigger": "What one sees when this begins: the alert, the message.",
    "impact": "Who feels it, and how.",
    "day_time": "Sunday 02:00–04:00 Europe/London.",
    "sla": "99.9% a month, answer within 4 hours.",
    "escalation": "What to do when they do not answer.",
}
KIND_HELP = {
    (Kind.LINK, "target"): "The address, beginning with https://, or a path.",
    (Kind.EXTERNAL_DEPENDENCY, "contact"): "How to reach the supplier: desk@carrier.example, +44 20 7946 0100.",
    (Kind.METRIC, "name"): "As your monitoring calls it: Error rate.",
    (Kind.PROCEDURE, "purpose"): "What it is good for, in a sentence.",
}
LABELS = {
    "when": "When to escalate",
    "sla": "SLA",
    "email": "E-mail",
    "day_time": "Day and time",
    "action": "What to do",
}
LINES = {"symptoms", "diagnosis", "prevention", "causes", "expected", "resolution", "purpose", "architecture", "body"}
DAYS = {"last_completed", "next_due", "last_updated", "date"}
TYPES: dict[str, dict[str, str]] = {
    "phone": {"type": "tel"},
    "email": {"inputmode": "email", "spellcheck": "false", "autocapitalize": "off"},
    "code": {"spellcheck": "false", "autocapitalize": "off"},
}
FOR_EMERGENCIES = {"impact", "trigger", "response_time"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class RecordForm(forms.Form):
    """The columns of a kind as fields. `seen` and `known` are the revision and the record the writer was looking at."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    known = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    note = forms.CharField(
        label="What did you change, and why?",
        required=False,
        max_length=500,
        help_text="Goes into the change log. Left empty, the portal writes what was changed.",
    )

    def __init__(
        self, *args: Any, kind: Kind, new: bool = False, service: Service | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.suggestions = suggestions.of(kind, service) if service is not None else {}
        mapping = BY_KIND[kind]
        self.column_names = self.columns(mapping, new=new)
        for column in self.column_names:
            self.fields[column] = self._field(mapping, column)
        self.order_fields([*self.column_names, *PORTALS_OWN])

    @staticmethod
    def columns(mapping: KindMapping, *, new: bool) -> list[str]:
        """The columns to ask for; a category only for a new record, because the document's place decides it."""
        return [c for c in mapping.columns.values() if c not in DERIVED or (new and c == "category")]

    def texts(self) -> dict[str, str]:
        """Column → text of a valid form; line breaks as the portal keeps them, not as browsers send them."""
        texts = {name: str(value) for name, value in self.cleaned_data.items() if name not in PORTALS_OWN}
        return {name: text.replace("\r\n", "\n") for name, text in texts.items()}

    def typed(self, *, everything: bool = False) -> dict[str, str]:
        """Column → text as it stands in the form, valid or not; `everything`: what the portal adds, too."""
        names = [*self.column_names, *(PORTALS_OWN if everything else ())]
        values = {name: self[name].value() for name in names}
        return {name: "" if value is None else str(value).replace("\r\n", "\n") for name, value in values.items()}

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """The columns to show at once; a routine procedure rarely has what an emergency needs."""
        return [self[name] for name in self.column_names if name not in self._folded]

    @property
    def folded_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.column_names if name in self._folded]

    @property
    def _folded(self) -> set[str]:
        routine = self.kind is Kind.PROCEDURE and self.initial.get("category") != Category.EMERGENCY
        empty = routine and not any(self[name].value() or self[name].errors for name in FOR_EMERGENCIES)
        return FOR_EMERGENCIES if empty else set()

    def _field(self, mapping: KindMapping, column: str) -> forms.Field:
        """A field for a column: one line or several, as long as the column holds."""
        model_field = cast("models.Field[str, str]", mapping.model._meta.get_field(column))
        label = LABELS.get(column, str(model_field.verbose_name).capitalize())
        if model_field.choices:
            return forms.ChoiceField(label=label, choices=model_field.choices)
        return forms.CharField(
            label=label,
            required=column == mapping.title,
            max_length=model_field.max_length or 20_000,
            help_text=KIND_HELP.get((self.kind, column), HELP.get(column, "")),
            widget=self._widget(column),
            error_messages={"required": f"Give it a {label.lower()}."},
        )

    def _widget(self, column: str) -> forms.Widget:
        attrs = {"autocomplete": "off", **TYPES.get(column, {})}
        if column in LINES or column == "code":
            return forms.Textarea(attrs={"rows": "3", **TYPES.get(column, {})})
        if column in self.suggestions:
            attrs["list"] = f"{column}-usual"
        stands = str(self.initial.get(column) or "") if not self.is_bound else self.data.get(column, "")
        if column in DAYS and (not stands or _DAY.fullmatch(stands)):
            attrs["type"] = "date"
        return forms.TextInput(attrs=attrs)
