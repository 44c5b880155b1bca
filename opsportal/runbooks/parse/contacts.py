"""Contacts in lists, in lines of their own, or as channels below a heading that names a team."""

from __future__ import annotations

import re

from opsportal.runbooks.document import Form, Kind, Record, Value
from opsportal.runbooks.parse import clean, spans, words
from opsportal.runbooks.parse.addresses import EMAIL, PHONE, address_kind, has_address, is_placeholder
from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.build import Build
from opsportal.runbooks.parse.entries import Entry, entries_of
from opsportal.runbooks.parse.labels import read_label
from opsportal.runbooks.parse.outline import Section
from opsportal.runbooks.parse.people import SEVERITY
from opsportal.runbooks.parse.source import Line

_CHANNEL_KEY = re.compile(
    r"^(e ?mails?|mail|phone|telephone|tel|mobile|cell|slack( channel)?|teams( channel)?|chat|pager( ?duty)?|opsgenie|contact|hours|availab\w+|time ?zone|name|backup|handle|telefon|courriel|correo|电话|邮箱|手机|微信)$"
)
_VALUE_KEYS = (
    ("email", re.compile(r"mail|courriel|correo|邮箱")),
    ("phone", re.compile(r"phone|tel|mobile|cell|电话|手机")),
    ("hours", re.compile(r"hours|availab|zone")),
    ("backup", re.compile(r"backup")),
    ("name", re.compile(r"^name$")),
)


def read_contacts(node: Node, section: Section, build: Build) -> list[Record]:
    """Contacts of a list: `- **CTO**: +1 …`, `- Primary: [name]`, or a role with `Phone:` and `Email:` nested below."""
    entries = entries_of(node)
    if entries and all(entry.label and _CHANNEL_KEY.match(entry.label.key) for entry in entries):
        return _one_contact(entries, section, build)
    found = (_contact(entry, section, build) for entry in entries)
    return [record for record in found if record]


def _contact(entry: Entry, section: Section, build: Build) -> Record | None:
    label = entry.label
    if label is None:
        nested = any(node.is_list for node in entry.nested)
        if not (nested or has_address(entry.text)) or not words.names_role(clean.fold(entry.name)):
            return None
        values: dict[str, Value | None] = {"role": entry.whole(build.source)}
        name = entry.name
    else:
        value = entry.value(build.source)
        role = words.names_role(label.key) and not words.begins_action(label.key)
        reach = bool(value and (has_address(value.text) or is_placeholder(value.text)))
        if (
            SEVERITY.match(label.key)
            or _CHANNEL_KEY.match(label.key)
            or not (role or (reach and value and address_kind(value.text)))
        ):
            return None
        values = {"role": spans.from_line(spans.unwrap(label.written)), **_of_entry(entry, build)}
        name = label.name
    for node in entry.nested:
        for inner in entries_of(node) if node.is_list else []:
            _add_channel(values, inner, build)
    return build.record(Kind.CONTACT, entry.rows, values, style="list", section=section, name=name)


def read_contact_lines(node: Node, section: Section, build: Build) -> list[Record]:
    """The contacts of a paragraph all of whose lines are a role in bold with who fills it or how to reach them."""
    labels = [read_label(line) for line in node.lines]
    named = [label for label in labels if label and label.bold and label.value.text and words.names_role(label.key)]
    if len(named) < len(node.lines):
        return []
    found = []
    for offset, label in enumerate(named):
        rows = (node.first + offset, node.first + offset + 1)
        values = {"role": spans.from_line(spans.unwrap(label.written)), **addresses(label.value)}
        found.append(build.record(Kind.CONTACT, rows, values, style="keyvalue", section=section, name=label.name))
    return found


def addresses(line: Line) -> dict[str, Value | None]:
    """E-mail and number of a line, and what stands before them as the name; a line without either is all name."""
    email = EMAIL.search(line.text)
    rest = line.text.replace(email[0], "") if email else line.text
    phone = PHONE.search(line.text) if address_kind(rest) == "phone" else None
    found: dict[str, Value | None] = {}
    if email:
        found["email"] = _piece(line, email)
    if phone:
        found["phone"] = _piece(line, phone)
    if not found:
        return {"name": spans.from_line(line)} if line.text else {}
    first = min(match.start() for match in (email, phone) if match)
    before = line.cut(0, first)
    lead = before.cut(0, len(before.text.rstrip(" ,;(<[-–—|:")))
    if re.search(r"\w", lead.text) and "mailto" not in lead.text:
        found["name"] = spans.from_line(lead)
    return found


def _piece(line: Line, match: re.Match[str]) -> Value:
    piece = line.cut(match.start(), match.end())
    if piece.start < 0:
        return spans.derived(piece.text)
    return Value(piece.text, piece.start, piece.end, Form.INLINE)


def _of_entry(entry: Entry, build: Build) -> dict[str, Value | None]:
    """The addresses behind an entry's key; a name may go on over several lines."""
    found = addresses(entry.label.value) if entry.label else {}
    return {"name": entry.value(build.source)} if set(found) == {"name"} else found


def _add_channel(values: dict[str, Value | None], entry: Entry, build: Build) -> None:
    if entry.label:
        key = next((name for name, pattern in _VALUE_KEYS if pattern.search(entry.label.key)), "")
        if key and key not in values:
            values[key] = entry.value(build.source)
            return
    for name, value in addresses(entry.line).items():
        if name in ("email", "phone"):
            values.setdefault(name, value)


def _one_contact(entries: list[Entry], section: Section, build: Build) -> list[Record]:
    """`Slack`, `Email` and `Phone` below a heading that names the team."""
    if not words.names_role(section.key) or section.role == "contact":
        return []
    values: dict[str, Value | None] = {"role": spans.derived(section.name)}
    for entry in entries:
        _add_channel(values, entry, build)
    rows = (entries[0].item.first, entries[-1].item.last)
    return [build.record(Kind.CONTACT, rows, values, style="heading", section=section, name=section.name)]
