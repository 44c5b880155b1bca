"""What the rows of a table are: by the section it stands in, else by the roles of its columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from opsportal.runbooks.document import Kind
from opsportal.runbooks.parse import clean
from opsportal.runbooks.parse.blocks import Node, Row
from opsportal.runbooks.parse.columns import column_role

_LIMITS = frozenset(("target", "alert_threshold", "critical", "threshold", "alert_if"))
_ADDRESSES = frozenset(("email", "phone", "channel", "hours", "backup_person"))
_PEOPLE = frozenset(("contact", "escalation", "severity", "external", "alert", "metric", "command"))
_NO_TASK = frozenset(
    ("metric", "alert", "level", "severity", "contact", "role", "field", "date", "symptom", "document")
)
_NO_TABLE = frozenset(("index", "toc", "roles", "risk"))
_SEVERITY_NAME = re.compile(
    r"^(sev|severity|p|s|priority)[ -]?\d|^(critical|high|medium|low|minor|major|info\w*|warning|emergency|blocker)\b"
    r"|^(kritisch|hoch|mittel|niedrig|critique|eleve|moyen|faible|critico|alto|medio|bajo|baixo)|^紧急|^[高中低]",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one table: header texts and their roles, `first` being the first that is no mere number."""

    headers: list[str]
    roles: list[str]

    @property
    def known(self) -> frozenset[str]:
        return frozenset(role for role in self.roles if role)

    @property
    def lead(self) -> int:
        """The position of the first column that is no mere number."""
        return next((position for position, role in enumerate(self.roles) if role != "number"), 0)

    @property
    def first(self) -> str:
        return self.roles[self.lead]

    def has(self, *roles: str) -> bool:
        return not self.known.isdisjoint(roles)


def columns_of(node: Node) -> Columns:
    headers = [clean.plain(cell.text.replace("\\|", "|")) for cell in node.rows[0].cells]
    return Columns(headers, [column_role(clean.key(header)) for header in headers])


def kind_of(columns: Columns, rows: Sequence[Row], role: str) -> Kind | None:
    """What the rows of a table are in a section of such a role; None where it is nothing the portal keeps."""
    if role in _NO_TABLE:
        return None
    in_section = _IN_SECTION.get(role)
    kind = in_section(columns, rows) if in_section else None
    return kind or _work(columns, role) or _people(columns, rows) or _look_up(columns)


def _change(columns: Columns, rows: Sequence[Row]) -> Kind | None:
    return Kind.CHANGE if columns.has("date", "version", "change") else None


def _external(columns: Columns, rows: Sequence[Row]) -> Kind | None:
    return Kind.EXTERNAL_DEPENDENCY if len(columns.roles) > 1 else None


def _window(columns: Columns, rows: Sequence[Row]) -> Kind | None:
    return None if columns.has("task") else Kind.MAINTENANCE_WINDOW


def _severity(columns: Columns, rows: Sequence[Row]) -> Kind | None:
    return Kind.SEVERITY_LEVEL if _names_severities(rows) else None


def _escalation(columns: Columns, rows: Sequence[Row]) -> Kind | None:
    """A ladder, or what its severities mean where no column says who is called."""
    told = ("level", "contact", "condition", "escalate_when", "severity", "role", "resolution")
    if columns.has("email", "phone") or not columns.has(*told):
        return None
    if _names_severities(rows) and not columns.has("contact", "role", "escalation"):
        return Kind.SEVERITY_LEVEL
    return Kind.ESCALATION


def _contact(columns: Columns, rows: Sequence[Row]) -> Kind | None:
    if columns.first == "date" or columns.has("responsibility", "escalate_when"):
        return None
    if columns.has("level") and not columns.has("role"):
        return None
    return Kind.CONTACT if columns.has("role", "contact", "name", "email", "phone", "channel") else None


