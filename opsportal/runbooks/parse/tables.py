"""Tables to records: which kind of thing the rows are, from the roles of the columns and the section they stand in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opsportal.runbooks.document import Kind, Record, Severity, Value
from opsportal.runbooks.parse import clean, headings, spans
from opsportal.runbooks.parse.addresses import address_kind
from opsportal.runbooks.parse.blocks import Node, Row
from opsportal.runbooks.parse.build import Build
from opsportal.runbooks.parse.columns import column_role
from opsportal.runbooks.parse.outline import Section

_LIMITS = frozenset(("target", "alert_threshold", "critical", "threshold", "alert_if"))
_ADDRESSES = frozenset(("email", "phone", "channel", "hours", "backup_person"))
_SEVERITY_NAME = re.compile(r"^(sev|severity|p|s|priority)[ -]?\d|^(critical|high|medium|low|minor|major|info\w*|warning|emergency|blocker)\b|^(kritisch|hoch|mittel|niedrig|critique|eleve|moyen|faible|critico|alto|medio|bajo|baixo)|^紧急|^[高中低]", re.I)

# For each kind: a value's name and the roles of the columns it may stand in, the best first. "*" is the first column
# that nothing else has claimed.
_FIELDS: Mapping[Kind, Sequence[tuple[str, tuple[str, ...]]]] = {
    Kind.METRIC: (
        ("name", ("metric", "check", "service", "name", "*")),
        ("target", ("target", "value", "sla")),
        ("alert", ("alert_threshold", "alert_if", "alert", "threshold")),
        ("critical", ("critical",)),
    ),
    Kind.ALERT: (
        ("name", ("alert", "check", "metric", "name", "symptom", "service", "*")),
        ("threshold", ("alert_if", "threshold", "condition", "alert_threshold", "critical", "cause", "description")),
        ("severity", ("severity", "level")),
        ("response_time", ("response_time",)),
        ("action", ("resolution", "runbook", "escalation", "diagnosis")),
        ("for", ("for",)),
    ),
    Kind.ISSUE: (
        ("title", ("symptom", "alert", "name", "condition", "*")),
        ("causes", ("cause",)),
        ("diagnosis", ("diagnosis", "check")),
        ("resolution", ("resolution", "runbook", "command")),
        ("prevention", ("prevention",)),
        ("symptoms", ("description", "impact")),
    ),
    Kind.MAINTENANCE: (
        ("task", ("task", "name", "check", "service", "description", "*")),
        ("frequency", ("frequency", "hours")),
        ("owner", ("owner", "role", "contact")),
        ("last_completed", ("last",)),
        ("next_due", ("next",)),
    ),
    Kind.CONTACT: (
        ("role", ("role", "responsibility", "contact", "level", "service", "name", "*")),
        ("name", ("name", "owner", "contact")),
        ("email", ("email",)),
        ("phone", ("phone",)),
        ("backup", ("backup_person",)),
        ("hours", ("hours",)),
    ),
    Kind.ESCALATION: (
        ("level", ("level", "severity", "number", "condition", "*")),
        ("contact", ("contact", "role", "name", "owner", "escalation", "channel", "resolution")),
        ("when", ("escalate_when", "condition", "response_time", "for", "description", "hours")),
    ),
    Kind.SEVERITY_LEVEL: (
        ("name", ("severity", "level", "name", "*")),
        ("description", ("description", "condition", "impact", "example")),
        ("response_time", ("response_time", "escalate_when", "sla")),
    ),
    Kind.EXTERNAL_DEPENDENCY: (
        ("service", ("dependency", "service", "name", "*")),
        ("contact", ("contact", "email", "channel", "phone", "location", "owner")),
        ("sla", ("sla", "response_time", "target")),
        ("escalation", ("escalation", "resolution", "escalate_when")),
    ),
    Kind.COMMAND: (("code", ("command",)), ("label", ("task", "description", "name", "check", "*"))),
    Kind.LINK: (
        ("label", ("log", "dashboard", "document", "service", "name", "task", "*")),
        ("target", ("location", "command", "runbook", "value", "description", "*")),
    ),
    Kind.CHANGE: (
        ("date", ("date",)),
        ("change", ("change", "description", "task", "field", "*")),
        ("author", ("author", "owner", "name", "contact")),
        ("approved_by", ("approved",)),
    ),
    Kind.MAINTENANCE_WINDOW: (
        ("day_time", ("frequency", "date", "escalate_when", "*")),
        ("duration", ("for",)),
        ("notification", ("channel", "contact")),
        ("rollback", ("resolution",)),
    ),
    Kind.FIELD: (("name", ("field", "*")), ("value", ("value", "*"))),
}
_NAMED_BY = {Kind.METRIC: "name", Kind.ALERT: "name", Kind.ISSUE: "title", Kind.CONTACT: "role", Kind.MAINTENANCE: "task"}


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one table: header texts and their roles, `first` being the first that is no mere number."""

    headers: list[str]
    roles: list[str]

    @property
    def known(self) -> frozenset[str]:
        return frozenset(role for role in self.roles if role)

    @property
    def first(self) -> str:
        return next((role for role in self.roles if role != "number"), "")

    def has(self, *roles: str) -> bool:
        return not self.known.isdisjoint(roles)


