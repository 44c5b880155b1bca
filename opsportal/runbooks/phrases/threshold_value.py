"""Rules for the value of a threshold: operator and number, range, change, multiple of a baseline, share of requests."""

from __future__ import annotations

from opsportal.runbooks.phrases import threshold_words as tw
from opsportal.runbooks.phrases.lengths import whole
from opsportal.runbooks.phrases.quantity import Quantity, quantity_at
from opsportal.runbooks.phrases.schedule_words import TIMES
from opsportal.runbooks.phrases.threshold_state import Scan
from opsportal.runbooks.phrases.vocabulary import (
    APPROX,
    APPROX_AFTER,
    BETWEEN,
    NUMBER_WORDS,
    OPERATORS,
    POSTFIX_OPERATORS,
    RANGE_WORDS,
)


def share_rule(scan: Scan, i: int) -> int | None:
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


def change_rule(scan: Scan, i: int) -> int | None:
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


def baseline_by_rule(scan: Scan, i: int) -> int | None:
    """`exceeds the baseline by 50%`: the baseline stands in front of the amount."""
    operator = OPERATORS.at(scan.tokens, i)
    base = tw.BASELINE.at(scan.tokens, operator[1]) if operator else None
    if scan.main or not operator or not base or base[1] >= len(scan.tokens):
        return None
    value = quantity_at(scan.tokens, base[1] + 1) if scan.tokens[base[1]].key in {"by", "um", "de"} else None
    if not value or value[0].v is None:
        return None
    sign = -1 if operator[0].startswith("<") else 1
    scan.facts.update(op=operator[0], baseline=sign * value[0].v, u=value[0].u)
    scan.main = True
    return value[1]


def baseline_rule(scan: Scan, i: int) -> int | None:
    """`20% below baseline`, `2x the normal`, `> 50% above last week`."""
    operator = OPERATORS.at(scan.tokens, i)
    j = operator[1] if operator else i
    multiple = tw.MULTIPLES.at(scan.tokens, j)
    value = (Quantity(multiple[0], "ratio"), multiple[1]) if multiple else quantity_at(scan.tokens, j)
    if scan.main or not value or value[0].v is None or value[0].u not in {"%", "ratio", "s", "ms"}:
        return None
    relation = tw.RELATION.at(scan.tokens, value[1])
    end = relation[1] if relation else value[1]
    base = tw.BASELINE.at(scan.tokens, end)
    if not base or (value[0].u != "ratio" and not (relation and scan.tokens[value[1]].key not in {"of", "the"})):
        return None
    sign = -1 if relation and relation[0] == "<" else 1
    scan.facts.update(
        op=relation[0] if relation else operator[0] if operator else ">", baseline=sign * value[0].v, u=value[0].u
    )
    scan.main = True
    return base[1]


def value_rule(scan: Scan, i: int) -> int | None:
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
    negative = (
        operator is not None
        and i + 1 < len(scan.tokens)
        and scan.tokens[i].key == "-"
        and scan.tokens[i + 1].kind == "num"
    )
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
    hit = NUMBER_WORDS.at(scan.tokens, i) or TIMES.at(scan.tokens, i)
    return (
        (Quantity(whole(hit[0])), hit[1])
        if hit and scan.tokens[i].key not in {"a", "an", "un", "une", "una", "um", "uma"}
        else None
    )


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
    start = low[1] + 1 if spread else dash[1] if dash else 0
    high = quantity_at(scan.tokens, start) if start else None
    if (
        not high
        or high[0].v is None
        or (dash and not lead and scan.tokens[low[1]].key in {"and", "und", "et", "y", "e", "a", "和", "&"})
    ):
        return None
    return _set_range(scan, low[0], high[0], spread, operator, high[1])


def _set_range(
    scan: Scan, low: Quantity, high: Quantity, spread: bool, operator: tuple[str, int] | None, end: int
) -> int | None:
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
    _take_back(scan)
    scan.facts["v"] = quantity.v
    if operator:
        scan.facts["op"] = operator
    if quantity.u:
        scan.facts["u"] = quantity.u
    if quantity.u.endswith("/s"):
        scan.facts["per"] = 1
    _set_time(scan, quantity)
    if quantity.placeholder:
        scan.facts["placeholder"] = True
        scan.holes.append(quantity.written)
    scan.main = True


def _take_back(scan: Scan) -> None:
    """A bare value in front of the real one was part of the name (`top 5 nodes > 80%`)."""
    if not scan.bare:
        return
    scan.before.extend(scan.bare + scan.after)
    scan.after, scan.bare = [], []
    for name in ("u", "seconds", "written", "of"):
        scan.facts.pop(name, None)


def _set_time(scan: Scan, quantity: Quantity) -> None:
    if quantity.seconds is None:
        return
    scan.facts["seconds"] = quantity.seconds
    if quantity.u == "s" and not quantity.written.startswith(str(quantity.v)):
        scan.facts["written"] = quantity.written
