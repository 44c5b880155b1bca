"""What a step asks for, read from its own words, so that the document stays the only place it is written.

Enter the replication lag in seconds (limit 10 s)      a number, at most 10, in s
Enter the free space (at least 60 GB)                  a number, at least 60, in GB
Enter the load (between 20 and 80 %)                   a number within bounds
Read the lag off the board (number in s)               a number without limits, in s
Enter the name of the primary node (expected db-2)     a text that should read db-2
Which node runs the jobs? (one of: db-1, db-2)         a choice
Enter the day of the last audit (date)                 a date
Attach the report (file)                               a file as evidence; also (photo), (screenshot), (attach)
Upload a screenshot of the dashboard                   a file: attach, upload, add or take with the word for one
Drop the old table (critical) (second person)          two flags
    If the disk is full: Delete old logs                   a condition, which may not be met
If at any time the disk passes 95 %: Delete old logs   a step of the whole run, which stands above the others
Whenever the fan stops: Stop the belt                  the same; also "At any time: …", "Throughout: …", (at any time)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

NOTE = re.compile(r"\(([^()]{1,120})\)")
_NUMBER = r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-+]?\d+(?:\.\d+)?"
_LIMIT = re.compile(rf"(?:limit|max(?:imum)?|at most|no more than)\s+({_NUMBER})\s*(.{{0,30}})", re.I)
_FLOOR = re.compile(rf"(?:at least|min(?:imum)?|no less than)\s+({_NUMBER})\s*(.{{0,30}})", re.I)
_BETWEEN = re.compile(rf"(?:between\s+)?({_NUMBER})\s*(?:and|to|[-–])\s*({_NUMBER})\s*(.{{0,30}})", re.I)
_EXPECTED = re.compile(r"expected:?\s+(.{1,100})", re.I)
_CHOICE = re.compile(r"(?:one of|choose):?\s+(.{1,200})", re.I)
_PLAIN = re.compile(r"number(?:\s+in\s+(.{1,30}))?", re.I)
_ASKS = re.compile(r"^\W*(enter|type|record|read(?: off)?|measure|count|write down the (?:value|number))\b", re.I)
_COUNTED = re.compile(
    r"\b(number|count|amount|percentage|percent|size|age|duration|share|rate|ratio|time in \w+) of\b", re.I
)
_CAUTION = re.compile(
    r"^\W*(?:\*\*)?\W*(caution|warning|danger|attention|achtung|vorsicht|atención|atenção)\b\W*", re.I
)
_IF = re.compile(r"^\W*(?:if|when|in case|wenn|falls|si|se|caso)\s+([^:?]{2,160}):\s+(?=\S)", re.I)
# "Attach the report to the ticket" goes elsewhere, and is a plain tick.
_PICTURE = r"(?:photo|photograph|picture|screenshot|screen shot|scan)s?\b"
_PAPER = r"(?:files?\b(?! system)|(?:log|report|export|pdf|csv|document|printout)s?\b)"
_KEEP = re.compile(
    rf"^\W*(?:(?:attach|upload)\s+(?:\S+\s+){{0,4}}?(?:{_PAPER}|{_PICTURE})|(?:add|take|make)\s+(?:\S+\s+){{0,2}}?{_PICTURE})"
    r"(?![^.;]*\b(?:to|into|onto)\b)",
    re.I,
)
_CAMERA = re.compile(r"\b(?:photo|photograph|picture)s?\b", re.I)
_WATCH = re.compile(
    r"^\W*(?:(?:if |when )?at any (?:time|moment|point)\b|whenever\b|at all times\b|throughout\b[^:]{0,120}:)", re.I
)
_FLAGS = {
    "at any time": "pinned",
    "throughout": "pinned",
    "whenever": "pinned",
    "critical": "critical",
    "killer item": "critical",
    "second person": "second_person",
    "two people": "second_person",
    "two-person": "second_person",
}
_TYPES = {"date": "date", "file": "file", "photo": "file", "attach": "file", "screenshot": "file", "text": "text"}
UNIT_LENGTH = 30
REMEMBERED = 4096  # texts; the same steps are shown and answered again and again


class AnswerType(StrEnum):
    TICK = "tick"
    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is asked for. `low`..`high` bound a good number (None: open); `label` is the text without the notes.

    `condition` is when the step is to be done at all; where it is not met the step does not apply. A `pinned` step
    holds for the whole run (a step of continuous applicability, NUREG-0899): it is done whenever its case arises. A
    `photo` is a file for which a phone may offer its camera.
    """

    label: str
    type: AnswerType = AnswerType.TICK
    unit: str = ""
    low: float | None = None
    high: float | None = None
    expected: str = ""
    choices: tuple[str, ...] = ()
    critical: bool = False
    second_person: bool = False
    condition: str = ""
    pinned: bool = False
    photo: bool = False

    def verdict(self, value: str) -> bool | None:
        """Whether a value is within its limits; None where there is nothing to compare."""
        if self.expected:
            return same(value, self.expected)
        number = to_number(value)
        if self.type is not AnswerType.NUMBER or number is None or (self.low is None and self.high is None):
            return None
        return (self.low is None or number >= self.low) and (self.high is None or number <= self.high)


