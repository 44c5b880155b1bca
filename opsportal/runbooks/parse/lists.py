"""Lists by the role of their section: contacts, rungs, severities, metrics, alerts, maintenance, links, changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from opsportal.runbooks.document import Kind, Record, Value
from opsportal.runbooks.parse import catalog, clean, contacts, headings, issues, measures, people, spans, words
from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.build import Build, section_title
from opsportal.runbooks.parse.entries import entries_of, is_checklist
from opsportal.runbooks.parse.labels import parts_of
from opsportal.runbooks.parse.outline import Section

Reader = Callable[[Node, Section, Build], list[Record]]

_READ_BELOW = frozenset(("", "steps", "owner", "frequency", "response_time", "severity", "duration"))
_NO_MAINTENANCE = frozenset(
    ("issue", "contact", "escalation", "severity", "alert", "reference", "toc", "change_log", "external", "roles")
)
_TALK = re.compile(r"communicat|updates?$|reports?$|reporting|stand ?up|meetings?|newsletter")
_DATED = re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|^v?\d+\.\d+")
_WINDOW = (
    ("day_time", re.compile(r"day|time|when|schedule|window|tag|zeit|jour|heure|dia|hora|时间")),
    ("duration", re.compile(r"duration|length|dauer|duree|duracion|duracao|时长")),
    ("notification", re.compile(r"notif|communicat|announce|benachricht|avis|通知")),
    ("rollback", re.compile(r"roll ?back|back ?out|revert|ruckfall|回滚")),
)


def read_lists(section: Section, role: str, build: Build) -> list[Record]:
    """The records of the lists in a section's own text; a list that gives none is left for others."""
    found: list[Record] = []
    for part in parts_of(build.free(section.body)):
        for node in part.nodes if part.role in _READ_BELOW else []:
            records = _read(node, section, role, build) if node.is_list and not is_checklist(node) else []
            if records:
                build.take(node, *([part.head] if part.head and part.head.last - part.head.first == 1 else []))
                found.extend(records)
    if role == "escalation" and found:
        return found
    beside = _BESIDE_LISTS.get(role)
    return found + beside(section, build) if beside else found


def _ladder(section: Section, build: Build) -> list[Record]:
    """A ladder of headings or bold labels, or of one line with arrows."""
    return people.read_rung_headings(section, build) or _chains(section, build)


def _contact_lines(section: Section, build: Build) -> list[Record]:
    """Contacts in lines of their own: `**Primary:** who, and how to reach them`."""
    found: list[Record] = []
    for node in build.free(section.body):
        if node.kind == "paragraph" and (records := contacts.read_contact_lines(node, section, build)):
            build.take(node)
            found.extend(records)
    return found


def _chains(section: Section, build: Build) -> list[Record]:
    found: list[Record] = []
    for node in build.free(section.body):
        if node.kind == "paragraph" and len(node.lines) == 1 and (records := people.read_chain(node, section, build)):
            build.take(node)
            found.extend(records)
    return found


def _read(node: Node, section: Section, role: str, build: Build) -> list[Record]:
    reader = _READERS.get(role)
    records = reader(node, section, build) if reader else []
    if records or node.kind != "bullets" or role in _NO_MAINTENANCE:
        return records
    recurs = headings.frequency_of(clean.fold(section.name)) and not _TALK.search(section.key)
    if recurs and not measures.is_time_only(section) and not measures.is_schedule(node):
        return measures.read_task_heading(node, section, build)
    if recurs or measures.is_schedule(node):
        return measures.read_maintenance(node, section, build)
    return records


def _contact_or_rung(node: Node, section: Section, build: Build) -> list[Record]:
    return contacts.read_contacts(node, section, build) or (
        people.read_rungs(node, section, build) if node.kind == "ordered" else []
    )


def _rung_or_severity(node: Node, section: Section, build: Build) -> list[Record]:
    return people.read_severities(node, section, build) or people.read_rungs(node, section, build)


def _metric(node: Node, section: Section, build: Build) -> list[Record]:
    return people.read_severities(node, section, build) or measures.read_metrics(node, section, build)


def _links(category: str) -> Reader:
    return lambda node, section, build: catalog.read_links(node, category, section, build)


def _window(node: Node, section: Section, build: Build) -> list[Record]:
    """The bullets of one maintenance window: when, how long, who is told, how to go back."""
    values: dict[str, Value | None] = {}
    extra: dict[str, str] = {}
    for entry in entries_of(node):
        key = entry.label.key if entry.label else ""
        name = next((name for name, pattern in _WINDOW if key and pattern.search(key) and name not in values), "")
        if name:
            values[name] = entry.value(build.source)
        elif entry.label and entry.label.value.text:
            extra[entry.label.name] = entry.label.value.text
    if not values:
        return []
    record = build.record(Kind.MAINTENANCE_WINDOW, (node.first, node.last), values, style="list", section=section)
    record.extra = extra
    return [record]


def _changes(node: Node, section: Section, build: Build) -> list[Record]:
    found = []
    for entry in entries_of(node):
        if entry.label and entry.label.value.text and _DATED.search(entry.label.name):
            values = {"date": spans.from_line(spans.unwrap(entry.label.written)), "change": entry.value(build.source)}
            found.append(build.record(Kind.CHANGE, entry.rows, values, style="list", section=section))
    return found


def _version_headings(section: Section, build: Build) -> list[Record]:
    """Entries written as `### Version 2.0.0 (2026-02-19)` with bullets below."""
    found = []
    for child in section.children:
        if not (_DATED.search(child.name) or re.search(r"\bversion\b|\bv?\d+\.\d+", child.name, re.I)):
            continue
        nodes = [node for node in child.body if node.kind != "rule"]
        values = {"date": section_title(child), "change": build.value(nodes)}
        build.take(*child.body)
        child.role = "taken"
        rows = (child.first, child.last)
        found.append(build.record(Kind.CHANGE, rows, values, style="heading", section=section))
    return found


def _maintenance(node: Node, section: Section, build: Build) -> list[Record]:
    return measures.read_maintenance(node, section, build) if not words.label_role(section.key) else []


_BESIDE_LISTS: Mapping[str, Callable[[Section, Build], list[Record]]] = {
    "contact": _contact_lines,
    "escalation": _ladder,
    "severity": people.read_severity_headings,
    "change_log": _version_headings,
}
_READERS: Mapping[str, Reader] = {
    "contact": _contact_or_rung,
    "escalation": _rung_or_severity,
    "severity": people.read_severities,
    "external": people.read_dependencies,
    "metric": _metric,
    "alert": measures.read_alerts,
    "maintenance": _maintenance,
    "maintenance_window": _window,
    "dashboard": _links("dashboard"),
    "log": _links("log"),
    "reference": _links("reference"),
    "change_log": _changes,
    "command": catalog.read_command_list,
    "issue": issues.read_issue_list,
}
