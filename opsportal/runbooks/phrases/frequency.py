"""Frequencies and windows: `Every Monday - 10am`, `first Sunday of the quarter`, `Weekends, 02:00-06:00 UTC`, `Before releases`."""

from __future__ import annotations

import re

from dateutil.rrule import rrulestr

from opsportal.runbooks.phrases import schedule_words as sw
from opsportal.runbooks.phrases.cron import cron
from opsportal.runbooks.phrases.interval import interval, period
from opsportal.runbooks.phrases.json import Facts, not_understood
from opsportal.runbooks.phrases.lengths import duration_at, whole
from opsportal.runbooks.phrases.schedule_rule import facts_of
from opsportal.runbooks.phrases.schedule_scan import schedule_of
from opsportal.runbooks.phrases.tokens import clean, text_of, tokenize, words

_RRULE = re.compile(r"\s*`?(?:RRULE:)?(FREQ=[A-Z]+(?:;[A-Z]+=[A-Z0-9,:+-]+)*)`?\s*", re.IGNORECASE)
_REVIEW = re.compile(
    r"\s*(?:review_in|review[ -]interval|review[ -]every|review[ -]period)\**\s*[:=]\s*", re.IGNORECASE
)
_LABEL = re.compile(
    r"^\W*(?:frequency|schedule|recurrence|cadence|interval|how often|when|h(?:ä|ae)ufigkeit|turnus|fr(?:é|e)quence|frecuencia|frequ(?:ê|e)ncia|频率)"
    r"\W*[:：]\W*",
    re.IGNORECASE,
)
_BEFORE_AFTER = words("after|following|nach|apres|despues de|depois de|from")
_BEFORE = words("before|prior to|ahead of|vor|avant|antes de|in advance of")
_ORDINAL_DAY = re.compile(r"\s*\d\.\s+(?:und\b|u\.|[^\W\d_]+(?:tag|woch)\b)", re.IGNORECASE)
_PREPOSITION_ONLY = words("the|a|an|der|die|das|dem|den|le|la|el|o|each|every|any")


def parse(text: str) -> Facts:
    """Facts of one phrase: `rrule` with `freq`, `time`, `tz` …; an `event`, `continuous`, `relative`; or not understood."""
    if given := _given(text) or cron(text):
        return given
    if match := _REVIEW.match(text):
        return _review(text, text[match.end() :])
    source = clean(_LABEL.sub("", text), numbered=not _ORDINAL_DAY.match(text))
    tokens = tokenize(source)
    holes = [token.text for token in tokens if token.kind == "hole"]
    if holes and all(token.kind in {"hole", "punct"} for token in tokens):
        return _open(holes)
    if relative := _relative(source):
        return relative
    schedule = schedule_of(source, tokens)
    facts = facts_of(schedule)
    return facts or (_open(holes) if holes else not_understood(text))


def _open(holes: list[str]) -> Facts:
    return {"rrule": None, "v": None, "placeholder": True, "placeholders": list(holes)}


def _given(text: str) -> Facts | None:
    """An RFC 5545 rule written out; one that is invalid is not understood."""
    match = _RRULE.fullmatch(text)
    if not match:
        return None
    rule = match.group(1).upper()
    try:
        rrulestr(rule)
    except (ValueError, KeyError, TypeError, IndexError):
        return not_understood(text)
    return {"rrule": rule, "freq": rule.split(";")[0][5:]}


def _review(text: str, rest: str) -> Facts:
    """`review_in: 3 months` of a front matter counts from the last review."""
    source = clean(rest)
    tokens = tokenize(source)
    span = duration_at(tokens, 0)
    schedule = facts_of(schedule_of(source, tokens)) if not span else None
    if schedule:
        return {**schedule, "from": "last_reviewed_on"}
    if not span:
        return not_understood(text)
    return {**interval(span), "review": period(span), "from": "last_reviewed_on", "anchor": "completion"}


def _relative(source: str) -> Facts | None:
    """`1 week after X`, `30 minutes before the release`: tied to something else; `7 days after completion` floats."""
    tokens = tokenize(source)
    for i in range(min(len(tokens), 40)):
        span = duration_at(tokens, i) if tokens[i].kind in {"num", "period", "word"} else None
        after = _BEFORE_AFTER.at(tokens, span.end) if span else None
        before = _BEFORE.at(tokens, span.end) if span else None
        near = (
            span is not None
            and span.end < len(tokens)
            and tokens[span.end].key == "of"
            and i > 0
            and tokens[i - 1].key == "within"
        )
        after = (True, span.end + 1) if span and near else after
        side = after or before
        if not span or not side or side[1] >= len(tokens):
            continue
        start = side[1]
        while skip := _PREPOSITION_ONLY.at(tokens, start):
            start = skip[1]
        name = text_of(source, tokens[start:])
        if after and sw.COMPLETION.has(tokens, start):
            return {**interval(span), "anchor": "completion"}
        note = text_of(source, tokens[:i])
        facts: Facts = {
            "relative": f"{'+' if after else '-'}{period(span)}",
            "seconds": whole(span.low or 0),
            "after" if after else "before": name,
        }
        return {**facts, **({"op": "<="} if near else {"note": note} if note else {})}
    return None
