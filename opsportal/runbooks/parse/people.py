"""Whom to reach and in which order, where it stands in lists or below headings: contacts, ladder rungs, severities,
outside suppliers."""

from __future__ import annotations

import re
from itertools import pairwise

from opsportal.runbooks.document import Kind, Record, Value
from opsportal.runbooks.parse import clean, spans, words
from opsportal.runbooks.parse.addresses import CHANNEL
from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.build import Build, section_title
from opsportal.runbooks.parse.entries import Entry, entries_of
from opsportal.runbooks.parse.labels import parts_of
from opsportal.runbooks.parse.outline import Section

_LEVEL = re.compile(
    r"^(l|level|tier|niveau|stufe|nivel|escalation|line|ebene|级别|第)[ -]?\d|^(first|second|third|1st|2nd|3rd) (line|level|tier)\b|^[一二三]级"
)
SEVERITY = re.compile(
    r"^(sev|severity|severite|p|s|priority|prio)[ -]?\d|^(critical|high|medium|moderate|low|minor|major|info|informational|warning|emergency|blocker|urgent|kritisch|hoch|mittel|niedrig|critique|eleve|moyen|faible|critico|critica|alto|alta|medio|media|bajo|baja|baixo|baixa)( (severity|priority|alerts?|issues?|incidents?|priorite|prioritat))?$|^(紧急|严重|[高中低])"
)
_ARROW = re.compile(r"(?<![ \t])[ \t]*(?:→|->|=>|➡️?)[ \t]*")
_TIME = re.compile(
    r"\d+[ ]?(?:min|m\b|h\b|hour|hrs|分钟|小时|std)|immediate|sofort|immediat|\b(?:business|working|next)[ ]day|\bdays?\b",
    re.I,
)


def read_severities(node: Node, section: Section, build: Build) -> list[Record]:
    """Severity definitions of a list: `- **Critical**: respond within …`; at least two, else the list is something else."""
    entries = [entry for entry in entries_of(node) if entry.label and SEVERITY.match(entry.label.key)]
    if len(entries) < 2 or len(entries) * 2 < len(node.children):
        return []
    found = []
    for entry in entries:
        label = entry.label
        value = entry.value(build.source)
        name = "response_time" if value and _TIME.search(value.text) else "description"
        values = {"name": spans.from_line(label.written) if label else None, name: value}
        found.append(build.record(Kind.SEVERITY_LEVEL, entry.rows, values, style="list", section=section))
    return found


def read_severity_headings(section: Section, build: Build) -> list[Record]:
    """Severities that are headings: `### SEV-1 – Everything stops` with their definition below."""
    named = [child for child in section.children if SEVERITY.match(clean.fold(child.name)) and not child.children]
    found = []
    for child in named if len(named) > 1 else []:
        child.role = "taken"
        body = [node for node in child.body if node.kind not in ("rule", "html")]
        values = {"name": section_title(child), "description": build.value(body)}
        build.take(*child.body)
        rows = (child.first, child.last)
        found.append(build.record(Kind.SEVERITY_LEVEL, rows, values, style="heading", section=section))
    return found


def read_rungs(node: Node, section: Section, build: Build) -> list[Record]:
    """The rungs of a ladder written as a list; none unless most entries name a level, a role or a time."""
    entries = entries_of(node)
    likely = [entry for entry in entries if _is_rung(entry)]
    if len(likely) * 5 < len(entries) * 3 or len(entries) < 2:
        return []
    return [_rung(entry, section, build) for entry in entries if entry.lines]


def _is_rung(entry: Entry) -> bool:
    text = clean.fold(entry.name)
    key = entry.label.key if entry.label else text
    if _LEVEL.match(key) or words.TIME_BOX.search(entry.name):
        return True
    return words.names_role(text) and (
        not words.begins_action(text) or bool(_TIME.search(entry.name)) or len(text) < 60
    )


