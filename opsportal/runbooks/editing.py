"""Forms for records: one for every kind, made from its columns, and the rows of steps of a procedure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, cast

from django import forms
from django.db import models
from django.http import QueryDict

from opsportal.lib.typed import as_id
from opsportal.runbooks.document import Kind
from opsportal.runbooks.mapping import BY_KIND
from opsportal.runbooks.mapping import Mapping as KindMapping
from opsportal.runbooks.trees import Node

DERIVED = {"category", "lang", "group", "hold"}  # not written in a place of their own, or set once
HELP = {
    "target": "As you would write it: ≥ 99.9%, < 200 ms.",
    "alert": "When to look: > 2% for 5 minutes.",
    "critical": "When it hurts: > 5% for 5 minutes.",
    "threshold": "The condition: > 5% for 5 minutes.",
    "frequency": "Daily at 09:00 Europe/London, every Monday, monthly, quarterly.",
    "duration": "5 minutes, 30–60 minutes.",
    "response_time": "Immediate, 15 minutes, next business day.",
    "when": "After 15 minutes without an answer; or the kind of issue.",
    "phone": "With country code: +44 20 7946 0100.",
    "symptoms": "One on each line.",
    "diagnosis": "One on each line.",
    "prevention": "One on each line.",
    "causes": "One on each line.",
    "expected": "One on each line.",
    "last_completed": "Year-month-day.",
    "next_due": "Year-month-day.",
    "action": "Name the procedure to follow, and it is linked.",
    "backup": "Who stands in.",
}
LINES = {"symptoms", "diagnosis", "prevention", "causes", "expected", "resolution", "purpose", "architecture", "body"}


class RecordForm(forms.Form):
    """The columns of a kind as fields; `seen` is the revision the writer was looking at."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    note = forms.CharField(
        label="What did you change, and why?",
        required=False,
        max_length=500,
        help_text="Goes into the change log. Left empty, the portal writes what was changed.",
    )

    def __init__(self, *args: Any, kind: Kind, new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        mapping = BY_KIND[kind]
        for column in self.columns(mapping, new=new):
            self.fields[column] = _field(mapping, column)
        self.order_fields([*self.columns(mapping, new=new), "note", "seen"])

    @staticmethod
    def columns(mapping: KindMapping, *, new: bool) -> list[str]:
        """The columns to ask for; a category only for a new record, because the document's place decides it."""
        return [c for c in mapping.columns.values() if c not in DERIVED or (new and c == "category")]

    def texts(self) -> dict[str, str]:
        """Column → text as typed."""
        return {name: str(value) for name, value in self.cleaned_data.items() if name not in ("seen", "note")}


def _field(mapping: KindMapping, column: str) -> forms.Field:
    """A field for a column: one line or several, as long as the column holds."""
    model_field = cast("models.Field[str, str]", mapping.model._meta.get_field(column))
    label = str(model_field.verbose_name).capitalize()
    required = column == mapping.title
    if model_field.choices:
        return forms.ChoiceField(label=label, choices=model_field.choices)
    long = column in LINES or (column == "code")
    widget = forms.Textarea(attrs={"rows": 4}) if long else forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(
        label=label,
        required=required,
        max_length=model_field.max_length or 20_000,
        help_text=HELP.get(column, ""),
        widget=widget,
    )


class StepRows:
    """The steps of a procedure as posted rows: phases and steps in order, each with its text and perhaps a command."""

    MOST = 200

    def __init__(self, rows: Sequence[dict[str, str]]) -> None:
        self.rows = list(rows)[: self.MOST]

    @classmethod
    def of(cls, nodes: Sequence[Node]) -> StepRows:
        rows: list[dict[str, str]] = []
        for node in nodes:
            if node.is_phase:
                rows.append({"kind": "phase", "key": node.source_key, "text": node.text, "code": "", "more": ""})
                rows += [_row(step) for step in node.children]
            else:
                rows.append(_row(node))
        return cls(rows)

    @classmethod
    def posted(cls, data: QueryDict) -> StepRows:
        """From `kind`, `key`, `text`, `code` lists of equal length, and a button `do` that adds, moves or removes."""
        names = ("kind", "key", "text", "code", "more")
        columns = [[str(value) for value in data.getlist(f"step_{name}")] for name in names]
        rows = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=False)]
        found = cls(rows)
        found._do(str(data.get("do", "")))
        return found

    def _do(self, order: str) -> None:
        verb, _, where = order.partition(":")
        number = as_id(where)
        at = len(self.rows) if number is None else number
        if verb in ("step", "phase"):
            self.rows.insert(at, {"kind": verb, "key": "", "text": "", "code": "", "more": ""})
        elif at >= len(self.rows):
            return
        elif verb == "remove":
            self.rows.pop(at)
        elif verb == "up" and at > 0:
            self.rows[at - 1], self.rows[at] = self.rows[at], self.rows[at - 1]
        elif verb == "down" and at + 1 < len(self.rows):
            self.rows[at + 1], self.rows[at] = self.rows[at], self.rows[at + 1]

    def nodes(self, stored: Sequence[Node]) -> list[Node]:
        """The rows as steps; what a row does not show of a stored step (its prose, its sub-steps) is kept."""
        known = {node.source_key: node for node in _walk(stored) if node.source_key}
        nodes: list[Node] = []
        phase: Node | None = None
        for row in self.rows:
            text = row["text"].strip()
            if not text:
                continue
            if row["kind"] == "phase":
                phase = Node(text, is_phase=True, source_key=row["key"])
                nodes.append(phase)
            else:
                (phase.children if phase else nodes).append(_node(row, text, known.get(row["key"])))
        return [node for node in nodes if node.children or not node.is_phase]


def _row(node: Node) -> dict[str, str]:
    code = next((block["text"] for block in node.blocks if block["kind"] == "code"), "")
    others = sum(block["kind"] != "code" for block in node.blocks) + len(node.children)
    return {"kind": "step", "key": node.source_key, "text": node.text, "code": code, "more": str(others or "")}


def _node(row: Mapping[str, str], text: str, base: Node | None) -> Node:
    node = deepcopy(base) if base else Node(text)
    node.text = text
    code = row["code"].replace("\r\n", "\n").strip("\n")
    block = next((block for block in node.blocks if block["kind"] == "code"), None)
    if block is not None and code:
        block["text"] = code
    elif block is not None:
        node.blocks.remove(block)
    elif code:
        node.blocks.insert(0, {"kind": "code", "text": code, "lang": "bash"})
    return node


def _walk(nodes: Sequence[Node]) -> list[Node]:
    return [found for node in nodes for found in (node, *_walk(node.children))]
