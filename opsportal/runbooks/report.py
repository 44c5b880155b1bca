"""The machine-readable report of an import."""

from __future__ import annotations

from typing import Any

from opsportal.runbooks.document import Document

COUNTS = (
    "procedures",
    "steps",
    "substeps",
    "metrics",
    "contacts",
    "escalation",
    "severity_levels",
    "maintenance",
    "maintenance_windows",
    "alerts",
    "issues",
    "issue_steps",
    "commands",
    "change_log",
    "fields",
    "code",
    "tables",
    "links",
)
NAMES = ("procedures", "metrics", "contacts", "escalation", "alerts", "issues", "maintenance")


def report(slug: str, document: Document) -> dict[str, Any]:
    """{"service": slug, "counts": {…}, "names": {…}, "problems": [{line, rule, severity, message, hint}, …]}."""
    first = {name: document.counts.get(name, 0) for name in COUNTS}
    return {
        "service": slug,
        "counts": first | {name: count for name, count in document.counts.items() if name not in first},
        "names": {name: document.names.get(name, []) for name in NAMES},
        "problems": [problem.as_json() for problem in document.problems],
    }