def columns_of(node: Node) -> Columns:
    headers = [clean.plain(cell.text.replace("\\|", "|")) for cell in node.rows[0].cells]
    return Columns(headers, [column_role(clean.key(header)) for header in headers])


def kind_of(columns: Columns, rows: Sequence[Row], role: str, title: str = "") -> Kind | None:
    """What the rows of a table are in a section of such a role; None where it is nothing the portal keeps."""
    if role in ("index", "toc", "roles", "risk"):
        return None
    by_section = _by_section(columns, rows, role, title)
    return by_section if by_section else _by_columns(columns, rows, role)


def _by_section(columns: Columns, rows: Sequence[Row], role: str, title: str) -> Kind | None:
    """The kind where the section says what its table is and the columns do not speak against it."""
    has = columns.has
    if role == "change_log" and has("date", "version", "change"):
        return Kind.CHANGE
    if role == "external" and len(columns.roles) > 1:
        return Kind.EXTERNAL_DEPENDENCY
    if role == "maintenance_window" and not has("task"):
        return Kind.MAINTENANCE_WINDOW
    if role == "severity" and _names_severities(rows):
        return Kind.SEVERITY_LEVEL
    if role == "escalation" and not has("email", "phone") and has("level", "contact", "condition", "escalate_when", "severity", "role"):
        return Kind.ESCALATION if not (_names_severities(rows) and not has("contact", "role", "escalation")) else Kind.SEVERITY_LEVEL
    if role == "contact" and not has("responsibility", "escalate_when") and has("role", "contact", "name", "email", "phone", "channel"):
        return Kind.CONTACT if not has("level") or has("role") else None
    if role == "alert" and (has("alert") or (has("severity", "threshold", "condition", "alert_if", "alert_threshold") and not has("cause"))):
        return Kind.ALERT if not _names_severities(rows) or has("alert") else Kind.SEVERITY_LEVEL
    if role == "metric" and columns.known & _LIMITS and columns.first not in ("alert", "symptom"):
        return Kind.METRIC if columns.first != "check" or not has("alert_if") else Kind.ALERT
    if role == "command" and has("command"):
        return Kind.COMMAND
    if role in ("log", "dashboard", "reference") and len(columns.roles) > 1 and not has("frequency", "cause", "severity"):
        return Kind.LINK
    return None


def _by_columns(columns: Columns, rows: Sequence[Row], role: str) -> Kind | None:
    has, first = columns.has, columns.first
    if first in ("date", "version", "change") and has("change", "description", "author") and has("date", "version"):
        return Kind.CHANGE
    if first == "alert" and len(columns.known) > 1:
        return Kind.ALERT
    if first == "check" and has("alert_if", "alert_threshold", "threshold") and not has("target", "critical"):
        return Kind.ALERT
    if first in ("metric", "check", "service") and columns.known & _LIMITS and (first == "metric" or has("alert_threshold", "critical")):
        return Kind.METRIC
    if first == "symptom" and has("cause", "resolution", "diagnosis", "check"):
        return Kind.ISSUE
    if has("frequency") and (first in ("task", "check", "frequency", "service", "name") or role == "maintenance"):
        return Kind.MAINTENANCE
    return _people_or_things(columns, rows)


