"""The state of one clause of a threshold while it is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from opsportal.runbooks.phrases.json import JSON
from opsportal.runbooks.phrases.quantity import quantity_at
from opsportal.runbooks.phrases.tokens import Token
from opsportal.runbooks.phrases.vocabulary import OPERATORS


@dataclass(slots=True)
class Scan:
    """State of one clause: the facts found so far and the tokens nobody wanted, in front of and behind the main value."""

    source: str
    tokens: Sequence[Token]
    facts: dict[str, JSON] = field(default_factory=dict)
    before: list[Token] = field(default_factory=list)
    after: list[Token] = field(default_factory=list)
    scope: list[Token] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    holes: list[str] = field(default_factory=list)
    main: bool = False
    bare: list[Token] = field(default_factory=list)  # tokens of a value that came without an operator
    in_scope: bool = False

    def run(self, rules: Sequence[Rule]) -> Scan:
        i = 0
        while i < len(self.tokens):
            i = next((end for rule in rules if (end := rule(self, i))), 0) or self._leave(i)
        return self

    def _leave(self, i: int) -> int:
        token = self.tokens[i]
        if token.kind == "hole":
            self.holes.append(token.text)
        target = self.scope if self.in_scope else self.after if self.main else self.before
        if self.in_scope and token.key in {",", ";", "."}:
            self.in_scope = False
        target.append(token)
        return i + 1

    @property
    def left(self) -> bool:
        return any(token.kind != "punct" for token in (*self.before, *self.after, *self.scope))


Rule = Callable[[Scan, int], int | None]


def value_later(scan: Scan, i: int) -> bool:
    near = range(i, min(i + 20, len(scan.tokens)))
    return any(quantity_at(scan.tokens, hit[1]) for j in near if (hit := OPERATORS.at(scan.tokens, j)))


def has_unit(tokens: Sequence[Token], i: int) -> bool:
    hit = quantity_at(tokens, i)
    return bool(hit and hit[0].u)
