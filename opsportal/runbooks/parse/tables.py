"""Tables to records: which kind of thing the rows are, from the roles of the columns and the section they stand in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from opsportal.runbooks.document import Kind, Record, Severity, Value
from opsportal.runbooks.parse import clean, headings, spans
from opsportal.runbooks.parse.addresses import address_kind
from opsportal.runbooks.parse.blocks import Node, Row
from opsportal.runbooks.parse.build import Build
from opsportal.runbooks.parse.facts import add_fact
from opsportal.runbooks.parse.outline import Section
from opsportal.runbooks.parse.table_kinds import Columns, columns_of, kind_of

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
        ("level", ("level", "severity", "number")),
        ("contact", ("contact", "role", "name", "owner", "escalation", "channel", "resolution", "service")),
        ("when", ("escalate_when", "condition", "symptom", "response_time", "for", "description", "hours")),
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
_NAMED_BY = {
    Kind.METRIC: "name",
    Kind.ALERT: "name",
    Kind.ISSUE: "title",
    Kind.CONTACT: "role",
    Kind.MAINTENANCE: "task",
}


def read_table(node: Node, section: Section, role: str, build: Build) -> list[Record] | None:
    """The records of a table, one per row; None where nobody knows its columns. Keys with values are filed at once.

    A table without rows waits for its first and gives none.
    """
    columns = columns_of(node)
    rows = [row for row in node.rows[1:] if any(cell.text for cell in row.cells)]
    kind = kind_of(columns, rows, role)
    if kind is None:
        return None
    if kind is Kind.FIELD:
        _read_fields(rows, section, role, build)
        return []
    placed = _place_columns(kind, columns)
    for position, header in enumerate(columns.headers):
        if header and position not in placed.values() and not columns.roles[position]:
            build.problem(node.first, "table-column", Severity.INFO, f"The column “{header}” is kept as it is.", "")
    return [_row_record(kind, row, columns, placed, section, role, build) for row in rows]


def _read_fields(rows: list[Row], section: Section, role: str, build: Build) -> None:
    """A table of keys and values. It tells of the page itself only at its head; elsewhere its rows are kept as fields."""
    head = section.depth <= 0 or role in ("service_info", "overview")
    for row in rows:
        name, value = spans.from_cell(row.cells[0]), spans.from_cell(row.cells[1])
        if head:
            add_fact(name, value, (row.line, row.line + 1), section, build, style="table")
        else:
            values = {"name": name, "value": value}
            build.add(build.record(Kind.FIELD, (row.line, row.line + 1), values, style="table", section=section))


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


def _row_record(
    kind: Kind, row: Row, columns: Columns, placed: dict[str, int], section: Section, role: str, build: Build
) -> Record:
    values = {name: spans.from_cell(row.cells[position]) for name, position in placed.items()}
    if kind is Kind.CONTACT:
        _sort_addresses(values, row, columns, placed)
    label = values.get(_NAMED_BY.get(kind, "level")) or spans.from_cell(row.cells[columns.lead])
    record = build.record(
        kind, (row.line, row.line + 1), values, style="table", section=section, name=clean.name(label.text)
    )
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
