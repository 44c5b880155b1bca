"""Where a phrase holds two thresholds: split it where both sides are a condition of their own."""

from __future__ import annotations

from collections.abc import Sequence

from opsportal.runbooks.phrases.lengths import span_at
from opsportal.runbooks.phrases.quantity import quantity_at
from opsportal.runbooks.phrases.threshold_scan import scan as read_clause
from opsportal.runbooks.phrases.tokens import Token
from opsportal.runbooks.phrases.vocabulary import AND, BETWEEN, OPERATORS, OR, POSTFIX_OPERATORS


def unwrapped(tokens: list[Token]) -> list[Token]:
    """`(> 5 %)` → `> 5 %`."""
    whole_paren = len(tokens) > 2 and tokens[0].key == "(" and tokens[-1].key == ")"
    inner = tokens[1:-1]
    return inner if whole_paren and not any(token.key in "()" for token in inner) else tokens


def clauses(source: str, tokens: Sequence[Token]) -> tuple[list[Sequence[Token]], str]:
    """Split where both sides hold a condition of their own; the second value says how they are joined."""
    cuts = _cuts(tokens)
    if not cuts:
        return [tokens], "all"
    clauses: list[Sequence[Token]] = []
    start, joined = 0, "all"
    for cut, end, is_or in cuts:
        rest_end = next((later for later, _, _ in cuts if later > cut), len(tokens))
        if _complete(source, tokens[start:cut]) and _complete(source, tokens[end:rest_end], after=True):
            clauses.append(tokens[start:cut])
            start, joined = end, "any" if is_or else joined
    return [*clauses, tokens[start:]], joined


def _cuts(tokens: Sequence[Token]) -> list[tuple[int, int, bool]]:
    """Positions outside parentheses, ranges and durations where a second condition may begin."""
    cuts, i, depth = [], 0, 0
    while i < len(tokens):
        depth += {"(": 1, ")": -1}.get(tokens[i].key, 0)
        guarded = _guarded(tokens, i)
        if guarded:
            i = guarded
            continue
        end = _separator(tokens, i) if depth <= 0 and i else 0
        if end:
            cuts.append((i, end, OR.has(tokens, end - 1)))
        i = max(end, i + 1)
    return cuts


def _guarded(tokens: Sequence[Token], i: int) -> int:
    span = span_at(tokens, i)
    if span:
        return span.end
    if post := POSTFIX_OPERATORS.at(tokens, i):
        return post[1]
    operator = OPERATORS.at(tokens, i)
    if operator and operator[1] > i + 1:
        return operator[1]
    lead = BETWEEN.at(tokens, i)
    low = quantity_at(tokens, lead[1]) if lead else None
    high = quantity_at(tokens, low[1] + 1) if low else None
    return high[1] if high and low and AND.has(tokens, low[1]) else 0


def _separator(tokens: Sequence[Token], i: int) -> int:
    end = i
    while end < len(tokens) and (
        tokens[end].key in {",", ";", "|", "/", "with"} or _joins(tokens, end) or sentence_ends(tokens, end)
    ):
        end += 1
    return end if end > i else 0


def _joins(tokens: Sequence[Token], i: int) -> bool:
    return tokens[i].key not in {"+", "u"} and (AND.has(tokens, i) or OR.has(tokens, i))


def sentence_ends(tokens: Sequence[Token], i: int) -> bool:
    return tokens[i].key == "." and (i + 1 == len(tokens) or tokens[i + 1].start > tokens[i].end)


def _complete(source: str, tokens: Sequence[Token], *, after: bool = False) -> bool:
    """A condition that stands alone; a bare time behind another condition (`> 5 %, 5 minutes`) is none."""
    if not tokens:
        return False
    scan = read_clause(source, tokens)
    if not scan.main:
        return False
    if scan.bare and after and "seconds" in scan.facts:
        return any(token.kind == "word" for token in (*scan.before, *scan.after))
    return not scan.bare or "u" in scan.facts or bool(scan.after) or "per" in scan.facts
