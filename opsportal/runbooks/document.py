"""The runbook as plain data: what a parse yields and what a render needs. No Django here.

Offsets (`start`, `end`) count characters in `Document.text`; `Document.text` is the source decoded by `decode`, so that
`encode(decode(data)) == data` for any bytes. Lines count from 1.

Names in `Record.values`, by kind:

    service              name version environment owner_team last_updated oncall_contact purpose service_type
                         technology_stack dependencies dependents architecture
    field                name value
    section              title body
    metric               name target alert critical
    procedure            title category frequency duration impact trigger response_time expected purpose
                         (category, always derived: daily weekly monthly standard emergency service_management)
    phase                title              (children: steps; a procedure without phases has its steps as children)
    step                 text expected alert_if     (children: substeps; blocks: everything below its first line)
    substep              text
    issue                title symptoms causes diagnosis resolution prevention   (children: steps of the resolution)
    command              label code lang group
    link                 category label target      (category, derived: dashboard log reference configuration)
    alert                name threshold severity response_time action for
    maintenance          task frequency owner last_completed next_due
    maintenance_window   day_time duration notification rollback
    contact              role name email phone backup hours
    escalation           level contact when
    severity_level       name description response_time
    external_dependency  service contact sla escalation
    change               date change author approved_by
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a record is. The values are used as JSON keys and as prefixes of record keys."""

    SERVICE = "service"
    FIELD = "field"  # a key with a value that is no fact of the service record
    SECTION = "section"  # a part nobody recognised: kept as Markdown
    METRIC = "metric"
    PROCEDURE = "procedure"
    PHASE = "phase"
    STEP = "step"
    SUBSTEP = "substep"
    ISSUE = "issue"
    COMMAND = "command"
    LINK = "link"
    ALERT = "alert"
    MAINTENANCE = "maintenance"
    MAINTENANCE_WINDOW = "maintenance_window"
    CONTACT = "contact"
    ESCALATION = "escalation"
    SEVERITY_LEVEL = "severity_level"
    EXTERNAL_DEPENDENCY = "external_dependency"
    CHANGE = "change"


class Form(StrEnum):
    """How a value stands in the document, and so how a new one is written in its place."""

    INLINE = "inline"  # the rest of a line: one line, no line break
    CELL = "cell"  # a table cell: `|` escaped, line breaks as <br>
    HEADING = "heading"  # the text of a heading, without marks, number and emoji
    ITEM = "item"  # the text of a list item; further lines are indented by `indent`
    BLOCK = "block"  # one or more paragraphs; each line starts with `indent`
    BULLETS = "bullets"  # a list, one entry a line in `text`; written with `marker` and `indent`
    CODE = "code"  # the inside of a fence
    DERIVED = "derived"  # stands nowhere in this place (inherited, combined): never written back


@dataclass(slots=True)
class Value:
    """One value of a record, as text, and where it stands."""

    text: str
    start: int = -1
    end: int = -1
    form: Form = Form.DERIVED
    indent: str = ""
    marker: str = "- "

    @property
    def writable(self) -> bool:
        return self.form is not Form.DERIVED and self.start >= 0


@dataclass(slots=True)
class Block:
    """A piece of a step's or section's body: `kind` is prose, code, list or raw; `lang` the info string of a fence."""

    kind: str
    text: str
    lang: str = ""
    start: int = -1
    end: int = -1


@dataclass(slots=True)
class Record:
    """One thing of the runbook. `key` is unique in the document, e.g. `metric:3`; `start`..`end` covers whole lines."""

    kind: Kind
    key: str
    line: int
    start: int
    end: int
    values: dict[str, Value] = field(default_factory=dict)
    children: list[Record] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)  # cells of columns without a role, by header
    style: str = ""  # the form it was found in: table, list, ordered, checkbox, heading, bold, code, keyvalue, yaml
    path: tuple[str, ...] = ()  # the headings above it, outermost first, as written

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value.text if value else ""

    def walk(self) -> Iterator[Record]:
        yield self
        for child in self.children:
            yield from child.walk()


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the reader should know or mend. `rule` is a stable kebab-case id; `hint` says what to do."""

    line: int
    rule: str
    severity: Severity
    message: str
    hint: str = ""

    def as_json(self) -> dict[str, str | int]:
        return {
            "line": self.line,
            "rule": self.rule,
            "severity": self.severity.value,
            "message": self.message,
            "hint": self.hint,
        }


@dataclass(slots=True)
class Document:
    """A parsed runbook: its text, its records in document order, what was noticed, and the plain counts."""

    text: str
    title: str = ""
    records: list[Record] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)

    def of(self, kind: Kind) -> list[Record]:
        """Top-level records of one kind, in document order."""
        return [record for record in self.records if record.kind is kind]

    def walk(self) -> Iterator[Record]:
        for record in self.records:
            yield from record.walk()

    def by_key(self) -> dict[str, Record]:
        return {record.key: record for record in self.walk()}


def decode(data: bytes) -> str:
    """Text of a source file; a BOM and bytes that are no UTF-8 survive as themselves (PEP 383)."""
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The bytes `decode` was given."""
    return text.encode("utf-8", "surrogateescape")