def _rung(entry: Entry, section: Section, build: Build) -> Record:
    label = entry.label
    value = entry.value(build.source)
    values: dict[str, Value | None] = {}
    if label and value and _LEVEL.match(label.key):
        values = {"level": spans.from_line(label.written), "contact": value}
    elif label and value and words.names_role(label.key):
        values = {"contact": spans.from_line(label.written), "when": value}
    elif label and value:
        values = {"when": spans.from_line(label.written), "contact": value}
    else:
        values = _in_brackets(entry, build)
    for nested in entry.nested:
        _add_nested(values, nested, build)
    return build.record(
        Kind.ESCALATION,
        entry.rows,
        values,
        style=entry.item.marker,
        section=section,
        name=entry.name if not (label and value) else label.name,
    )


def _in_brackets(entry: Entry, build: Build) -> dict[str, Value | None]:
    """`On-call engineer (0-15 min)`: who, and in brackets when."""
    line = entry.line
    match = re.match(r"(?P<who>[^()]+)\((?P<when>[^()]+)\)[ .]*$", line.text)
    if not match or len(entry.lines) > 1:
        return {"contact": entry.whole(build.source)}
    return {
        "contact": spans.from_line(line.cut(*match.span("who"))),
        "when": spans.from_line(line.cut(*match.span("when"))),
    }


def _add_nested(values: dict[str, Value | None], node: Node, build: Build) -> None:
    """Bullets below a rung: `Contact: …`, `Escalate after: …`."""
    for entry in entries_of(node) if node.is_list else []:
        value = entry.value(build.source)
        if entry.label and value:
            key = "when" if re.search(r"when|after|time|if|criteria|trigger", entry.label.key) else "contact"
            if key not in values or values[key] is None:
                values[key] = value


def read_chain(node: Node, section: Section, build: Build) -> list[Record]:
    """Rungs in one line: `Primary → Secondary → Team lead`."""
    found = []
    for offset, line in enumerate(node.lines):
        edges = [0, *(match.end() for match in _ARROW.finditer(line.text)), len(line.text)]
        if len(edges) < 4:
            continue
        for left, right in pairwise(edges):
            piece = line.cut(left, right)
            match = _ARROW.search(piece.text + " ")
            piece = piece.cut(0, match.start() if match else None)
            row = node.first + offset
            values = {"contact": spans.from_line(piece)}
            found.append(
                build.record(
                    Kind.ESCALATION, (row, row + 1), values, style="chain", section=section, name=clean.name(piece.text)
                )
            )
    return found


def read_rung_headings(section: Section, build: Build) -> list[Record]:
    """Rungs written as headings or bold labels: `### Level 1 – On-call`, `**Level 2: DBA**`."""
    found = []
    for child in section.children:
        if _LEVEL.match(clean.fold(child.name)) or words.TIME_BOX.search(child.name):
            values: dict[str, Value | None] = {"level": section_title(child)}
            for node in child.body:
                _add_nested(values, node, build)
            child.role = "taken"
            found.append(
                build.record(
                    Kind.ESCALATION,
                    (child.first, child.last),
                    values,
                    style="heading",
                    section=section,
                    name=child.name,
                )
            )
    for part in parts_of(build.free(section.body)):
        if part.label and part.label.bold and _LEVEL.match(clean.fold(part.label.name)):
            values = {"level": spans.from_line(spans.unwrap(part.label.written))}
            if part.label.value.text:
                values["contact"] = spans.from_line(part.label.value)
            for node in part.nodes:
                _add_nested(values, node, build)
            build.take(*part.blocks)
            found.append(
                build.record(
                    Kind.ESCALATION,
                    (part.first, part.last),
                    values,
                    style="bold",
                    section=section,
                    name=part.label.name,
                )
            )
    return found


def read_dependencies(node: Node, section: Section, build: Build) -> list[Record]:
    """Outside suppliers of a list: `- **Vendor**: how to reach it`."""
    found = []
    for entry in entries_of(node):
        if entry.label and entry.label.value.text:
            values = {
                "service": spans.from_line(spans.unwrap(entry.label.written)),
                "contact": entry.value(build.source),
            }
            found.append(build.record(Kind.EXTERNAL_DEPENDENCY, entry.rows, values, style="list", section=section))
    return found


def has_channel(text: str) -> bool:
    return bool(CHANNEL.search(text))
