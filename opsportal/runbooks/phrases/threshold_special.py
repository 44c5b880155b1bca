"""Two thresholds with a form of their own: error budgets and days left until something expires."""

from __future__ import annotations

from collections.abc import Sequence

from opsportal.runbooks.phrases import threshold_words as tw
from opsportal.runbooks.phrases.json import Facts
from opsportal.runbooks.phrases.lengths import span_at, whole
from opsportal.runbooks.phrases.tokens import Token, text_of
from opsportal.runbooks.phrases.vocabulary import OPERATORS


def budget(source: str, tokens: Sequence[Token]) -> Facts | None:
    """`Monthly budget = 43.2 min of downtime per module`: time that may be lost in a period."""
    if not any(token.key == "budget" for token in tokens) or any(
        token.key in {">", "<", "≥", "≤", ">=", "<="} for token in tokens
    ):
        return None
    for i in range(len(tokens)):
        span = span_at(tokens, i) if tokens[i].kind in {"num", "period"} else None
        if span and span.low is not None:
            return _budget_facts(source, tokens, span.low, span.end, i)
    return None


def _budget_facts(source: str, tokens: Sequence[Token], seconds: float, end: int, start: int) -> Facts:
    facts: Facts = {"error_budget": whole(seconds)}
    period = tw.PERIODS.find(tokens[:start]) or tw.PERIODS.find(tokens[end:])
    if period:
        facts["per"] = period[0]
    scope = next((j for j in range(end, len(tokens) - 1) if tokens[j].key in {"per", "for", "pro", "par"}), None)
    if scope and not tw.PERIODS.has(tokens, scope) and not tw.PERIODS.has(tokens, scope + 1):
        facts["scope"] = text_of(source, tokens[scope + 1 :])
    return facts


def expiry(source: str, tokens: Sequence[Token]) -> Facts | None:
    """`SSL certificate expires in 30 days` → days left of the certificate."""
    subject, word = tw.SUBJECTS.find(tokens), tw.EXPIRY.find(tokens)
    if not subject or not word:
        return None
    for i in range(len(tokens)):
        span = span_at(tokens, i)
        if span and span.low is not None and span.low >= 3600:
            operator = next(
                (hit[0] for j in range(max(0, i - 3), i) if (hit := OPERATORS.at(tokens, j)) and hit[1] == i), "<="
            )
            days = span.low / 86400
            facts: Facts = {
                "metric": f"{subject[0]}_days_left",
                "op": operator,
                "v": whole(days),
                "u": "d",
                "seconds": whole(span.low),
                "dir": "higher",
            }
            if level := tw.LEVEL.at(tokens, 0):
                facts["level"] = level[0]
            return facts
    return None
