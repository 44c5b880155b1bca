"""What is looked up: commands of a catalogue, dashboards, log locations, references."""

from __future__ import annotations

import re

from opsportal.runbooks.document import Form, Kind, Record, Value
from opsportal.runbooks.parse import clean, code, spans
from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.build import Build, section_title
from opsportal.runbooks.parse.entries import Entry, entries_of
from opsportal.runbooks.parse.labels import Part
from opsportal.runbooks.parse.outline import Section
from opsportal.runbooks.parse.source import Line

_LINK = re.compile(r"^\[(?P<label>[^\[\]\n]{1,200})\]\((?P<target>[^()\s]{1,500})(?:[ ]+\"[^\"]*\")?\)")
_SPAN = re.compile(r"`[^`]+`[.]?$")
_BARE = re.compile(r"^<?(?P<target>https?://[^\s<>]+)>?$")


def read_commands(parts: list[Part], section: Section, build: Build) -> list[Record]:
    """Commands of a catalogue: one per comment that labels it, else one per fence under its own label or heading."""
    found = []
    for part in parts:
        lead: Node | None = None
        for node in part.nodes:
            if node.kind == "fence" and code.is_runnable(node):
                found.extend(_commands(node, part, lead, section, build))
                build.take(node, *([lead] if lead else []), *([part.head] if part.head else []))
            lead = node if node.kind == "paragraph" else None
    return found


def _commands(node: Node, part: Part, lead: Node | None, section: Section, build: Build) -> list[Record]:
    group = spans.derived(section.name)
    language = spans.derived(code.language(node.info))
    pieces = code.split(node)
    if pieces[0].comment < 0:
        label = _label(part, lead, section, build)
        values = {"label": label, "code": spans.from_code(node, build.source), "lang": language, "group": group}
        rows = (part.first if part.label else lead.first if lead else node.first, node.last)
        return [build.record(Kind.COMMAND, rows, values, style="code", section=section, name=clean.name(label.text))]
    found = []
    for piece in pieces:
        line = node.lines[piece.comment]
        label = spans.from_line(line.cut(piece.column + clean.number_length(line.text[piece.column :])))
        values = {"label": label, "code": _piece_code(node, piece, build), "lang": language, "group": group}
        rows = (node.first + 1 + piece.comment, node.first + 1 + piece.last)
        found.append(build.record(Kind.COMMAND, rows, values, style="code", section=section, name=label.text))
    return found


def _piece_code(node: Node, piece: code.Piece, build: Build) -> Value:
    lines = node.lines[piece.comment + 1 : piece.last]
    while lines and not lines[-1].text.strip():
        lines = lines[:-1]
    part = Node("code", node.first + 1 + piece.comment + 1, node.first + 1 + piece.last, lines=lines)
    return spans.from_code(part, build.source)


def _label(part: Part, lead: Node | None, section: Section, build: Build) -> Value:
    if part.label:
        return spans.from_line(spans.unwrap(part.label.written))
    if lead:
        line = lead.lines[-1]
        return spans.from_line(line.cut(0, len(line.text.rstrip(" :："))))
    return spans.derived(section_title(section).text)


def read_command_list(node: Node, section: Section, build: Build) -> list[Record]:
    """Commands of a list: `- Start: `systemctl start x``, a label and one code span each."""
    found = []
    for entry in entries_of(node):
        value = entry.value(build.source)
        if entry.label and value and _SPAN.match(entry.label.value.text):
            values = {
                "label": spans.from_line(spans.unwrap(entry.label.written)),
                "code": value,
                "group": spans.derived(section.name),
            }
            found.append(
                build.record(Kind.COMMAND, entry.rows, values, style="list", section=section, name=entry.label.name)
            )
    return found if len(found) * 2 > len(node.children) else []


def read_links(node: Node, category: str, section: Section, build: Build) -> list[Record]:
    """Links of a list: `- **Label**: target`, `- [Label](target)`, `- label` alone in a list of references."""
    found = []
    for entry in entries_of(node):
        values = _link_values(entry, build)
        if values and (category == "reference" or "target" in values):
            values["category"] = spans.derived(category)
            found.append(build.record(Kind.LINK, entry.rows, values, style="list", section=section))
    return found


def _link_values(entry: Entry, build: Build) -> dict[str, Value | None]:
    line = entry.line
    if link := _LINK.match(line.text):
        return {"label": _piece(line, link, "label"), "target": _piece(line, link, "target")}
    if bare := _BARE.match(line.text):
        return {"label": spans.derived(bare["target"]), "target": _piece(line, bare, "target")}
    if entry.label and entry.label.value.text:
        return {"label": spans.from_line(spans.unwrap(entry.label.written)), "target": entry.value(build.source)}
    return {"label": entry.whole(build.source)} if entry.lines else {}


def _piece(line: Line, match: re.Match[str], group: str) -> Value:
    if line.start < 0:
        return spans.derived(match[group])
    return Value(match[group], line.start + match.start(group), line.start + match.end(group), Form.INLINE)
