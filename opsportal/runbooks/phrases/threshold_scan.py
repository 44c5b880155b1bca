"""One clause of a threshold, read left to right: rules take what they know, the words they leave become metric, scope or note."""

from __future__ import annotations

from collections.abc import Sequence

from opsportal.runbooks.phrases import threshold_words as tw
from opsportal.runbooks.phrases.threshold_context import (
    aggregate_rule,
    count_rule,
    exclude_rule,
    level_rule,
    out_of_rule,
    samples_rule,
    scope_rule,
)
from opsportal.runbooks.phrases.threshold_state import Rule, Scan
from opsportal.runbooks.phrases.threshold_time import hold_rule, per_rule, period_rule, window_rule
from opsportal.runbooks.phrases.threshold_value import (
    baseline_by_rule,
    baseline_rule,
    change_rule,
    share_rule,
    value_rule,
)
from opsportal.runbooks.phrases.tokens import Token, text_of


def scan(source: str, tokens: Sequence[Token]) -> Scan:
    """The clause read to its end."""
    return Scan(source, tokens).run(RULES)


def parens_rule(state: Scan, i: int) -> int | None:
    """What stands in parentheses is read by the same rules if they understand all of it, else it is a note."""
    if state.tokens[i].key != "(":
        return None
    end, depth = i + 1, 1
    while end < len(state.tokens) and depth:
        depth += {"(": 1, ")": -1}.get(state.tokens[end].key, 0)
        end += 1
    inner = state.tokens[i + 1 : end - (depth == 0)]
    if any(token.key == "(" for token in inner):
        state.notes.append(text_of(state.source, inner))
        return end
    level = tw.LEVEL.at(inner, 0)
    if level and level[1] == len(inner):
        state.facts.setdefault("level", level[0])
        return end
    sub = scan(state.source, inner)
    if sub.left or not sub.facts or (sub.main and state.main) or (sub.bare and state.before):
        state.notes.append(text_of(state.source, inner))
        return end
    state.facts.update({key: value for key, value in sub.facts.items() if key not in state.facts})
    state.holes.extend(sub.holes)
    state.main = state.main or sub.main
    return end


RULES: tuple[Rule, ...] = (
    parens_rule,
    level_rule,
    exclude_rule,
    samples_rule,
    count_rule,
    share_rule,
    aggregate_rule,
    hold_rule,
    window_rule,
    per_rule,
    out_of_rule,
    period_rule,
    change_rule,
    baseline_by_rule,
    baseline_rule,
    value_rule,
    scope_rule,
)
