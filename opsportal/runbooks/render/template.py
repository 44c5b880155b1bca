"""Records in the form of the runbook template: a whole document, or one record to be added to a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from opsportal.runbooks.document import Kind, Record
from opsportal.runbooks.render.steps import procedure_steps, steps
from opsportal.runbooks.render.write import cell, one_line

TABLES: dict[Kind, tuple[tuple[str, str], ...]] = {
    Kind.METRIC: (
        ("Metric", "name"),
        ("Target", "target"),
        ("Critical Threshold", "critical"),
        ("Alert Threshold", "alert"),
    ),
    Kind.ALERT: (
        ("Alert", "name"),
        ("Threshold", "threshold"),
        ("Severity", "severity"),
        ("Response Time", "response_time"),
        ("Action", "action"),
    ),
    Kind.MAINTENANCE: (
        ("Task", "task"),
        ("Frequency", "frequency"),
        ("Owner", "owner"),
        ("Last Completed", "last_completed"),
        ("Next Due", "next_due"),
    ),
    Kind.CONTACT: (
        ("Role", "role"),
        ("Name", "name"),
        ("Email", "email"),
        ("Phone", "phone"),
        ("Backup", "backup"),
        ("Hours", "hours"),
    ),
    Kind.ESCALATION: (("Level", "level"), ("Contact", "contact"), ("When to Escalate", "when")),
    Kind.SEVERITY_LEVEL: (
        ("Severity", "name"),
        ("Description", "description"),
        ("Response Time", "response_time"),
    ),
    Kind.EXTERNAL_DEPENDENCY: (
        ("Service", "service"),
        ("Contact", "contact"),
        ("SLA", "sla"),
        ("Escalation", "escalation"),
    ),
    Kind.CHANGE: (("Date", "date"), ("Change", "change"), ("Author", "author"), ("Approved By", "approved_by")),
}
OPTIONAL_COLUMNS = {"hours"}
LABELS = {
    "frequency": "Frequency",
    "duration": "Duration",
    "impact": "Impact",
    "trigger": "Trigger",
    "response_time": "Response Time",
    "day_time": "Day/Time",
    "notification": "Notification Process",
    "rollback": "Rollback Plan",
    "version": "Version",
    "environment": "Environment",
    "owner_team": "Owner Team",
    "last_updated": "Last Updated",
    "oncall_contact": "On-Call Contact",
    "service_type": "Service Type",
    "technology_stack": "Technology Stack",
    "dependencies": "Dependencies",
    "dependents": "Dependents",
    "symptoms": "Symptoms",
    "causes": "Causes",
    "diagnosis": "Diagnosis",
    "resolution": "Resolution",
    "prevention": "Prevention",
}

LISTS = {
    "expected": "Expected Results",
    "symptoms": "Symptoms",
    "causes": "Causes",
    "diagnosis": "Diagnosis",
    "resolution": "Resolution",
    "prevention": "Prevention",
}


def table(kind: Kind, records: Iterable[Record]) -> list[str]:
    """The template's table of a kind; an optional column only where some record fills it."""
    rows = list(records)
    columns = [
        (head, name) for head, name in TABLES[kind] if name not in OPTIONAL_COLUMNS or any(r.text(name) for r in rows)
    ]
    return [
        "| " + " | ".join(head for head, _ in columns) + " |",
        "|" + "|".join("-" * (len(head) + 2) for head, _ in columns) + "|",
        *(row(record, [name for _, name in columns]) for record in rows),
    ]


def row(record: Record, names: Iterable[str]) -> str:
    """A line of a table whose columns hold these values; "" is a column no value belongs to."""
    return "| " + " | ".join(cell(record.text(name)) if name else "" for name in names) + " |"


def label(record: Record, name: str, lead: str = "") -> list[str]:
    """`**Label**: text`, or nothing where the record has no such text."""
    text = one_line(record.text(name))
    return [f"{lead}**{LABELS[name]}**: {text}"] if text else []


def procedure(record: Record, level: int) -> list[str]:
    """A procedure under a heading of that level: its facts, its steps or phases, the expected results."""
    lines = [f"{'#' * level} {one_line(record.text('title'))}"]
    if record.text("purpose"):
        lines += [*record.text("purpose").splitlines(), ""]
    for name in ("impact", "trigger", "frequency", "duration", "response_time"):
        lines += label(record, name)
    lines += procedure_steps(record)
    if record.text("expected"):
        lines += ["", "**Expected Results**:", *bullets(record.text("expected"))]
    return lines


def issue(record: Record, level: int) -> list[str]:
    """A known issue: symptoms, diagnosis, resolution as numbered steps, prevention."""
    lines = [f"{'#' * level} {one_line(record.text('title'))}"]
    for name in ("symptoms", "causes", "diagnosis"):
        if record.text(name):
            lines += [f"**{LABELS[name]}**:", *bullets(record.text(name)), ""]
    if record.children:
        lines += ["**Resolution**:", *steps(record.children), ""]
    elif record.text("resolution"):
        lines += ["**Resolution**:", *bullets(record.text("resolution")), ""]
    if record.text("prevention"):
        lines += ["**Prevention**:", *bullets(record.text("prevention")), ""]
    return lines[:-1] if lines[-1] == "" else lines


def command(record: Record, level: int) -> list[str]:
    fence = "```" if "```" not in record.text("code") else "~~~~"
    return [
        f"{'#' * level} {one_line(record.text('label'))}",
        fence + (record.text("lang") or "bash"),
        *record.text("code").splitlines(),
        fence,
    ]


def window(record: Record, level: int) -> list[str]:
    names = ("day_time", "duration", "notification", "rollback")
    return [line for name in names for line in label(record, name, "- ")]


def link(record: Record, level: int) -> list[str]:
    if record.text("category") == "configuration":
        return [f"**{one_line(record.text('label'))}**: {one_line(record.text('target'))}"]
    return [f"- **{one_line(record.text('label'))}**: {one_line(record.text('target'))}"]


def fact(record: Record, level: int) -> list[str]:
    return [f"**{one_line(record.text('name'))}**: {one_line(record.text('value'))}"]


def section(record: Record, level: int) -> list[str]:
    return [f"{'#' * level} {one_line(record.text('title'))}", *record.text("body").splitlines()]


def bullets(text: str) -> list[str]:
    """Plain lines as a list; text that already is Markdown of its own stays as it is."""
    lines = text.splitlines()
    plain = all(line.strip() and not line.lstrip().startswith(("-", "*", "`", "#", "|", ">")) for line in lines)
    return [f"- {line.strip()}" for line in lines] if plain else lines


WRITERS: dict[Kind, Callable[[Record, int], list[str]]] = {
    Kind.PROCEDURE: procedure,
    Kind.ISSUE: issue,
    Kind.COMMAND: command,
    Kind.MAINTENANCE_WINDOW: window,
    Kind.LINK: link,
    Kind.FIELD: fact,
    Kind.SECTION: section,
}
