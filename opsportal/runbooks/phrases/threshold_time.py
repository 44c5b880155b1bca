"""Rules for times of a threshold: how long it must hold, the window it is taken over, the period of a rate."""

from __future__ import annotations

from opsportal.runbooks.phrases import threshold_words as tw
from opsportal.runbooks.phrases.lengths import duration_at, span_at, time_unit_at, whole
from opsportal.runbooks.phrases.threshold_state import Scan, value_later
from opsportal.runbooks.phrases.vocabulary import (
    AGGREGATES,
)

MONTH_NAMES = {"month", "quarter", "year"}


def hold_rule(scan: Scan, i: int) -> int | None:
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


def window_rule(scan: Scan, i: int) -> int | None:
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
    if not hard and not scan.main and not value_later(scan, span_end):
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


def per_rule(scan: Scan, i: int) -> int | None:
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


def period_rule(scan: Scan, i: int) -> int | None:
    """`99.9% monthly`: the period a target is counted over."""
    hit = tw.PERIODS.at(scan.tokens, i)
    if not hit or not scan.main or "per" in scan.facts:
        return None
    scan.facts["per"] = hit[0]
    return hit[1]
