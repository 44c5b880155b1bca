"""How steps are worded, while they are written: what checklist research asks for, as advice beside each step.

Sources: Degani & Wiener (NASA CR-177549) on length, order and critical items; NUREG-0899 and INL/EXT-16-39808 on
cautions and one action a step. Lines are what the caller numbered the records with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from opsportal.runbooks.document import Block, Kind, Record
from opsportal.runbooks.lint.findings import Findings
from opsportal.runbooks.phrases import time_box
from procedures.answers import Answer, answer_of, caution_in

LONGEST_STEP = 90  # characters
PAUSE_AFTER, TOO_MANY = 10, 15  # steps of a section: from here a warning, an error
MOST_CRITICAL = 0.2
MOST_SECOND = 2
MEMORY_ITEMS, AT_ONCE = 5, 300  # steps that fit a screen in the first five minutes
_NO_VERB = re.compile(
    r"\W*(?:(?:the|a|an|this|that|these|those|there|it|its|we|you|they|he|she|i|our|your|all|every|each|some|any|no|once|please|"
    r"is|are|was|were|be|should|must|shall|will|would|can|could|may|might|needs?|after|before|during|for|from|in|on|at|"
    r"with|by|of|as|to|and|or|but|also|then|next|first|finally|optional|optionally|manually|make)\b(?!\s+sure\b)|[a-z]{3,}ing\b)",
    re.I,
)
_ACTIONS = re.compile(
    r"(?:^|[.;!]\s+|\bthen\s+|\bplease\s+)(?:run|execute|restart|reboot|stop|start|kill|delete|remove|drop|press|click|"
    r"open|close|call|page|copy|move|edit|change|set|enter|type|check|verify|apply|deploy|roll back|scale|drain|"
    r"disable|enable|switch|promote|restore|upload|download|install|create)\b",
    re.I,
)
_TWO = re.compile(r"\b(?:and then|, then|; then)\b", re.I)


def check_writing(findings: Findings) -> None:
    """Advice on every procedure of the document."""
    for procedure in findings.document.of(Kind.PROCEDURE):
        asked = [(step, answer_of(step.text("text"))) for step in procedure.walk() if step.kind is Kind.STEP]
        for step, answer in asked:
            _step(step, answer, findings)
        for part in (procedure, *(child for child in procedure.children if child.kind is Kind.PHASE)):
            _section(part, [pair for pair in asked if pair[0] in part.children], findings)
        _marks(procedure, [answer for _, answer in asked], findings)


def _step(step: Record, answer: Answer, findings: Findings) -> None:
    line, text = step.line, answer.label
    if len(text) > LONGEST_STEP:
        message = f"{len(text)} characters; up to {LONGEST_STEP} are read at a glance."
        findings.info(line, "step-long", message, "Say one action; put the rest below it as sub-steps or a caution.")
    bare = text.partition(":")[2].strip() if answer.condition else text
    if bare and not bare.startswith("`") and "?" not in bare and _NO_VERB.match(bare):
        findings.info(line, "step-verb", "Does not begin with what to do.", "Begin with a verb: Open, Count, Restart.")
    if _TWO.search(text):
        findings.info(line, "step-two-actions", "Two actions in one step.", "Make them two steps, or sub-steps of one.")
    _caution(step.blocks, line, findings)


def _caution(blocks: Iterable[Block], line: int, findings: Findings) -> None:
    caution = next((found for block in blocks if (found := caution_in(block.text))), "")
    if _ACTIONS.search(caution):
        hint = "Say only what can go wrong; make the action a step."
        findings.warn(line, "caution-with-action", "The caution holds an action, which is easily read over.", hint)


def _section(part: Record, steps: list[tuple[Record, Answer]], findings: Findings) -> None:
    count = len(steps)
    if count >= PAUSE_AFTER:
        add = findings.warn if count < TOO_MANY else findings.error
        message = f"{count} steps without a pause; 5 to 9 are kept in mind."
        add(part.line, "section-long", message, "Divide them by a section that ends where one may stop.")
    box = time_box(part.text("title")) if part.kind is Kind.PHASE else None
    if box and box.understood and not box.min and box.max and box.max <= AT_ONCE and count > MEMORY_ITEMS:
        message = f"{count} steps for the first minutes; {MEMORY_ITEMS} fit a phone's screen."
        findings.info(part.line, "first-minutes", message, "Keep what stops the damage, and move the rest on.")
    plain = False
    for step, answer in steps:
        if answer.critical and plain:
            message = "A critical step behind others may be lost in an interruption."
            findings.info(
                step.line, "critical-late", message, "Move it to the head of its section where the work allows."
            )
        plain = plain or not answer.critical


def _marks(procedure: Record, answers: list[Answer], findings: Findings) -> None:
    critical = sum(answer.critical for answer in answers)
    if critical > 1 and critical > MOST_CRITICAL * len(answers):
        message = f"{critical} of {len(answers)} steps are critical; beyond one in five the mark says nothing."
        findings.warn(procedure.line, "critical-many", message, "Mark what does harm if it is left out.")
    second = sum(answer.second_person for answer in answers)
    if second > MOST_SECOND:
        message = f"{second} steps wait for a second person."
        findings.info(procedure.line, "second-many", message, "Ask for one only where nothing can be undone.")
