"""Thresholds: `Error rate > 5% for 5 minutes` and what runbooks write instead of it."""

from __future__ import annotations

from collections.abc import Sequence

from opsportal.runbooks.phrases import threshold_words as tw
from opsportal.runbooks.phrases.expression import expression
from opsportal.runbooks.phrases.json import JSON, Facts, not_understood
from opsportal.runbooks.phrases.quantity import BYTES
from opsportal.runbooks.phrases.threshold_clauses import clauses as clauses_of
from opsportal.runbooks.phrases.threshold_clauses import sentence_ends, unwrapped
from opsportal.runbooks.phrases.threshold_scan import scan as read_clause
from opsportal.runbooks.phrases.threshold_special import budget, expiry
from opsportal.runbooks.phrases.threshold_state import Scan
from opsportal.runbooks.phrases.tokens import Lexicon, Token, clean, text_of, tokenize

_THROUGHPUT: Lexicon[str] = Lexicon(
    [
        ("request|requests|req|reqs|anfragen|requetes|solicitudes|peticiones|requisicoes|http requests", "req"),
        ("op|ops|operation|operations", "ops"),
        ("message|messages|msg|msgs|nachrichten", "msg"),
        ("query|queries", "queries"),
        ("transaction|transactions|tx|txn|txns", "transactions"),
        ("event|events", "events"),
        ("call|calls", "calls"),
        ("record|records|row|rows", "rows"),
        ("write|writes", "writes"),
        ("read|reads", "reads"),
        ("job|jobs", "jobs"),
    ]
)
_PER_NAMES = {1: "s", 60: "min", 3600: "h", 86400: "d"}
_NOTHING = {"none", "n/a", "na", "nil", "keine", "aucun", "ninguno", "nenhum", "无"}
_BREACH_ROLES = {"alert", "critical", "warning"}
_LEAD_TAIL = 9  # more words than this in front of a bare number: prose that happens to hold a number


def parse(text: str, role: str = "", metric: str = "") -> Facts:
    """Facts of one phrase, `{"all": […]}` or `{"any": […]}` for several, or the text as not understood."""
    if query := expression(text.replace("`", "")):
        return query
    source = clean(text)
    tokens = unwrapped(tokenize(source))
    special = budget(source, tokens) or expiry(source, tokens)
    if special:
        return special
    clauses, joined = clauses_of(source, tokens)
    parsed = [_clause(source, clause, role, metric) for clause in clauses]
    if len(parsed) == 1:
        return parsed[0] or _not_a_threshold(source, tokens, text)
    if not all(parsed):
        return not_understood(text)
    return {joined: [dict(part) for part in _inherit(parsed)]}


def _inherit(parts: list[Facts]) -> list[Facts]:
    """`CPU > 80% warning, > 90% critical`: later parts are about the metric of the first."""
    first = parts[0]
    for part in parts[1:]:
        if "metric" not in part and "of" not in part and part.get("u") == first.get("u"):
            part.update(
                {
                    key: first[key]
                    for key in ("metric", "agg", "dir")
                    if key in first and key not in part and "metric" in first
                }
            )
            _direct(part, "", str(part.get("metric", "")))
    return parts


def _clause(source: str, tokens: Sequence[Token], role: str, metric: str) -> Facts:
    """Facts of one clause; empty if nothing in it is a threshold."""
    scan = read_clause(source, tokens)
    facts = scan.facts
    name, trailing = _metric(scan)
    if not _meaningful(scan, name):
        return {}
    _name_unit(scan, facts, name, trailing)
    _relative(scan, facts)
    if not scan.main and "for" in facts and name:
        facts["cond"] = facts.pop("metric", name)
    if scan.scope and (words := text_of(source, scan.scope)):
        facts["scope"] = words
    if note := "; ".join(note for note in scan.notes if note):
        facts["note"] = note
    if scan.holes:
        facts["placeholder"] = True
        facts["placeholders"] = list(scan.holes)
    _direct(facts, role, metric or str(facts.get("metric", "")))
    return _ordered(facts)


def _meaningful(scan: Scan, name: str) -> bool:
    if (
        scan.main
        and scan.bare
        and not (scan.facts.get("u") or scan.after or "per" in scan.facts or "level" in scan.facts)
    ):
        return not name
    if scan.main and scan.bare and len(scan.before) > _LEAD_TAIL:
        return False
    if scan.main and scan.bare and not scan.facts.get("u") and name:
        return False
    return scan.main or "count" in scan.facts or ("for" in scan.facts and bool(scan.before))


def _metric(scan: Scan) -> tuple[str, str]:
    """The name in front of the value, and the words behind it."""
    lead = _strip(scan.before)
    stop = next((i for i in range(len(scan.after)) if sentence_ends(scan.after, i)), len(scan.after))
    scan.notes.append(text_of(scan.source, scan.after[stop + 1 :]))
    tail = _strip(scan.after[:stop])
    if lead and tw.PRONOUNS.has(lead, 0) and all(token.key == "time" or tw.PRONOUNS.has([token], 0) for token in lead):
        lead = []
    return text_of(scan.source, lead), text_of(scan.source, tail)


