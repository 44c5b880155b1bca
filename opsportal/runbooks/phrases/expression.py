"""PromQL-like conditions: `up{job="api"} == 0 for 5m`, `rate(errors_total[5m]) > 0.05`."""

from __future__ import annotations

import re

from opsportal.runbooks.phrases.json import Facts
from opsportal.runbooks.phrases.lengths import duration_at, whole
from opsportal.runbooks.phrases.quantity import quantity_at
from opsportal.runbooks.phrases.threshold_words import HOLD
from opsportal.runbooks.phrases.tokens import clean, text_of, tokenize

_START = re.compile(r"\s*[`(]*[A-Za-z_:][A-Za-z0-9_:]*(?:\s*[({]|\s*[/*+-]\s*[A-Za-z_:]|(?=\s*[<>=!]))")
_METRIC = re.compile(r"[a-z]+(?:[_:][a-z0-9]+)+|\w+\s*\{|\w+\([^()]*[\[{_]|\w+\(\w+")
_COMPARE = re.compile(r"==|!=|>=|<=|>|<")
_OPEN, _CLOSE = "({[", ")}]"


def expression(text: str) -> Facts | None:
    """`expr`, `op`, `v` (and `for`) of a query with a comparison at its top level; None if the text is no query."""
    if not _START.match(text):
        return None
    split = _top_level_comparison(text)
    if not split:
        return None
    left, operator, rest = text[: split[0]].strip(" `"), text[split[0] : split[1]], text[split[1] :]
    if not _METRIC.search(left) or re.search(
        r"[A-Za-z]\s+(?!by\b|on\b|and\b|or\b|without\b)[A-Za-z]{2,}", _outside(left)
    ):
        return None
    return _with_value(left, operator, rest)


def _outside(text: str) -> str:
    """The text without what is in quotes, braces and parentheses: two plain words beside each other are prose."""
    return re.sub(r"\"[^\"]*\"|\{[^{}]*\}|\([^()]*\)", "", text)


def _top_level_comparison(text: str) -> tuple[int, int] | None:
    depth, quoted = 0, ""
    for i, char in enumerate(text):
        if quoted:
            quoted = "" if char == quoted else quoted
        elif char in "\"'":
            quoted = char
        elif char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth -= 1
        elif depth == 0 and (match := _COMPARE.match(text, i)):
            return match.span()
    return None


def _with_value(left: str, operator: str, rest: str) -> Facts | None:
    source = clean(rest)
    tokens = tokenize(source)
    i = next((n for n, token in enumerate(tokens) if token.key not in {"bool", "(", "-"}), 0)
    value = quantity_at(tokens, i)
    if not value:
        return None
    negative = any(token.key == "-" for token in tokens[:i]) and value[0].v is not None
    facts: Facts = {"expr": left, "op": operator, "v": -(value[0].v or 0) if negative else value[0].v}
    if value[0].u:
        facts["u"] = value[0].u
    if value[0].placeholder:
        facts["placeholder"] = True
    hold = HOLD.at(tokens, value[1])
    span = duration_at(tokens, hold[1]) if hold else None
    if span and span.low is not None:
        facts["for"] = whole(span.low)
    if note := text_of(source, tokens[span.end if span else value[1] :]):
        facts["note"] = note
    return facts
