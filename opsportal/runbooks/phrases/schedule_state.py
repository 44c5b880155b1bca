"""The slots of a schedule while its phrase is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from opsportal.runbooks.phrases.clock import Clock, ClockRange, Zone
from opsportal.runbooks.phrases.tokens import Token


@dataclass(slots=True)
class Schedule:
    """What was found so far; `explicit` is False while only a day or a time was named and a heading may say how often."""

    source: str
    tokens: Sequence[Token]
    freq: str = ""
    interval: int = 1
    days: tuple[str, ...] = ()
    ordinals: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    set_pos: int = 0
    week: int | None = None
    times: list[Clock] = field(default_factory=list)
    span: ClockRange | None = None
    zone: Zone | None = None
    part: str = ""
    more_parts: list[str] = field(default_factory=list)
    count: int = 0
    events: list[str] = field(default_factory=list)
    flags: dict[str, bool | str | int] = field(default_factory=dict)
    asks: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    rest: list[Token] = field(default_factory=list)
    explicit: bool = False

    def run(self, rules: Sequence[Rule]) -> Schedule:
        i = 0
        while i < len(self.tokens):
            end = next((end for rule in rules if (end := rule(self, i))), 0)
            if not end:
                self.rest.append(self.tokens[i])
            i = end or i + 1
        return self


Rule = Callable[[Schedule, int], int | None]
