"""Steps as the template writes them: numbered lists, phases as bold labels, bodies indented below their step."""

from __future__ import annotations

from collections.abc import Iterable

from opsportal.runbooks.document import Block, Kind, Record


def procedure_steps(record: Record) -> list[str]:
    """The steps below a procedure's facts, under the label Steps or under their phases."""
    if any(child.kind is Kind.PHASE for child in record.children):
        return [line for child in record.children for line in _phase(child)]
    if not record.children:
        return []
    return ["**Steps**:", *steps(record.children)]


def _phase(record: Record) -> list[str]:
    if record.kind is not Kind.PHASE:
        return ["", *step(record, 1)]
    return ["", f"**{record.text('title')}**:", *steps(record.children)]


def steps(records: Iterable[Record], first: int = 1) -> list[str]:
    return [line for number, record in enumerate(records, first) for line in step(record, number)]


def step(record: Record, number: int) -> list[str]:
    """One numbered step with its body, sub-steps, and what to expect."""
    marker = f"{number}. "
    indent = " " * len(marker)
    first, *more = record.text("text").splitlines() or [""]
    lines = [marker + first, *(indent + line for line in more)]
    body: list[str] = []
    before = ""
    for block in record.blocks:
        apart = block.kind in ("prose", "raw") or (before and before != "code")
        body += ["", *_block(block)] if apart else _block(block)
        before = block.kind
    if not any(block.kind == "list" for block in record.blocks):  # such a block is the sub-steps, as they were written
        body += [f"- {line}" for child in record.children for line in child.text("text").splitlines()[:1]]
    for name, label in (("expected", "Expected"), ("alert_if", "Alert if")):
        text = record.text(name)
        if text and not any(block.kind != "code" and text in block.text for block in record.blocks):
            body += ["", f"**{label}**: {' '.join(text.split())}"]
    return lines + [indent + line if line else "" for line in body]


def _block(block: Block) -> list[str]:
    if block.kind != "code":
        return block.text.splitlines()
    fence = "```" if "```" not in block.text else "~~~~"
    return [fence + block.lang, *block.text.splitlines(), fence]
