"""How often something is done, where no label says it: the words of a heading, or of a sentence above the steps."""

from __future__ import annotations

import re

from opsportal.runbooks.document import Form, Value
from opsportal.runbooks.parse import clean, headings, spans
from opsportal.runbooks.parse.build import Build
from opsportal.runbooks.parse.outline import Section

_SENTENCE = re.compile(
    r"\b(?:(?:every|each)[ ](?:[\w,/&-]+[ ]){0,3}?(?:minutes?|hours?|day|morning|evening|night|week|month|quarter|year|shift|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)(?:[ ](?:morning|afternoon|evening|night))?"
    r"(?:[ ]at[ ][\d:]+[ ]?(?:am|pm)?)?|daily|weekly|monthly|quarterly|annually|hourly)\b",
    re.I,
)


def read_frequency(section: Section, build: Build, *, own: bool) -> dict[str, Value]:
    """The frequency of what stands in a section, from its heading, its first sentences or the headings around it.

    With `own` the sentences' words are a value to be written; several procedures of one section only inherit them.
    """
    if headings.frequency_of(clean.fold(section.name)):
        return {"frequency": spans.derived(section.name)}
    if found := _from_prose(section, build):
        return {"frequency": found if own else spans.derived(found.text)}
    for above in section.ancestors():
        if above.heading is not None and above.depth > 0 and headings.frequency_of(clean.fold(above.name)):
            return {"frequency": spans.derived(above.name)}
    return {}


def _from_prose(section: Section, build: Build) -> Value | None:
    for node in section.body:
        if node.kind != "paragraph":
            return None
        for line in node.lines:
            match = _SENTENCE.search(line.text)
            if match and line.start >= 0:
                piece = line.cut(match.start(), match.end())
                return Value(piece.text, piece.start, piece.end, Form.INLINE)
    return None