def _alert(columns: Columns, rows: Sequence[Row]) -> Kind | None:
    if columns.has("alert"):
        return Kind.ALERT
    if columns.has("cause") or not columns.has("severity", "threshold", "condition", "alert_if", "alert_threshold"):
        return None
    return Kind.SEVERITY_LEVEL if _names_severities(rows) else Kind.ALERT


def _metric(columns: Columns, rows: Sequence[Row]) -> Kind | None:
    if not columns.known & _LIMITS or columns.first in ("alert", "symptom"):
        return None
    return Kind.ALERT if columns.first == "check" and columns.has("alert_if") else Kind.METRIC


def _command(columns: Columns, rows: Sequence[Row]) -> Kind | None:
    return Kind.COMMAND if columns.has("command") else None


def _link(columns: Columns, rows: Sequence[Row]) -> Kind | None:
    return Kind.LINK if len(columns.roles) > 1 and not columns.has("frequency", "cause", "severity") else None


_IN_SECTION: Mapping[str, Callable[[Columns, Sequence[Row]], Kind | None]] = {
    "change_log": _change,
    "external": _external,
    "maintenance_window": _window,
    "severity": _severity,
    "escalation": _escalation,
    "contact": _contact,
    "alert": _alert,
    "metric": _metric,
    "command": _command,
    "log": _link,
    "dashboard": _link,
    "reference": _link,
}


def _work(columns: Columns, role: str) -> Kind | None:
    """Tables of changes, alerts, metrics, issues and tasks, wherever they stand."""
    has, first = columns.has, columns.first
    if first in ("date", "version", "change") and has("change", "description", "author") and has("date", "version"):
        return Kind.CHANGE
    if first == "alert" and len(columns.known) > 1:
        return Kind.ALERT
    if kind := _measured(columns):
        return kind
    if first == "symptom" and has("cause", "resolution", "diagnosis", "check"):
        return Kind.ISSUE
    recurs = has("frequency") and first not in _NO_TASK and not has("channel", "email", "phone")
    return Kind.MAINTENANCE if recurs and role not in _PEOPLE else None


def _measured(columns: Columns) -> Kind | None:
    has, first = columns.has, columns.first
    if first == "check" and has("alert_if", "alert_threshold", "threshold") and not has("target", "critical"):
        return Kind.ALERT
    watched = first == "metric" or (first in ("check", "service") and has("alert_threshold", "critical"))
    return Kind.METRIC if watched and columns.known & _LIMITS else None


def _people(columns: Columns, rows: Sequence[Row]) -> Kind | None:
    """Ladders, severities, suppliers and contacts, wherever they stand."""
    has, first = columns.has, columns.first
    if has("level") and has("contact", "role", "name") and has("escalate_when", "response_time", "condition", "for"):
        return Kind.ESCALATION
    defined = has("description", "response_time", "impact", "example", "condition")
    if first in ("severity", "level") and defined and _names_severities(rows):
        return Kind.SEVERITY_LEVEL
    if first == "dependency" and has("contact", "sla", "escalation", "email", "channel"):
        return Kind.EXTERNAL_DEPENDENCY
    reached = bool(columns.known & _ADDRESSES) or (has("name", "contact") and not has("responsibility"))
    listed = first == "role" or (first in ("contact", "name") and bool(columns.known & _ADDRESSES))
    return Kind.CONTACT if listed and reached else None


def _look_up(columns: Columns) -> Kind | None:
    has, first = columns.has, columns.first
    if has("command") and first in ("command", "task", "description", "name", "check"):
        return Kind.COMMAND
    if first in ("log", "dashboard", "document", "service") and has("location") and len(columns.roles) <= 4:
        return Kind.LINK
    return Kind.FIELD if columns.roles[:2] == ["field", "value"] else None


def _names_severities(rows: Sequence[Row]) -> bool:
    names = [clean.fold(clean.name(row.cells[0].text)) for row in rows if row.cells]
    return bool(names) and sum(bool(_SEVERITY_NAME.match(name)) for name in names) * 2 > len(names)
