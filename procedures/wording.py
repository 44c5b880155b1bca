"""A step's words taken apart into fields, and put together again: what `answers` reads, written by an editor.

Only brackets that `answers` understands become fields; every other word stays where it is. What was not changed in the
fields keeps its very characters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from opsportal.lib.errors import ActionError
from procedures.answers import NOTE, AnswerType, answer_of


@dataclass(frozen=True, slots=True)
class Wording:
    """A step's text as fields. `type` None: no bracket says what is asked for, so the words alone do."""

    words: str
    type: AnswerType | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    expected: str = ""
    choices: tuple[str, ...] = ()
    critical: bool = False
    second_person: bool = False
    pinned: bool = False


FLAGS = {"critical": "(critical)", "second_person": "(second person)", "pinned": "(at any time)"}


class Unwritable(ActionError):
    """The fields cannot be said in words that would read back the same."""

    message = "This answer cannot be written in words. Leave out brackets, and keep units and choices short."


def wording_of(text: str) -> Wording:
    """The text as fields; `words` is the text without the brackets that became fields."""
    words, notes = _apart(text)
    asked = answer_of(" ".join(["x", *notes["value"]]))
    return Wording(
        words=words,
        type=asked.type if notes["value"] else None,
        low=asked.low,
        high=asked.high,
        unit=asked.unit,
        expected=asked.expected,
        choices=asked.choices,
        critical=bool(notes["critical"]),
        second_person=bool(notes["second_person"]),
        pinned=bool(notes["pinned"]),
    )


def text_of(asked: Wording, before: str = "") -> str:
    """The fields as a text; `before` itself if they say the same. Brackets typed into `words` count as fields.

    Raises Unwritable if the text would not read back as what was asked for.
    """
    was, (_, kept) = wording_of(before), _apart(before)
    if asked == was:
        return before
    asked, typed = _with_typed(asked)
    value = typed["value"] or (kept["value"] if _value(asked) == _value(was) else _value_notes(asked))
    flags = [
        note
        for name, plain in FLAGS.items()
        if getattr(asked, name)
        for note in (typed[name] or kept[name] or [plain])[:1]
    ]
    text = " ".join(part for part in (asked.words, *value, *flags) if part)
    if wording_of(text) != asked:
        raise Unwritable
    return text


def _with_typed(asked: Wording) -> tuple[Wording, dict[str, list[str]]]:
    """Brackets that were typed among the words take the place of the fields."""
    typed = wording_of(asked.words)
    _, notes = _apart(asked.words)
    both = replace(
        typed if notes["value"] else asked,
        words=typed.words,
        critical=asked.critical or typed.critical,
        second_person=asked.second_person or typed.second_person,
        pinned=asked.pinned or typed.pinned,
    )
    return both, notes


def _apart(text: str) -> tuple[str, dict[str, list[str]]]:
    """The words, and the brackets by what they say: value, or one of the flags."""
    notes: dict[str, list[str]] = {"value": [], **{flag: [] for flag in FLAGS}}
    words, position = "", 0
    for note in NOTE.finditer(text):
        says = _says(note[0])
        if not says:
            continue
        notes[says].append(note[0])
        words, position = words + text[position : note.start()].rstrip(" \t"), note.end()
    return (words + text[position:]).strip(), notes


def _says(note: str) -> str:
    """What a bracket says; "" for one that is only words, or says what the fields do not hold."""
    asked = answer_of(f"x {note}")
    if asked.label != "x":
        return ""
    if asked.type is not AnswerType.TICK:
        return "value"
    return next((flag for flag in FLAGS if getattr(asked, flag)), "")


def _value(asked: Wording) -> Wording:
    return replace(asked, words="", critical=False, second_person=False, pinned=False)


def _value_notes(asked: Wording) -> list[str]:
    match asked.type:
        case None:
            return []
        case AnswerType.NUMBER:
            return _number_notes(asked)
        case AnswerType.CHOICE:
            return [f"(one of: {', '.join(asked.choices)})"]
        case AnswerType.TEXT if asked.expected:
            return [f"(expected {asked.expected})"]
    return [f"({asked.type.value})"]


def _number_notes(asked: Wording) -> list[str]:
    low, high = (_plain(limit) for limit in (asked.low, asked.high))
    unit = f" {asked.unit}" if asked.unit else ""
    expected = [f"(expected {asked.expected})"] if asked.expected else []
    if low and high:
        return [f"(between {low} and {high}{unit})", *expected]
    if low or high:
        return [f"(limit {high}{unit})" if high else f"(at least {low}{unit})", *expected]
    if asked.unit or not expected:
        return [f"(number in{unit})" if unit else "(number)", *expected]
    return expected


def _plain(number: float | None) -> str:
    """A number as people write it: 10, 2.5; never 1e+16."""
    if number is None:
        return ""
    return f"{number:.6f}".rstrip("0").rstrip(".")
