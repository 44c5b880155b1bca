"""Collect what differs between a document and the records that stand, and write only these places anew."""

from __future__ import annotations

from opsportal.runbooks.document import Form, Kind, Record
from opsportal.runbooks.render.places import Places
from opsportal.runbooks.render.rewriting import Rewriter
from opsportal.runbooks.render.steps import procedure_steps
from opsportal.runbooks.render.template import LABELS, LISTS, TABLES, WRITERS, bullets, row, table
from opsportal.runbooks.render.write import Edit, newline_of, one_line, splice, written
from opsportal.runbooks.trees import Node


class Writer:
    """Edits of one document. `text()` makes them all; whatever none of them touches keeps its bytes."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.newline = newline_of(source)
        self.edits: list[Edit] = []
        self._places: Places | None = None

    def text(self) -> str:
        return splice(self.source, self.edits)

    def set(self, record: Record, name: str, text: str) -> None:
        """Write a value: in its place, or as a new labelled line of its record; derived values cannot be written."""
        value = record.values.get(name)
        if value is not None and value.writable:
            self.edits.append(Edit(value.start, value.end, written(value, text, self.newline)))
        elif value is None and text and name in LISTS and record.kind in (Kind.PROCEDURE, Kind.ISSUE):
            self._insert_list(record, name, text)
        elif value is None and text and name in LABELS and record.kind in (Kind.PROCEDURE, Kind.SERVICE):
            self._insert_label(record, name, text)

    def _insert_list(self, record: Record, name: str, text: str) -> None:
        """A new `**Label**:` with its list, behind everything else that the record says."""
        lines = ["", f"**{LISTS[name]}**:", *bullets(text)]
        self.edits.append(Edit(record.end, record.end, self._on_own_line(record.end, *lines)))

    def _insert_label(self, record: Record, name: str, text: str) -> None:
        """A new `**Label**: text` behind the last labelled line, or below the heading."""
        inline = [v for v in record.values.values() if v.writable and v.form in (Form.INLINE, Form.HEADING)]
        at = max((v.end for v in inline), default=record.start)
        at = self._line_end(at)
        line = f"**{LABELS[name]}**: {one_line(text)}"
        self.edits.append(Edit(at, at, self._on_own_line(at, line)))

    def remove(self, record: Record) -> None:
        """Take out the lines of a record."""
        self.edits.append(Edit(record.start, record.end, ""))

    def add(self, record: Record, *, after: Record | None) -> None:
        """Write a new record behind its last sibling, else into its section, else into a new section at the end."""
        if after is not None:
            self._add_sibling(record, after)
        else:
            place = self.places.section_for(record)
            lines = [row(record, place.columns)] if place.columns else self._own_lines(record, place.level + 1)
            lines = lines if place.found else ["", f"{'#' * place.level} {place.title}", "", *lines]
            self.edits.append(Edit(place.at, place.at, self._on_own_line(place.at, *lines)))

    def _add_sibling(self, record: Record, sibling: Record) -> None:
        at = sibling.end
        if record.kind in TABLES and sibling.style == "table":
            lines = [self._table_row(record, sibling)]
        elif record.kind in TABLES:
            lines = self._like(record, sibling)
        else:
            headed = record.kind in (Kind.PROCEDURE, Kind.ISSUE, Kind.COMMAND, Kind.SECTION)
            lines = [*([""] if headed else []), *WRITERS[record.kind](record, self.places.level_at(sibling.start))]
        self.edits.append(Edit(at, at, self._on_own_line(at, *lines)))

    def _table_row(self, record: Record, sibling: Record) -> str:
        """A row with the columns of its sibling's table, in that order."""
        raw = self.source[sibling.start : sibling.end].strip("\r\n")
        lead = raw[: len(raw) - len(raw.lstrip(" \t>"))]
        line = row(record, self.places.columns(sibling))
        return lead + (line if raw.lstrip(" \t>").startswith("|") else line.strip("| "))

    def _like(self, record: Record, sibling: Record) -> list[str]:
        """A record in the form of its sibling, value for value; as the template's table where the form is too small."""
        wanted = {name for name, value in record.values.items() if value.text}
        places = {name: v for name, v in sibling.values.items() if v.writable}
        if not wanted <= set(places) or any(child for child in sibling.children):
            return ["", *table(record.kind, [record])]
        base = sibling.start
        raw = self.source[base : sibling.end].rstrip("\r\n")
        edits = [
            Edit(v.start - base, v.end - base, written(v, record.text(name), self.newline))
            for name, v in places.items()
        ]
        return splice(raw, edits).split(self.newline)

    def _own_lines(self, record: Record, level: int) -> list[str]:
        return table(record.kind, [record]) if record.kind in TABLES else WRITERS[record.kind](record, level)

    def set_steps(self, record: Record, nodes: list[Node]) -> None:
        """Write the steps of a procedure or issue: word by word where only words differ, else their whole part."""
        located = record.children
        if not self._set_words(located, nodes):
            self._rewrite_steps(record, nodes)

    def _set_words(self, located: list[Record], nodes: list[Node]) -> bool:
        """Edit texts in place if the trees have the same shape; False, and nothing done, if they have not."""
        edits: list[Edit] = []
        if not self._same_shape(located, nodes, edits):
            return False
        self.edits += edits
        return True

    def _same_shape(self, located: list[Record], nodes: list[Node], edits: list[Edit]) -> bool:
        known = [r for r in located if r.kind in (Kind.PHASE, Kind.STEP, Kind.SUBSTEP)]
        known = [r for r in known if r.kind is not Kind.PHASE or r.children]
        if [r.key for r in known] != [n.source_key for n in nodes]:
            return False
        return all(self._step_edits(r, n, edits) for r, n in zip(known, nodes, strict=True))

    def _step_edits(self, record: Record, node: Node, edits: list[Edit]) -> bool:
        texts = {"title": node.text} if node.is_phase else {"text": node.text}
        texts |= {} if node.is_phase else {"expected": node.expected, "alert_if": node.alert_if}
        for name, text in texts.items():
            value = record.values.get(name)
            if text == (value.text if value else ""):
                continue
            if value is None or not value.writable:
                return False
            edits.append(Edit(value.start, value.end, written(value, text, self.newline)))
        blocks = [] if node.is_phase else [(b.kind, b.text, b.lang) for b in record.blocks]
        if blocks != [(b["kind"], b["text"], b["lang"]) for b in node.blocks]:
            return False
        if node.is_phase and not node.children:
            return True  # only the heading is asked about
        return record.kind is Kind.SUBSTEP or self._same_shape(record.children, node.children, edits)

    def _rewrite_steps(self, record: Record, nodes: list[Node]) -> None:
        """Write the part with the steps anew; new and changed ones in the template's form, all others as they stand."""
        if any(r.kind is Kind.STEP for r in record.walk()):
            self.edits.append(Rewriter(self.source, self.newline, self._step_edits).edit(record, nodes))
            return
        written = Record(Kind.PROCEDURE, "", 0, 0, 0, children=[node.record() for node in nodes])
        self.edits.append(Edit(record.end, record.end, self._on_own_line(record.end, "", *procedure_steps(written))))

    @property
    def places(self) -> Places:
        if self._places is None:
            self._places = Places(self.source)
        return self._places

    def _line_end(self, offset: int) -> int:
        """The offset behind the line that `offset` lies in."""
        end = self.source.find("\n", offset)
        return len(self.source) if end < 0 else end + 1

    def _on_own_line(self, at: int, *lines: str) -> str:
        """The lines as text to insert at `at`, which is the start of a line or the end of the text."""
        text = self.newline.join(lines) + self.newline if lines else ""
        open_line = at > 0 and self.source[at - 1] not in "\r\n"
        return self.newline + text if open_line else text