def _people_or_things(columns: Columns, rows: Sequence[Row]) -> Kind | None:
    has, first = columns.has, columns.first
    if has("level") and has("contact", "role", "name") and has("escalate_when", "response_time", "condition", "for"):
        return Kind.ESCALATION
    if first in ("severity", "level") and _names_severities(rows) and has("description", "response_time", "impact", "example", "condition"):
        return Kind.SEVERITY_LEVEL
    if first == "dependency" and has("contact", "sla", "escalation", "email", "channel"):
        return Kind.EXTERNAL_DEPENDENCY
    if (first in ("role", "contact", "name") and columns.known & _ADDRESSES) or (first == "role" and has("name", "contact")):
        return Kind.CONTACT if not has("responsibility") or columns.known & _ADDRESSES else None
    if has("command") and first in ("command", "task", "description", "name", "check"):
        return Kind.COMMAND
    if first in ("log", "dashboard", "document", "service") and has("location") and len(columns.roles) <= 4:
        return Kind.LINK
    if columns.roles[:2] == ["field", "value"]:
        return Kind.FIELD
    return None


def _names_severities(rows: Sequence[Row]) -> bool:
    names = [clean.plain(row.cells[0].text) for row in rows if row.cells]
    return bool(names) and sum(bool(_SEVERITY_NAME.match(clean.fold(clean.name(name)))) for name in names) * 2 > len(names)


def read_table(node: Node, section: Section, role: str, build: Build) -> list[Record]:
    """The records of a table, one per row; none where nobody knows its columns, which is noted."""
    columns = columns_of(node)
    rows = [row for row in node.rows[1:] if any(cell.text for cell in row.cells)]
    kind = kind_of(columns, rows, role, section.key)
    if kind is None or not rows:
        return []
    placed = _place_columns(kind, columns)
    for position, header in enumerate(columns.headers):
        if header and position not in placed.values() and not columns.roles[position]:
            build.problem(node.first, "table-column", Severity.INFO, f"The column “{header}” is kept as it is.", "")
    return [_row_record(kind, row, columns, placed, section, role, build) for row in rows]


def _place_columns(kind: Kind, columns: Columns) -> dict[str, int]:
    """For each value of a record the position of its column."""
    placed: dict[str, int] = {}
    for exact in (True, False):
        for value, wanted in _FIELDS[kind]:
            if value not in placed:
                position = _find(columns, wanted, frozenset(placed.values()), exact=exact)
                if position >= 0:
                    placed[value] = position
    return placed


def _find(columns: Columns, wanted: Sequence[str], taken: frozenset[int], *, exact: bool) -> int:
    for role in wanted:
        if role == "*":
            if not exact:
                return next((n for n, r in enumerate(columns.roles) if n not in taken and r != "number"), -1)
            continue
        for position, found in enumerate(columns.roles):
            if found == role and position not in taken:
                return position
    return -1


def _row_record(kind: Kind, row: Row, columns: Columns, placed: dict[str, int], section: Section, role: str, build: Build) -> Record:
    values = {name: spans.from_cell(row.cells[position]) for name, position in placed.items()}
    if kind is Kind.CONTACT:
        _sort_addresses(values, row, columns, placed)
    label = values.get(_NAMED_BY.get(kind, "level"))
    record = build.record(kind, (row.line, row.line + 1), values, style="table", section=section, name=clean.name(label.text) if label else "")
    record.extra = {
        header or f"column {position + 1}": clean.plain(row.cells[position].text)
        for position, header in enumerate(columns.headers)
        if position not in placed.values() and row.cells[position].text
    }
    if kind is Kind.LINK:
        record.values["category"] = spans.derived(_category(columns, role))
    if kind is Kind.MAINTENANCE and "frequency" not in record.values and headings.frequency_of(section.key):
        record.values["frequency"] = spans.derived(section.name)
    return record


def _category(columns: Columns, role: str) -> str:
    if role in ("log", "dashboard", "reference"):
        return role
    return columns.first if columns.first in ("log", "dashboard") else "reference"


def _sort_addresses(values: dict[str, Value], row: Row, columns: Columns, placed: dict[str, int]) -> None:
    """A column headed Contact may hold a name, an e-mail address or a number; each cell says which."""
    for position, role in enumerate(columns.roles):
        if role not in ("contact", "channel", "name") or position == placed.get("role"):
            continue
        value = spans.from_cell(row.cells[position])
        kind = address_kind(value.text)
        if kind and kind not in values:
            values[kind] = value
            if placed.get("name") == position:
                values.pop("name", None)
                placed["name"] = position
