"""Records as JSON: where each record and value stands in a revision's source.

Kept with the revision, so that a later parser which sees the document differently cannot misplace an edit.
A record is [kind, key, line, start, end, style, {name: [text, start, end, form, indent, marker]}, [children],
[[block kind, text, lang, start, end]], extra, path].
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from opsportal.runbooks.document import Block, Form, Kind, Record, Value
from opsportal.runbooks.mapping import clean


def dump(records: Iterable[Record]) -> list[Any]:
    return [_dump(record) for record in records]


def load(data: Iterable[Any]) -> list[Record]:
    return [_load(item) for item in data]


def _dump(record: Record) -> list[Any]:
    return [
        record.kind.value,
        record.key,
        record.line,
        record.start,
        record.end,
        record.style,
        {name: [clean(v.text), v.start, v.end, v.form.value, v.indent, v.marker] for name, v in record.values.items()},
        dump(record.children),
        [[block.kind, clean(block.text), clean(block.lang), block.start, block.end] for block in record.blocks],
        {clean(name): clean(text) for name, text in record.extra.items()},
        [clean(part) for part in record.path],
    ]


def _load(item: Any) -> Record:
    kind, key, line, start, end, style, values, children, blocks, extra, path = item
    return Record(
        kind=Kind(kind),
        key=key,
        line=line,
        start=start,
        end=end,
        style=style,
        values={name: Value(v[0], v[1], v[2], Form(v[3]), v[4], v[5]) for name, v in values.items()},
        children=load(children),
        blocks=[Block(*block) for block in blocks],
        extra=extra,
        path=tuple(path),
    )
