"""The plain counts and lists of names of a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from opsportal.runbooks.document import Document, Kind, Record
from opsportal.runbooks.parse.addresses import is_placeholder
from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.build import Build

_TOP_LEVEL = {
    "procedures": Kind.PROCEDURE,
    "metrics": Kind.METRIC,
    "contacts": Kind.CONTACT,
    "escalation": Kind.ESCALATION,
    "severity_levels": Kind.SEVERITY_LEVEL,
    "maintenance": Kind.MAINTENANCE,
    "maintenance_windows": Kind.MAINTENANCE_WINDOW,
    "alerts": Kind.ALERT,
    "issues": Kind.ISSUE,
    "commands": Kind.COMMAND,
    "change_log": Kind.CHANGE,
    "external_dependencies": Kind.EXTERNAL_DEPENDENCY,
}
_NAMED = ("procedures", "metrics", "contacts", "escalation", "alerts", "issues", "maintenance")
_LINK_COUNTS = {"dashboards": "dashboard", "log_locations": "log", "document_references": "reference"}


def fill(document: Document, nodes: list[Node], links: Counter[str], build: Build) -> None:
    """Set `counts` and `names` of a document that is read."""
    counts = document.counts
    for name, kind in _TOP_LEVEL.items():
        records = document.of(kind)
        counts[name] = len(records)
        if name in _NAMED:
            document.names[name] = [build.names.get(record.key, "") for record in records]
    steps = [r for record in document.of(Kind.PROCEDURE) for r in record.walk()]
    issue_steps = [r for record in document.of(Kind.ISSUE) for r in record.walk()]
    counts["steps"] = _number(steps, Kind.STEP)
    counts["substeps"] = _number(steps, Kind.SUBSTEP)
    counts["code_only_steps"] = sum(r.kind is Kind.STEP and r.style == "code" for r in steps)
    counts["issue_steps"] = _number(issue_steps, Kind.STEP)
    counts["issue_substeps"] = _number(issue_steps, Kind.SUBSTEP)
    counts["fields"] = build.plain_numbers["fields"]
    counts["contact_placeholders"] = sum(_is_unfilled(record) for record in document.of(Kind.CONTACT))
    for name, category in _LINK_COUNTS.items():
        counts[name] = sum(record.text("category") == category for record in document.of(Kind.LINK))
    counts.update(_of_blocks(nodes))
    for name in ("links", "anchors", "doc_links", "service_urls"):
        counts[name] = links[name]


def _number(records: Iterable[Record], kind: Kind) -> int:
    return sum(record.kind is kind for record in records)


def _is_unfilled(record: Record) -> bool:
    texts = [value.text for name, value in record.values.items() if name != "role"]
    return any(is_placeholder(text) for text in [*texts, *record.extra.values()])


def _of_blocks(nodes: list[Node]) -> dict[str, int]:
    found = {"code": 0, "tables": 0, "cm_ol_items": 0}
    for top in nodes:
        for node in top.walk():
            found["code"] += node.kind in ("fence", "code")
            found["tables"] += node.kind == "table"
            found["cm_ol_items"] += len(node.children) if node.kind == "ordered" else 0
    return found
