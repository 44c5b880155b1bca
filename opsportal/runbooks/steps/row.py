"""One row of the procedure editor: a section, a step or a sub-step with its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from opsportal.runbooks.steps.body import caution_of, code_of, more_of
from opsportal.runbooks.trees import Node
from procedures.answers import AnswerType, to_number
from procedures.wording import Unwritable, Wording, text_of, wording_of

PHASE, STEP, SUBSTEP = "phase", "step", "substep"
KINDS = (PHASE, STEP, SUBSTEP)
ON = "on"
TYPES = [
    ("", "A tick, or as the words say"),
    (AnswerType.NUMBER, "Number"),
    (AnswerType.CHOICE, "Choice"),
    (AnswerType.TEXT, "Text"),
    (AnswerType.DATE, "Date"),
    (AnswerType.FILE, "File or photo"),
]


@dataclass(slots=True)
class Row:
    """Everything as typed. `rid` names the row in the form; `key` the step of the document it stands for, if any."""

    rid: str
    kind: str = STEP
    key: str = ""
    text: str = ""
    type: str = ""
    low: str = ""
    high: str = ""
    unit: str = ""
    answer: str = ""
    choices: str = ""
    critical: str = ""
    second: str = ""
    pinned: str = ""
    caution: str = ""
    code: str = ""
    expected: str = ""
    alert_if: str = ""
    more: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, rid: str, node: Node, kind: str = STEP) -> Row:
        """The row of a stored step."""
        if kind != STEP:
            return cls(rid, kind, node.source_key, node.text)
        said = wording_of(node.text)
        return cls(
            rid,
            kind,
            node.source_key,
            text=said.words,
            type=said.type.value if said.type else "",
            low=_shown(said.low),
            high=_shown(said.high),
            unit=said.unit,
            answer=said.expected,
            choices=", ".join(said.choices),
            critical=ON if said.critical else "",
            second=ON if said.second_person else "",
            pinned=ON if said.pinned else "",
            caution=caution_of(node),
            code=code_of(node),
            expected=node.expected,
            alert_if=node.alert_if,
            more=more_of(node),
        )

    @classmethod
    def posted(cls, rid: str, data: Mapping[str, object]) -> Row:
        """The row from the fields `<rid>-<name>`; an unknown kind is a step."""
        row = cls(rid)
        for name in NAMES:
            text = str(data.get(f"{rid}-{name}", "")).replace("\r\n", "\n").replace("\0", "\ufffd")
            setattr(row, name, text if name == "code" else text.strip())
        row.kind = row.kind if row.kind in KINDS else STEP
        return row

    @property
    def asks(self) -> bool:
        """Whether the row has fields of its own besides its text."""
        return self.kind == STEP

    @property
    def types(self) -> list[tuple[str, str]]:
        return TYPES

    def wording(self) -> Wording:
        """The fields as what is to be said. Notes in `errors` what is no number."""
        kind = AnswerType(self.type) if self.type in list(AnswerType) and self.type != AnswerType.TICK else None
        number = kind is AnswerType.NUMBER
        low, high = (self._number(name) if number else None for name in ("low", "high"))
        if low is not None and high is not None and low > high:
            self.errors["high"] = "The highest good value is below the lowest."
        return Wording(
            words=self.text,
            type=kind,
            low=low,
            high=high,
            unit=self.unit if number else "",
            expected=self.answer if kind in (AnswerType.NUMBER, AnswerType.TEXT) else "",
            choices=_listed(self.choices) if kind is AnswerType.CHOICE else (),
            critical=bool(self.critical),
            second_person=bool(self.second),
            pinned=bool(self.pinned),
        )

    def words(self, before: str = "") -> str:
        """The step's text in the document, `before` where nothing changed. What cannot be said goes into `errors`."""
        if not self.asks:
            return self.text
        asked = self.wording()
        if not self.errors:
            try:
                return text_of(asked, before)
            except Unwritable as error:
                self._blame(asked, str(error))
        return self.text

    def _number(self, name: str) -> float | None:
        text: str = getattr(self, name)
        number = to_number(text)
        if text and number is None:
            self.errors[name] = f"“{text[:40]}” is no number."
        return number

    def _blame(self, asked: Wording, sentence: str) -> None:
        if asked.type is AnswerType.CHOICE:
            short = len(asked.choices) < 2
            self.errors["choices"] = "Give two choices or more, with commas between them." if short else sentence
        elif asked.expected:
            number = asked.type is AnswerType.TEXT and to_number(asked.expected) is not None
            self.errors["answer"] = "This is a number: choose Number as the answer." if number else sentence
        else:
            self.errors["unit" if asked.unit else "text"] = sentence


NAMES = [each.name for each in fields(Row) if each.name not in ("rid", "errors")]


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part for piece in text.replace("\n", ",").split(",") if (part := piece.strip()))


def _shown(number: float | None) -> str:
    return "" if number is None else f"{number:.6f}".rstrip("0").rstrip(".")
