"""Whether the places a document gives for its values are right: what an exporter relies on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from opsportal.runbooks.document import Document, Form, Record, Value
from opsportal.runbooks.parse.spans import read_back

_LINE_STARTS = re.compile(r"\r\n|\n|\r")


def faults(document: Document) -> list[str]:
    """What is wrong with the spans of a document, as sentences; an empty list is right."""
    starts = {0, 1, len(document.text), *(match.end() for match in _LINE_STARTS.finditer(document.text))}
    keys = [record.key for record in document.walk()]
    found = [] if len(keys) == len(set(keys)) else ["keys recur"]
    for record in document.walk():
        found += [f"{record.key}: {fault}" for fault in _of_record(record, document.text, starts)]
    return found


def _of_record(record: Record, text: str, starts: set[int]) -> Iterator[str]:
    if not 0 <= record.start <= record.end <= len(text) or record.start not in starts or record.end not in starts:
        yield f"covers no whole lines: {record.start}..{record.end}"
    for name, value in record.values.items():
        yield from _of_value(name, value, record, text)
    written = [(value.start, value.end) for value in record.values.values() if value.form is not Form.DERIVED]
    if any(end > start for (_, end), (start, _) in pairwise(sorted(written))):
        yield "its values overlap"
    for child in record.children:
        if not record.start <= child.start <= child.end <= record.end:
            yield f"its child {child.key} lies outside"
    for block in record.blocks:
        if block.start >= 0 and not block.start <= block.end <= len(text):
            yield "a block lies outside the text"


def _of_value(name: str, value: Value, record: Record, text: str) -> Iterator[str]:
    if value.form is Form.DERIVED:
        if value.start != -1:
            yield f"{name} is derived and has a place"
        return
    if not record.start <= value.start <= value.end <= record.end:
        yield f"{name} lies outside its record"
    if read_back(text, value) != value.text:
        yield f"{name} reads {read_back(text, value)!r}, not {value.text!r}"
