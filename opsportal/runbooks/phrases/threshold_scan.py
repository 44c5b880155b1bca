"""One clause of a threshold, read left to right: rules take what they know, the words they leave become metric, scope or note."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from opsportal.runbooks.phrases import threshold_words as tw
from opsportal.runbooks.phrases.clock import clock_range_at, hhmm
from opsportal.runbooks.phrases.json import JSON
from opsportal.runbooks.phrases.quantity import Quantity, duration_at, number_at, quantity_at, span_at, time_unit_at, whole
from opsportal.runbooks.phrases.tokens import Token, text_of
from opsportal.runbooks.phrases.vocabulary import (
    AGGREGATES,
    APPROX,
    APPROX_AFTER,
    BETWEEN,
    MIN_MAX,
    NUMBER_WORDS,
    OPERATORS,
    PERCENTILE,
    PERCENTILE_AFTER,
    POSTFIX_OPERATORS,
    RANGE_WORDS,
)

MONTH_NAMES = {"month", "quarter", "year"}


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

    def run(self) -> Scan:
        i = 0
        while i < len(self.tokens):
            i = next((end for rule in RULES if (end := rule(self, i))), 0) or self._leave(i)
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


def _level(scan: Scan, i: int) -> int | None:
    """`target:`, `warning-level alert if`, `critical > 5 %`, and `… 90 % critical` behind the value."""
    hit = tw.LEVEL.at(scan.tokens, i)
    if not hit or "level" in scan.facts:
        return None
    end = hit[1]
    tail = False
    while more := tw.LEVEL_TAIL.at(scan.tokens, end):
        end, tail = more[1], True
    starts = not any(token.kind == "word" for token in scan.before)
    cue = tail or OPERATORS.has(scan.tokens, end) or tw.LEVEL_CUE.has(scan.tokens, end) or _is_value(scan.tokens, end)
    last = scan.main and not any(token.kind == "word" for token in scan.tokens[end:])
    if not (starts and not scan.main and cue and end < len(scan.tokens) or last):
        return None
    scan.facts["level"] = hit[0]
    return end


def _is_value(tokens: Sequence[Token], i: int) -> bool:
    return i < len(tokens) and tokens[i].kind in {"num", "hole"}


def _exclude(scan: Scan, i: int) -> int | None:
    hit = tw.EXCLUDE.at(scan.tokens, i)
    if not hit or not scan.main:
        return None
    clock = clock_range_at(scan.tokens, hit[1])
    end = clock.end if clock else hit[1]
    while end < len(scan.tokens) and scan.tokens[end].kind != "punct":
        end += 1
    words = text_of(scan.source, scan.tokens[hit[1] : end])
    scan.facts["exclude"] = f"{hhmm(clock.start)}-{hhmm(clock.stop)}" if clock else words
    return end if end > hit[1] else None


def _samples(scan: Scan, i: int) -> int | None:
    """`after 500-sample guard`, `with at least 100 samples`."""
    guard, j = tw.GUARD.at(scan.tokens, i), i
    while guard:
        j = guard[1]
        guard = tw.GUARD.at(scan.tokens, j)
    value = number_at(scan.tokens, j)
    if not value:
        return None
    end = value[1] + (value[1] < len(scan.tokens) and scan.tokens[value[1]].key == "-")
    noun = tw.SAMPLE.at(scan.tokens, end)
    if not noun or (j == i and not tw.GUARD_NOUN.has(scan.tokens, noun[1])):
        return None
    scan.facts["min_samples"] = whole(value[0])
    tail = tw.GUARD_NOUN.at(scan.tokens, noun[1])
    return tail[1] if tail else noun[1]


def _count(scan: Scan, i: int) -> int | None:
    """`3 consecutive failures`, `5 errors in a row`, `3 out of 5 checks`, `for 3 consecutive checks`."""
    hold = tw.HOLD.at(scan.tokens, i)
    value = number_at(scan.tokens, hold[1] if hold else i)
    if not value or duration_at(scan.tokens, hold[1] if hold else i):
        return None
    if run := tw.CONSECUTIVE.at(scan.tokens, value[1]):
        scan.facts.update(count=whole(value[0]), consecutive=True)
        return _noun(scan, run[1])
    of = tw.OUT_OF.at(scan.tokens, value[1])
    total = number_at(scan.tokens, of[1]) if of else None
    if total and total[0] >= value[0] and scan.tokens[total[1] - 1].kind == "num" and not _has_unit(scan.tokens, of[1] if of else i):
        scan.facts.update(count=whole(value[0]), out_of=whole(total[0]))
        return _noun(scan, total[1])
    return _in_a_row(scan, value)


def _has_unit(tokens: Sequence[Token], i: int) -> bool:
    hit = quantity_at(tokens, i)
    return bool(hit and hit[0].u)


def _in_a_row(scan: Scan, value: tuple[float, int]) -> int | None:
    for end in range(value[1], min(value[1] + 4, len(scan.tokens))):
        if hit := tw.IN_A_ROW.at(scan.tokens, end):
            scan.facts.update(count=whole(value[0]), consecutive=True)
            noun = text_of(scan.source, scan.tokens[value[1] : end])
            if noun and noun != "times":
                scan.facts["of"] = noun
            return hit[1]
    return None


def _noun(scan: Scan, i: int) -> int:
    """The counted thing: one or two words in front of the next thing a rule knows."""
    end = i
    while end < min(i + 2, len(scan.tokens)) and scan.tokens[end].kind == "word" and not _known(scan, end):
        end += 1
    if end > i:
        scan.facts["of"] = text_of(scan.source, scan.tokens[i:end])
    return end


def _known(scan: Scan, i: int) -> bool:
    lists = (tw.SCOPE, tw.HOLD, tw.WINDOW, tw.SOFT_WINDOW, tw.PER, OPERATORS, AGGREGATES, tw.EXCLUDE)
    return any(lexicon.has(scan.tokens, i) for lexicon in lists)


def _hold(scan: Scan, i: int) -> int | None:
    """`for 5 minutes`, `for > [Y] minutes`, `sustained for more than 10m`: the time a breach must last."""
    hit = tw.HOLD.at(scan.tokens, i)
    if not hit:
        return None
    operator = tw.HOLD_OPERATOR.at(scan.tokens, hit[1])
    j = operator[1] if operator else hit[1]
    if (span := span_at(scan.tokens, j)) and span.low is not None:
        scan.facts["for"] = whole(span.low)
        return span.end
    if j < len(scan.tokens) and scan.tokens[j].kind == "hole" and (unit := time_unit_at(scan.tokens, j + 1)):
        scan.holes.append(scan.tokens[j].text)
        scan.facts.update({"for": None, "placeholder": True})
        return unit[2]
    return None


def _window(scan: Scan, i: int) -> int | None:
    """`in the last 5 minutes`, `over 1 hour`, `5-minute window`: the time a value is taken over."""
    hard, soft = tw.WINDOW.at(scan.tokens, i), tw.SOFT_WINDOW.at(scan.tokens, i)
    if hit := hard or soft:
        return _window_after(scan, hit[1], hard is not None)
    span = duration_at(scan.tokens, i)
    noun = (tw.WINDOW_NOUN.at(scan.tokens, span.end) or AGGREGATES.at(scan.tokens, span.end)) if span else None
    if not span or not noun or (tw.BASELINE.has(scan.tokens, i)):
        return None
    if isinstance(noun[0], str):
        scan.facts["agg"] = noun[0]
    scan.facts["window"] = whole(span.low or 0)
    return noun[1]


def _window_after(scan: Scan, i: int, hard: bool) -> int | None:
    span = duration_at(scan.tokens, i)
    if not span and hard and (unit := time_unit_at(scan.tokens, i)) and unit[1] not in MONTH_NAMES:
        span_end, seconds = unit[2], unit[0]
    elif span and span.low is not None:
        span_end, seconds = span.end, span.low
    else:
        return _open_window(scan, i)
    if not hard and not scan.main and not _value_later(scan, span_end):
        return None
    scan.facts["window"] = whole(seconds)
    noun = tw.WINDOW_NOUN.at(scan.tokens, span_end)
    return noun[1] if noun else span_end


def _open_window(scan: Scan, i: int) -> int | None:
    """`in [M] minutes`: a window whose length is a placeholder."""
    unit = time_unit_at(scan.tokens, i + 1) if i < len(scan.tokens) and scan.tokens[i].kind == "hole" else None
    if not unit:
        return None
    scan.holes.append(scan.tokens[i].text)
    scan.facts.update(window=None, placeholder=True)
    return unit[2]


def _value_later(scan: Scan, i: int) -> bool:
    near = range(i, min(i + 20, len(scan.tokens)))
    return any(quantity_at(scan.tokens, hit[1]) for j in near if (hit := OPERATORS.at(scan.tokens, j)))


def _aggregate(scan: Scan, i: int) -> int | None:
    """`p95`, `99th percentile`, `average`, `max latency`; a `for` in front of a percentile is swallowed."""
    j = i + (tw.HOLD.has(scan.tokens, i) or scan.tokens[i].key in {"at", "the", "(", "au", "im"})
    j += j < len(scan.tokens) and scan.tokens[j].key in {"the", "das", "le"} and j > i
    if hit := _percentile(scan.tokens, j):
        scan.facts["agg"] = hit[0]
        return hit[1]
    word = AGGREGATES.at(scan.tokens, i)
    if word and not (i and scan.tokens[i - 1].key == "load"):
        scan.facts["agg"] = word[0]
        return word[1]
    limit = MIN_MAX.at(scan.tokens, i)
    if limit and not scan.main and limit[1] < len(scan.tokens) and scan.tokens[limit[1]].kind == "word" and _value_later(scan, limit[1]):
        scan.facts["agg"] = limit[0]
        return limit[1]
    return None


def _percentile(tokens: Sequence[Token], i: int) -> tuple[str, int] | None:
    if i >= len(tokens):
        return None
    key = tokens[i].key
    if key[0] == "p" and key[1:].isdigit() and len(key) <= 5 and tokens[i].kind == "word":
        tenth = i + 2 < len(tokens) and tokens[i + 1].key == "." and tokens[i + 2].kind == "num" and tokens[i + 1].start == tokens[i].end
        return (f"{key}.{tokens[i + 2].text}", i + 3) if tenth else (key, i + 1)
    if tokens[i].kind != "num" or tokens[i].value is None:
        return None
    suffix = PERCENTILE_AFTER.at(tokens, i + 1)
    end = suffix[1] if suffix else i + 1 + (i + 1 < len(tokens) and tokens[i + 1].key in {".", "-"})
    name = PERCENTILE.at(tokens, end)
    return (f"p{tokens[i].text}", name[1]) if name else None


def _share(scan: Scan, i: int) -> int | None:
    """`95% of requests < 200ms`, `95% < 200ms`: a share of the requests is a percentile of their time."""
    if scan.main or scan.tokens[i].kind != "num" or i + 2 >= len(scan.tokens) or scan.tokens[i + 1].key != "%":
        return None
    share = scan.tokens[i].value or 0
    for j in range(i + 2, min(i + 8, len(scan.tokens))):
        hit = OPERATORS.at(scan.tokens, j)
        value = quantity_at(scan.tokens, hit[1]) if hit else None
        if hit and value:
            if value[0].seconds is None or not 50 <= share < 100 or hit[0] not in {"<", "<="}:
                return None
            scan.facts["agg"] = f"p{scan.tokens[i].text}"
            return j
    return None


def _change(scan: Scan, i: int) -> int | None:
    """`drops by 30%`, `increase of 50%`, `+20%`: a change, signed in `delta`."""
    hit = tw.CHANGE.at(scan.tokens, i)
    sign = {"+": 1, "±": 0}.get(scan.tokens[i].key)
    if scan.main or (not hit and sign is None):
        return None
    j = hit[1] if hit else i + 1
    operator = OPERATORS.at(scan.tokens, j) if hit else None
    value = quantity_at(scan.tokens, operator[1] if operator else j)
    if not value or value[0].v is None:
        return None
    _set_value(scan, value[0], operator[0] if operator else ">=" if hit else "")
    scan.facts["delta"] = value[0].v * (hit[0] if hit else sign or 1)
    scan.facts["relative"] = value[0].u == "%"
    relation = tw.RELATION.at(scan.tokens, value[1])
    base = tw.BASELINE.at(scan.tokens, relation[1]) if relation else None
    if base:
        scan.facts["baseline"] = scan.facts["delta"]
    return base[1] if base else value[1]


def _baseline(scan: Scan, i: int) -> int | None:
    """`20% below baseline`, `2x the normal`, `> 50% above last week`."""
    operator = OPERATORS.at(scan.tokens, i)
    value = quantity_at(scan.tokens, operator[1] if operator else i)
    if scan.main or not value or value[0].v is None or value[0].u not in {"%", "ratio", "s", "ms"}:
        return None
    relation = tw.RELATION.at(scan.tokens, value[1])
    end = relation[1] if relation else value[1]
    base = tw.BASELINE.at(scan.tokens, end)
    if not base or (value[0].u != "ratio" and not (relation and scan.tokens[value[1]].key not in {"of", "the"})):
        return None
    sign = -1 if relation and relation[0] == "<" else 1
    scan.facts.update(op=relation[0] if relation else operator[0] if operator else ">", baseline=sign * value[0].v, u=value[0].u)
    scan.main = True
    return base[1]


def _value(scan: Scan, i: int) -> int | None:
    """The main value: operator and value, a range, or a value alone."""
    if scan.main and not scan.bare:
        return None
    operator = OPERATORS.at(scan.tokens, i)
    j = operator[1] if operator else i
    while j < len(scan.tokens) and operator and scan.tokens[j].key == ":":
        j += 1
    near = APPROX.at(scan.tokens, j)
    j = near[1] if near else j
    if scan.bare and not operator:
        return None
    end = _range(scan, i if not operator else j, operator) or _single(scan, j, operator)
    if end and (near or APPROX_AFTER.has(scan.tokens, end)):
        scan.facts["approx"] = True
        end += not near
    return end


def _single(scan: Scan, i: int, operator: tuple[str, int] | None) -> int | None:
    negative = operator is not None and i + 1 < len(scan.tokens) and scan.tokens[i].key == "-" and scan.tokens[i + 1].kind == "num"
    value = quantity_at(scan.tokens, i + negative) or (_counted_in_words(scan, i) if operator else None)
    if not value or (operator is None and not _stands_free(scan, i)):
        return None
    _set_value(scan, value[0], operator[0] if operator else "")
    if negative and value[0].v is not None:
        scan.facts["v"] = -value[0].v
    if not operator:
        scan.bare = list(scan.tokens[i : value[1]])
    post = POSTFIX_OPERATORS.at(scan.tokens, value[1])
    if post and not operator:
        scan.facts["op"], scan.bare = post[0], []
        return post[1]
    return value[1]


def _counted_in_words(scan: Scan, i: int) -> tuple[Quantity, int] | None:
    """`fewer than two replicas`: behind an operator a number word counts without a unit of time."""
    hit = NUMBER_WORDS.at(scan.tokens, i)
    return (Quantity(whole(hit[0])), hit[1]) if hit and scan.tokens[i].key not in {"a", "an", "un", "une", "una", "um", "uma"} else None


def _stands_free(scan: Scan, i: int) -> bool:
    """A number glued to a word (`Non-200`, `HTTP/2`, `v1.2`) is part of a name."""
    glued = i > 0 and scan.tokens[i].start == scan.tokens[i - 1].end and scan.tokens[i - 1].key in {"-", "/", ".", "#"}
    return not glued


def _range(scan: Scan, i: int, operator: tuple[str, int] | None) -> int | None:
    """`between 10 and 20%`, `100-120ms`, `5% to 10%`, `100 ± 5 ms`."""
    lead = BETWEEN.at(scan.tokens, i)
    low = quantity_at(scan.tokens, lead[1] if lead else i)
    if not low or low[0].v is None or not _stands_free(scan, i):
        return None
    dash = RANGE_WORDS.at(scan.tokens, low[1])
    spread = low[1] < len(scan.tokens) and scan.tokens[low[1]].key == "±"
    high = quantity_at(scan.tokens, low[1] + 1 if spread else dash[1]) if spread or dash else None
    if not high or high[0].v is None or (dash and not lead and scan.tokens[low[1]].key in {"and", "und", "et", "y", "e", "a", "和", "&"}):
        return None
    return _set_range(scan, low[0], high[0], spread, operator, high[1])


def _set_range(scan: Scan, low: Quantity, high: Quantity, spread: bool, operator: tuple[str, int] | None, end: int) -> int | None:
    if low.v is None or high.v is None or (low.u and high.u and low.u != high.u and low.seconds is None):
        return None
    factor = high.seconds / high.v if high.seconds is not None and high.v else 1
    if low.seconds is not None and low.u != high.u and factor:
        first = whole(low.seconds / factor)
    else:
        written_in_minutes = high.u == "s" and high.written and not low.u
        first = whole(low.v * _factor(high)) if written_in_minutes else low.v
    bounds = (whole(first - high.v), whole(first + high.v)) if spread else (first, high.v)
    if bounds[0] > bounds[1]:
        return None
    scan.facts.update(range=[bounds[0], bounds[1]], u=high.u or low.u)
    if operator:
        scan.facts["op"] = operator[0]
    if spread:
        scan.facts["delta"] = high.v
    scan.main, scan.bare = True, []
    return end


def _factor(quantity: Quantity) -> float:
    """Seconds in the written unit of a time that was turned into seconds (`5-10 min` → 60)."""
    figure = float(quantity.written.split()[0].replace(",", ".")) if quantity.written[:1].isdigit() else 1
    return (quantity.seconds or 1) / figure if figure else 1


def _set_value(scan: Scan, quantity: Quantity, operator: str) -> None:
    if scan.bare:
        scan.before.extend(scan.bare + scan.after)
        scan.after, scan.bare = [], []
        for name in ("u", "seconds", "written", "of"):
            scan.facts.pop(name, None)
    scan.facts["v"] = quantity.v
    if operator:
        scan.facts["op"] = operator
    if quantity.u:
        scan.facts["u"] = quantity.u
    if quantity.u.endswith("/s"):
        scan.facts["per"] = 1
    if quantity.seconds is not None:
        scan.facts["seconds"] = quantity.seconds
        if quantity.u == "s" and not quantity.written.startswith(str(quantity.v)):
            scan.facts["written"] = quantity.written
    if quantity.placeholder:
        scan.facts["placeholder"] = True
        scan.holes.append(quantity.written)
    scan.main = True


def _per(scan: Scan, i: int) -> int | None:
    """`/hour`, `per minute`, `/5m`, `per month`: the time base of a rate."""
    hit = tw.PER.at(scan.tokens, i)
    if not hit or not scan.main:
        return None
    if (span := duration_at(scan.tokens, hit[1])) and span.low is not None:
        scan.facts["per"] = whole(span.low) if not span.months else span.unit
        return span.end
    unit = time_unit_at(scan.tokens, hit[1])
    if not unit:
        return None
    scan.facts["per"] = unit[1] if unit[1] in MONTH_NAMES else whole(unit[0])
    return unit[2]


def _scope(scan: Scan, i: int) -> int | None:
    """`for health endpoints`, `per module`, `sur un service`: what the limit holds for."""
    hit = tw.SCOPE.at(scan.tokens, i)
    if not hit or not scan.main or scan.in_scope or hit[1] >= len(scan.tokens) or scan.tokens[hit[1]].kind != "word":
        return None
    scan.in_scope = True
    return hit[1]


def _parens(scan: Scan, i: int) -> int | None:
    """What stands in parentheses is read by the same rules if they understand all of it, else it is a note."""
    if scan.tokens[i].key != "(":
        return None
    end, depth = i + 1, 1
    while end < len(scan.tokens) and depth:
        depth += {"(": 1, ")": -1}.get(scan.tokens[end].key, 0)
        end += 1
    inner = scan.tokens[i + 1 : end - (depth == 0)]
    if any(token.key == "(" for token in inner):
        scan.notes.append(text_of(scan.source, inner))
        return end
    level = tw.LEVEL.at(inner, 0)
    if level and level[1] == len(inner):
        scan.facts.setdefault("level", level[0])
        return end
    sub = Scan(scan.source, inner, main=False).run()
    if sub.left or not sub.facts or (sub.main and scan.main) or (sub.bare and scan.before):
        scan.notes.append(text_of(scan.source, inner))
        return end
    scan.facts.update({key: value for key, value in sub.facts.items() if key not in scan.facts})
    scan.holes.extend(sub.holes)
    scan.main = scan.main or sub.main
    return end


RULES: tuple[Rule, ...] = (
    _parens, _level, _exclude, _samples, _count, _share, _aggregate, _hold, _window, _per, _change, _baseline, _value, _scope,
)