@lru_cache(maxsize=REMEMBERED)
def answer_of(text: str) -> Answer:
    """The answer a step's text asks for; a plain tick where it asks for nothing."""
    facts: dict[str, Any] = {}
    label = NOTE.sub(lambda note: _take(note, facts), text)
    label = re.sub(r"\s+", " ", label).strip() or text
    if "type" not in facts and _ASKS.match(label):
        facts["type"] = AnswerType.NUMBER if _COUNTED.search(label) else AnswerType.TEXT
    if "type" not in facts and _KEEP.match(label):
        facts["type"] = AnswerType.FILE
    if facts.get("type") is AnswerType.FILE:
        facts["photo"] = bool(_CAMERA.search(text))
    if _WATCH.match(label):
        facts["pinned"] = True
    elif condition := _IF.match(label):
        facts["condition"] = condition[1].strip()
    return Answer(label, **facts)


def caution_in(text: str) -> str:
    """The words of a caution, if a block of a step's body is one."""
    bare = re.sub(r"(?m)^\s*>\s?", "", text).strip()
    match = _CAUTION.match(bare)
    return bare[match.end() :].lstrip("*: ").strip() if match else ""


def to_number(text: str) -> float | None:
    """A number as people type it: 1,240 or 1240.5, perhaps with its unit behind it."""
    match = re.match(rf"\s*({_NUMBER})", text)
    return float(match[1].replace(",", "")) if match else None


def same(value: str, expected: str) -> bool:
    """Whether two answers mean the same: equal as numbers, else as words."""
    if to_number(value) is not None and to_number(value) == to_number(expected):
        return True
    return value.strip().casefold() == expected.strip().casefold()


def _take(note: re.Match[str], facts: dict[str, Any]) -> str:
    """Read one bracket into `facts`; what is taken leaves the label, what is not understood stays."""
    words = note[1].strip()
    if flag := _FLAGS.get(words.casefold()):
        facts[flag] = True
        return ""
    if kind := _TYPES.get(words.casefold()):
        facts["type"] = AnswerType(kind)
        return ""
    found = _plain(words) or _bounds(words) or _expected(words) or _choices(words)
    facts.update(found)
    return "" if found else note[0]


def _bounds(words: str) -> dict[str, Any]:
    for pattern, names in ((_LIMIT, ("high",)), (_FLOOR, ("low",)), (_BETWEEN, ("low", "high"))):
        if match := pattern.fullmatch(words):
            bounds = {name: to_number(match[index]) for index, name in enumerate(names, 1)}
            return {"type": AnswerType.NUMBER, **bounds, "unit": match[len(names) + 1].strip()[:UNIT_LENGTH]}
    return {}


def _plain(words: str) -> dict[str, Any]:
    match = _PLAIN.fullmatch(words)
    return {"type": AnswerType.NUMBER, "unit": (match[1] or "").strip()} if match else {}


def _expected(words: str) -> dict[str, Any]:
    match = _EXPECTED.fullmatch(words)
    if match is None:
        return {}
    whole = re.fullmatch(_NUMBER, match[1].strip())
    return {"type": AnswerType.NUMBER if whole else AnswerType.TEXT, "expected": match[1].strip()}


def _choices(words: str) -> dict[str, Any]:
    match = _CHOICE.fullmatch(words)
    parts = [part.strip() for part in re.split(r",|\bor\b|/", match[1])] if match else []
    options = tuple(part for part in parts if part)
    return {"type": AnswerType.CHOICE, "choices": options} if len(options) > 1 else {}
