"""Where in a document a new record belongs, and how its neighbours are laid out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from opsportal.runbooks.document import Kind, Record
from opsportal.runbooks.parse import clean
from opsportal.runbooks.parse.blocks import Node, make_parser, read_blocks
from opsportal.runbooks.parse.headings import frequency_of, role_of
from opsportal.runbooks.parse.outline import Section, build
from opsportal.runbooks.parse.read import front_matter_end
from opsportal.runbooks.parse.source import Source
from opsportal.runbooks.render.template import TABLES

_BAR = re.compile(r"(?<!\\)\|")
_NUMBER = re.compile(r"^([ \t>]*)(\d{1,9})([.)])")

HOMES: dict[str, tuple[str, int, str]] = {
    # kind or category: role of the section, level and heading of a new one
    "metric": ("metric", 3, "Key Metrics"),
    "alert": ("alert", 3, "Key Alerts"),
    "maintenance": ("maintenance", 3, "Regular Maintenance Tasks"),
    "maintenance_window": ("maintenance_window", 3, "Scheduled Maintenance Windows"),
    "contact": ("contact", 3, "Primary Contacts"),
    "escalation": ("escalation", 3, "Escalation Matrix"),
    "severity_level": ("severity", 3, "Severity Levels"),
    "external_dependency": ("external", 3, "External Dependencies"),
    "change": ("change_log", 2, "Change Log"),
    "issue": ("issue", 2, "Common Issues"),
    "command": ("command", 2, "Useful Commands"),
    "dashboard": ("dashboard", 3, "Dashboards"),
    "log": ("log", 3, "Log Locations"),
    "reference": ("reference", 2, "Documentation References"),
    "configuration": ("configuration", 3, "Configuration Management"),
    "daily": ("daily", 3, "Daily Operations"),
    "weekly": ("weekly", 3, "Weekly Operations"),
    "monthly": ("monthly", 3, "Monthly Operations"),
    "standard": ("standard", 3, "Other Operations"),
    "emergency": ("emergency", 2, "Emergency Procedures"),
    "service_management": ("service_management", 2, "Service Management"),
    "field": ("service_info", 2, "Service Information"),
}
LAST_RESORT = ("", 1, "More")


@dataclass(frozen=True, slots=True)
class Place:
    """Where to insert: the offset, whether the section is there, and the value names of its still empty table."""

    at: int
    level: int
    title: str
    found: bool
    columns: tuple[str, ...] = ()


class Places:
    """The outline of a document, read when the first new record asks for it."""

    def __init__(self, text: str) -> None:
        self.source = Source(text)
        nodes = read_blocks(make_parser().parse(self.source.markdown(front_matter_end(self.source))), self.source)
        self.root = build(nodes, self.source.count)

    def section_for(self, record: Record) -> Place:
        """The end of the innermost section that is about such records, or the end of the document."""
        role, level, title = HOMES.get(record.text("category") or record.kind.value, LAST_RESORT)
        section = self._section(role)
        if section is None:
            return Place(len(self.source.text), level, title, found=False)
        table = _empty_table(section, record.kind)
        if table is not None:
            names = {clean.key(head): name for head, name in TABLES[record.kind]}
            columns = tuple(names[clean.key(cell.text)] for cell in table.rows[0].cells)
            return Place(self.source.start_of(table.last), section.level, title, found=True, columns=columns)
        return Place(self.source.start_of(self._end_of_text(section)), section.level, title, found=True)

    def _section(self, role: str) -> Section | None:
        found = [s for s in self.root.walk() if s.heading is not None and not s.is_title() and _role(s) == role]
        return max(found, key=lambda s: s.depth, default=None)

    def _end_of_text(self, section: Section) -> int:
        """The line behind the section's last text, so that blank lines stay before the next heading."""
        last = section.last
        while last > section.first + 1 and not self.source.raw(last - 1).strip():
            last -= 1
        return last

    def level_at(self, offset: int) -> int:
        """The heading level of a record that begins at `offset`; one below its section if it has no heading."""
        line = self._line_at(offset)
        inside = [s for s in self.root.walk() if s.heading is not None and s.first <= line < s.last]
        if not inside:
            return 2
        innermost = inside[-1]
        return innermost.level if innermost.first == line else innermost.level + 1

    def _line_at(self, offset: int) -> int:
        return sum(1 for start in self.source.starts if start <= offset) - 1

    def columns(self, row: Record) -> list[str]:
        """The value name of each column of a table row; "" for a column without one."""
        raw = self.source.text[row.start : row.end].rstrip("\r\n")
        edges = [0, *(match.end() for match in _BAR.finditer(raw)), len(raw) + 1]
        if raw.lstrip(" \t>").startswith("|"):
            edges.pop(0)
        if raw.rstrip().endswith("|"):
            edges.pop()
        spans = list(pairwise(edges))
        starts = {name: value.start - row.start for name, value in row.values.items() if value.writable}
        return [next((n for n, at in starts.items() if left <= at < right), "") for left, right in spans]

    @staticmethod
    def renumbered(line: str, number: int) -> str:
        """The first line of a numbered step with another number; other lines as they are."""
        return _NUMBER.sub(lambda m: f"{m[1]}{number}{m[3]}", line)


def _role(section: Section) -> str:
    frequency = frequency_of(section.key)
    if frequency in ("daily", "weekly", "monthly"):
        return frequency
    return role_of(section.key)


def _empty_table(section: Section, kind: Kind) -> Node | None:
    """The section's table of the template's columns that has no row yet."""
    heads = {clean.key(head) for head, _ in TABLES.get(kind, ())}
    for node in section.body:
        if node.kind == "table" and len(node.rows) == 1 and {clean.key(c.text) for c in node.rows[0].cells} <= heads:
            return node
    return None
