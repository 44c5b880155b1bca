"""What somebody follows when a known issue happens: its texts as steps. Pure: no database.

The runbook keeps a diagnosis as running text, a resolution as steps or as running text. Of a text each line is a step,
whatever marks it has in front (a dash, a number, an empty box); a line that is indented below another is a sub-step of
it; code, tables and quotes belong to the step above them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_MARK = re.compile(r"(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})\s*([\w+-]*)")
_QUOTED = (">", "|")
INDENT = 2  # columns from which on a line belongs to the one above
RUN_THESE = "Run these commands and read what they say"

Block = dict[str, str]


@dataclass(slots=True)
class GuideStep:
    """A step with its body; `blocks` as in `procedures.models.Step`."""

    text: str
    blocks: list[Block] = field(default_factory=list)
    below: list[GuideStep] = field(default_factory=list)


def steps_in(text: str) -> list[GuideStep]:
    """The steps of a running text; [] for an empty one. Code before the first line gets a step of its own."""
    steps: list[GuideStep] = []
    lines = iter(text.splitlines())
    for line in lines:
        if fence := _FENCE.match(line):
            _last(steps).blocks.append(_code(lines, fence))
        elif line.lstrip().startswith(_QUOTED):
            _add_quote(_last(steps), line.strip())
        elif line.strip():
            _add_line(steps, line)
    return steps


def _last(steps: list[GuideStep]) -> GuideStep:
    if not steps:
        steps.append(GuideStep(RUN_THESE))
    return steps[-1]


def _code(lines: Iterable[str], fence: re.Match[str]) -> Block:
    """The lines up to the end of the fence, or of the text where it is never closed."""
    code = []
    for line in lines:
        if line.strip().startswith(fence[1]) and not line.strip().strip(fence[1][0]):
            break
        code.append(line)
    margin = min((len(line) - len(line.lstrip()) for line in code if line.strip()), default=0)
    return {"kind": "code", "text": "\n".join(line[margin:] for line in code), "lang": fence[2]}


def _add_quote(step: GuideStep, line: str) -> None:
    """Lines of a table or a quote stay together, as one block of Markdown."""
    if step.blocks and step.blocks[-1]["kind"] == "raw":
        step.blocks[-1]["text"] += f"\n{line}"
    else:
        step.blocks.append({"kind": "raw", "text": line, "lang": ""})


def _add_line(steps: list[GuideStep], line: str) -> None:
    words = line.strip()
    bare = _MARK.sub("", words, count=1) if _MARK.match(words) else words
    made = GuideStep(bare.lstrip("#").strip() or words)
    indented = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip()) >= INDENT
    (steps[-1].below if indented and steps else steps).append(made)
