"""Findings of a document while they are gathered: each rule once a line, never what the parser has said already."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from opsportal.runbooks.document import Document, Form, Problem, Record, Severity, Value
from opsportal.runbooks.phrases.tokens import fold

_WORDS = re.compile(r"[^\W_]+")
_FENCE = re.compile(r"[ \t>]{0,40}(`{3,40}|~{3,40})")
_INK = re.compile(r"[^\r\n]")
_LINE_END = re.compile(r"\n")
_TITLES = ("title", "name", "task", "role", "level", "contact", "label")
MOST = 500  # findings of one rule; a document with more is not read by its findings


@dataclass(slots=True)
class Findings:
    """The document under check and what was found in it."""

    document: Document
    problems: list[Problem] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _seen: set[tuple[str, int]] = field(default_factory=set)
    _counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(self.document.text))]
        self._seen = {(problem.rule, problem.line) for problem in self.document.problems}

    def line_at(self, offset: int) -> int:
        return bisect_right(self._starts, offset)

    def line_of(self, record: Record, name: str = "") -> int:
        """Line of a value, or of its record where the value stands nowhere of its own."""
        value = record.values.get(name)
        return self.line_at(value.start) if value and value.start >= 0 and self.document.text else record.line

    def known(self, rule: str, line: int) -> bool:
        return (rule, line) in self._seen

    def add(self, line: int, rule: str, severity: Severity, message: str, hint: str) -> None:
        count = self._counts.get(rule, 0)
        if (rule, line) in self._seen or count >= MOST:
            return
        self._seen.add((rule, line))
        self._counts[rule] = count + 1
        self.problems.append(Problem(line, rule, severity, message, hint))

    def info(self, line: int, rule: str, message: str, hint: str) -> None:
        self.add(line, rule, Severity.INFO, message, hint)

    def warn(self, line: int, rule: str, message: str, hint: str) -> None:
        self.add(line, rule, Severity.WARNING, message, hint)

    def error(self, line: int, rule: str, message: str, hint: str) -> None:
        self.add(line, rule, Severity.ERROR, message, hint)


def key(text: str) -> str:
    """A name reduced to its words, for comparing."""
    return " ".join(_WORDS.findall(fold(text)))


def words(text: str) -> set[str]:
    """The words of a name, camel case taken apart: `HighErrorRate` → high, error, rate."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return set(key(apart).split())


def title(record: Record) -> str:
    """How a record is called in a sentence."""
    return next((text for name in _TITLES if (text := record.text(name).strip())), "")


def person(contact: Record) -> str:
    """How a contact is called: by the role, which stays when the person changes."""
    return shown(contact.text("role") or title(contact))


def shown(text: str, most: int = 80) -> str:
    """A text on one line and short enough for a message."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def written(value: Value) -> bool:
    """Whether a value stands in the document itself, not inherited or combined."""
    return value.form is not Form.DERIVED or value.start >= 0


def without_fences(text: str) -> str:
    """The text with fenced code blanked out, so that offsets and lines stay."""
    if "```" not in text and "~~~" not in text:
        return text
    lines, fence = text.splitlines(keepends=True), ""
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        inside = bool(fence)
        if mark and not fence:
            fence = mark.group(1)
        elif mark and line.strip(" \t>\r\n") == mark.group(1) and mark.group(1).startswith(fence):
            fence = ""
        if inside or fence:
            lines[number] = _INK.sub(" ", line)
    return "".join(lines)
