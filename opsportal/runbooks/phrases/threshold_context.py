"""Rules for what stands around the value of a threshold: role, percentile, counts, samples, exclusions, scope."""

from __future__ import annotations

from collections.abc import Sequence

from opsportal.runbooks.phrases import threshold_words as tw
from opsportal.runbooks.phrases.clock import clock_range_at, hhmm
from opsportal.runbooks.phrases.lengths import duration_at, number_at, whole
from opsportal.runbooks.phrases.threshold_state import Scan, has_unit, value_later
from opsportal.runbooks.phrases.tokens import Token, text_of
from opsportal.runbooks.phrases.vocabulary import (
    AGGREGATES,
    MIN_MAX,
    OPERATORS,
    PERCENTILE,
    PERCENTILE_AFTER,
)


def level_rule(scan: Scan, i: int) -> int | None:
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
    if not ((starts and not scan.main and cue and end < len(scan.tokens)) or last):
        return None
    scan.facts["level"] = hit[0]
    return end


def _is_value(tokens: Sequence[Token], i: int) -> bool:
    return i < len(tokens) and tokens[i].kind in {"num", "hole"}


def exclude_rule(scan: Scan, i: int) -> int | None:
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


def samples_rule(scan: Scan, i: int) -> int | None:
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


def count_rule(scan: Scan, i: int) -> int | None:
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
    if (
        total
        and total[0] >= value[0]
        and scan.tokens[total[1] - 1].kind == "num"
        and not has_unit(scan.tokens, of[1] if of else i)
    ):
        scan.facts.update(count=whole(value[0]), out_of=whole(total[0]))
        return _noun(scan, total[1])
    return _in_a_row(scan, value)


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


def aggregate_rule(scan: Scan, i: int) -> int | None:
    """`p95`, `99th percentile`, `average`, `max latency`; a `for` in front of a percentile is swallowed."""
    j = i + (tw.HOLD.has(scan.tokens, i) or scan.tokens[i].key in {"at", "the", "(", "au", "im"})
    j += j < len(scan.tokens) and scan.tokens[j].key in {"the", "das", "le"} and j > i
    if hit := _percentile(scan.tokens, j):
        scan.facts["agg"] = hit[0]
        return hit[1]
    word = AGGREGATES.at(scan.tokens, i)
    if word and not (i and scan.tokens[i - 1].key in {"load", "of"}):
        scan.facts["agg"] = word[0]
        return word[1]
    limit = MIN_MAX.at(scan.tokens, i)
    if (
        limit
        and not scan.main
        and limit[1] < len(scan.tokens)
        and scan.tokens[limit[1]].kind == "word"
        and value_later(scan, limit[1])
    ):
        scan.facts["agg"] = limit[0]
        return limit[1]
    return None


def _percentile(tokens: Sequence[Token], i: int) -> tuple[str, int] | None:
    if i >= len(tokens):
        return None
    key = tokens[i].key
    if key.startswith("p") and key[1:].isdigit() and len(key) <= 5 and tokens[i].kind == "word":
        tenth = (
            i + 2 < len(tokens)
            and tokens[i + 1].key == "."
            and tokens[i + 2].kind == "num"
            and tokens[i + 1].start == tokens[i].end
        )
        return (f"{key}.{tokens[i + 2].text}", i + 3) if tenth else (key, i + 1)
    if tokens[i].kind != "num" or tokens[i].value is None:
        return None
    suffix = PERCENTILE_AFTER.at(tokens, i + 1)
    end = suffix[1] if suffix else i + 1 + (i + 1 < len(tokens) and tokens[i + 1].key in {".", "-"})
    name = PERCENTILE.at(tokens, end)
    return (f"p{tokens[i].text}", name[1]) if name else None


def out_of_rule(scan: Scan, i: int) -> int | None:
    """`>= 2 of 3 nodes`, `less than 1 in 10,000 requests`."""
    hit = tw.OUT_OF.at(scan.tokens, i)
    j = hit[1] if hit else i + 1 if scan.tokens[i].key == "in" else 0
    total = number_at(scan.tokens, j) if j and scan.main and "u" not in scan.facts and not scan.after else None
    if not total or has_unit(scan.tokens, j):
        return None
    scan.facts["out_of"] = whole(total[0])
    return total[1]


def scope_rule(scan: Scan, i: int) -> int | None:
    """`for health endpoints`, `per module`, `sur un service`: what the limit holds for."""
    hit = tw.SCOPE.at(scan.tokens, i)
    if not hit or not scan.main or scan.in_scope or hit[1] >= len(scan.tokens) or scan.tokens[hit[1]].kind != "word":
        return None
    scan.in_scope = True
    return hit[1]