def _strip(tokens: Sequence[Token]) -> Sequence[Token]:
    """Without `alert if the` in front and `is` behind."""
    start, end = 0, len(tokens)
    while start < end and ((hit := tw.LEAD_NOISE.at(tokens[:end], start)) or tokens[start].kind == "punct"):
        start = hit[1] if hit else start + 1
    while end > start and _tail_noise(tokens, start, end):
        end -= _tail_noise(tokens, start, end)
    return tokens[start:end]


def _tail_noise(tokens: Sequence[Token], start: int, end: int) -> int:
    if tokens[end - 1].kind in {"punct", "op"}:
        return 1
    return next(
        (
            size
            for size in (2, 1)
            if end - size >= start and (hit := tw.TAIL_NOISE.at(tokens[:end], end - size)) and hit[1] == end
        ),
        0,
    )


def _name_unit(scan: Scan, facts: Facts, name: str, trailing: str) -> None:
    """Words behind a bare number are what is counted; behind a unit they are the metric."""
    rate = facts.get("per")
    unit = facts.get("u")
    if name:
        facts["metric"] = name
    if trailing and scan.main and not unit and "range" not in facts and "v" in facts:
        _counted(facts, trailing, rate)
    elif trailing:
        _trailing(scan, facts, name, trailing)
    if isinstance(unit, str) and unit in BYTES and isinstance(rate, int) and rate in _PER_NAMES:
        facts["u"] = f"{unit}/{_PER_NAMES[rate]}"


def _counted(facts: Facts, noun: str, rate: JSON) -> None:
    known = _THROUGHPUT.at(tokenize(noun), 0)
    if known and known[1] == len(tokenize(noun)) and isinstance(rate, int) and rate in _PER_NAMES:
        facts["u"] = f"{known[0]}/{_PER_NAMES[rate]}"
    else:
        facts.update(u="count", of=noun)


def _trailing(scan: Scan, facts: Facts, name: str, trailing: str) -> None:
    words = tokenize(trailing)
    while words and tw.USAGE.has(words, len(words) - 1):
        words = words[:-1]
    short = text_of(trailing, words)
    if not name:
        if short:
            facts["metric"] = short
    elif direction(trailing) and not direction(name):
        facts["metric"] = short or trailing
        scan.notes.append(name)
    elif short:
        scan.notes.append(trailing)


def _relative(scan: Scan, facts: Facts) -> None:
    if facts.get("u") == "%" and (tw.RELATIVE.find(scan.before) or tw.RELATIVE.find(scan.after)):
        facts["relative"] = True
        metric = facts.get("metric")
        if isinstance(metric, str) and not scan.before and tw.RELATIVE.at(tokenize(metric), 0):
            facts["change"] = facts.pop("metric")
    if facts.get("relative") is False:
        del facts["relative"]


def direction(metric: str) -> str:
    """`higher` or `lower` by the words of a metric's name, whichever is better; empty when they do not say."""
    tokens = tokenize(clean(metric))
    return "higher" if tw.HIGHER.find(tokens) else "lower" if tw.LOWER.find(tokens) else ""


def _direct(facts: Facts, role: str, metric: str) -> None:
    """Which side is better, and the operator of a bare value by it."""
    better = direction(metric)
    value, unit = facts.get("v"), facts.get("u")
    if (
        not better
        and not metric
        and facts.get("op") in {">", ">="}
        and unit == "%"
        and isinstance(value, (int, float))
        and 99 <= value < 100
    ):
        better = "higher"
    if better:
        facts["dir"] = better
    level = role or str(facts.get("level", ""))
    if better and "op" not in facts and "v" in facts and "delta" not in facts and not facts.get("relative"):
        breach = level in _BREACH_ROLES
        facts["op"] = {(True, "higher"): "<", (True, "lower"): ">", (False, "higher"): ">=", (False, "lower"): "<="}[
            (breach, better)
        ]


_ORDER = (
    "level",
    "metric",
    "agg",
    "op",
    "v",
    "u",
    "of",
    "range",
    "seconds",
    "written",
    "baseline",
    "delta",
    "relative",
    "per",
    "window",
    "for",
    "count",
)


def _ordered(facts: Facts) -> Facts:
    known = {key: facts[key] for key in _ORDER if key in facts}
    return known | facts


def _not_a_threshold(source: str, tokens: Sequence[Token], text: str) -> Facts:
    """What can be said of a text that is no threshold: a lone placeholder, a reference, a figure that is only a hint."""
    if (
        tokens
        and all(token.kind in {"hole", "punct"} for token in tokens)
        and any(token.kind == "hole" for token in tokens)
    ):
        return {
            "v": None,
            "placeholder": True,
            "placeholders": [token.text for token in tokens if token.kind == "hole"],
        }
    facts: Facts = {}
    for i in range(1, len(tokens)):
        if (
            tokens[i].kind == "num"
            and tokens[i].value is not None
            and any(tw.CURRENT.has(tokens, j) for j in range(max(0, i - 3), i))
        ):
            facts["hint"] = {"v": tokens[i].value}
        if tw.REFERENCE_LEAD.has(tokens, i - 1) and (hit := tw.REFERENCE.at(tokens, i)):
            facts["reference"] = text_of(source, tokens[i : hit[1]])
    if "reference" in facts:
        return not_understood(text, **facts)
    if (
        any(char.isalpha() for char in text)
        and not any(char.isdigit() for char in text)
        and source.casefold() not in _NOTHING
    ):
        return not_understood(text, **facts, qualitative=True)
    return not_understood(text, **facts) if facts else not_understood(text, cond=source)
