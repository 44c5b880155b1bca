"""Sections without a heading: bold labels and list entries that head a part of their own, as `**Escalation:**` or
`2. **SLA targets**` with bullets below."""

from __future__ import annotations

from dataclasses import replace

from opsportal.runbooks.parse import clean, words
from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.build import Build
from opsportal.runbooks.parse.entries import Entry, entries_of
from opsportal.runbooks.parse.headings import role_of
from opsportal.runbooks.parse.labels import Label, Part, parts_of
from opsportal.runbooks.parse.outline import Section
from opsportal.runbooks.parse.source import Line
from opsportal.runbooks.parse.wordset import word_set

_ROLES = word_set(
    """
    metric contact escalation severity alert external maintenance dashboard log reference maintenance_window
    change_log
    """
)


def sections_in(section: Section, role: str, build: Build) -> list[Section]:
    """The parts of a section's own text that are sections in all but form; their blocks are theirs now."""
    found: list[Section] = []
    for part in parts_of(build.free(section.body)):
        if part.label and _heads_section(part, part.label, role):
            found.append(_of_part(part, part.label, section))
            build.take(*part.blocks)
    for node in build.free(section.body):
        if node.kind == "ordered" and _is_list_of_sections(node):
            found.extend(_of_entry(entry, section) for entry in entries_of(node))
            build.take(node)
    return found


def _heads_section(part: Part, label: Label, role: str) -> bool:
    if not label.bold or label.value.text or label.number or not part.nodes:
        return False
    if role == "issue" and not label.role and words.names_failure(label.key):
        return True
    about = role_of(label.key)
    listed = any(node.is_list or node.kind == "table" for node in part.nodes)
    return listed and about in _ROLES and about != role and not label.role and not words.TIME_BOX.search(label.name)


def _of_part(part: Part, label: Label, parent: Section) -> Section:
    nodes = [replace(node) for node in part.nodes]  # these are read again, below the label
    return _virtual(label.name, label.written, nodes, (part.first, part.last), parent)


def _is_list_of_sections(node: Node) -> bool:
    """A list whose entries are headings in all but form: no actions, each with a list below, one about a known thing."""
    entries = entries_of(node)
    plain = all(
        entry.nested and all(block.is_list for block in entry.nested) and not words.begins_action(clean.key(entry.name))
        for entry in entries
    )
    return plain and any(role_of(clean.key(entry.name)) in _ROLES for entry in entries) and len(entries) > 1


def _of_entry(entry: Entry, parent: Section) -> Section:
    written = entry.label.written if entry.label and entry.label.bold else entry.line
    return _virtual(entry.name, written, entry.nested, entry.rows, parent)


def _virtual(name: str, written: Line, nodes: list[Node], rows: tuple[int, int], parent: Section) -> Section:
    heading = Node("heading", rows[0], rows[0] + 1, lines=[written])
    key = clean.key(name)
    made = Section(
        heading, parent.level + 1, rows[0], rows[1], parent, list(nodes), [], name, clean.name(name), key, role_of(key)
    )
    made.virtual = True
    made.depth = parent.depth + 1
    return made
