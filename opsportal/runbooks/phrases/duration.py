"""How long something takes or may take: durations, time boxes of phases, response times."""

from __future__ import annotations

import re
from collections.abc import Sequence

from opsportal.runbooks.phrases.json import Facts, not_understood
from opsportal.runbooks.phrases.lengths import Span, number_at, span_at, time_unit_at, whole
from opsportal.runbooks.phrases.tokens import Token, clean, text_of, tokenize, words
from opsportal.runbooks.phrases.vocabulary import APPROX, APPROX_AFTER, OPERATORS, POSTFIX_OPERATORS, RANGE_WORDS

Tokens = Sequence[Token]

_IMMEDIATE = words(
    "immediate|immediately|instant|instantly|right away|straight away|at once|asap|now|without delay|sofort|sofortig|umgehend|unverzuglich|immediat|"
    "immediate response|immediatement|tout de suite|sans delai|inmediato|inmediata|inmediatamente|imediato|imediata|imediatamente|立即|立刻|马上"
)
_BUSINESS_DAY = words(
    "next business day|next working day|next work day|nbd|following business day|next day|nachster werktag|nachster arbeitstag|am nachsten werktag|"
    "jour ouvre suivant|prochain jour ouvre|siguiente dia habil|proximo dia util|下一个工作日"
)
_SAME_DAY = words(
    "same business day|same working day|same day|gleicher tag|selber tag|meme jour|mismo dia|mesmo dia|当天"
)
_END_OF_DAY = words(
    "end of day|end of the day|end of business day|end of business|close of business|eod|cob|feierabend|fin de journee|fin del dia|fim do dia"
)
_ADVANCE = words(
    "in advance|ahead|ahead of time|beforehand|prior|before|notice|im voraus|vorher|a l'avance|de antelacion|con antelacion|de antecedencia|提前"
)
_LABEL = words(
    "duration|estimated duration|expected duration|estimated time|time required|time|eta|response|response time|respond within|respond in|respond|"
    "takes|it takes|total time|sla|acknowledge within|within|in|dauer|reaktionszeit|duree|temps de reponse|duracion|tiempo de respuesta|duracao|"
    "tempo de resposta|响应时间|the|target|of|initial response|dentro de|内|en|em|dans|max|first|time to complete|:|="
)
_BEST_EFFORT = words(
    "best effort|best endeavours|best endeavors|no sla|nach bestem bemuhen|au mieux|mejor esfuerzo|melhor esforco|尽力"
)
_FIRST = words("first|erste|ersten|premieres|premiers|primeros|primeras|primeiros|primeiras|initial|最初")
_WORKING_HOURS = words(
    "business hours|working hours|office hours|core hours|geschaftszeiten|burozeiten|heures ouvrables|horario laboral|horario comercial"
)
_T_PLUS = re.compile(r"\bT\s?\+\s?(?=\d)")


def parse(text: str) -> Facts:
    """A duration as `v` seconds, a range as `range`, with `op` for `up to` and `or more`; a time box also has `from` and `to`."""
    source = clean(_T_PLUS.sub("", text))
    tokens = tokenize(source)
    found = first_span(tokens)
    if not found:
        return _open(tokens) or (_zero(tokens) if _IMMEDIATE.find(tokens) else not_understood(text))
    i, span, operator = found
    facts = _span_facts(span, operator)
    if span.low == span.high and _is_rate(tokens, span.end):
        return not_understood(text)
    if span.low == span.high and i and _FIRST.has(tokens, i - 1):
        facts = {
            "range": [0, whole(span.high or 0)],
            "u": "s",
            "min": 0,
            "max": whole(span.high or 0),
            "time_box": True,
            "from": 0,
            "to": whole(span.high or 0),
        }
    elif _is_box(tokens, i, span, operator):
        facts.update(
            time_box=True,
            **{"from": whole(span.low or 0), "to": None if operator in {">", ">="} else whole(span.high or 0)},
        )
        if operator in {"<", "<="}:
            facts["from"] = 0
    note = _note(source, [token for n, token in enumerate(tokens) if not i <= n < span.end])
    if note and not _only_labels(note):
        facts["note"] = note
        if _WORKING_HOURS.find(tokenize(note)):
            facts["business"] = True
    return facts


def _note(source: str, tokens: Tokens) -> str:
    note = text_of(source, tokens).strip("()[] ,;:-.")
    return re.sub(r"\s*[(\[]\s*(?:first|within|max|approx)?\s*$", "", note)


def _is_rate(tokens: Tokens, i: int) -> bool:
    return i < len(tokens) and tokens[i].key in {"/", "per"}


def first_span(tokens: Tokens) -> tuple[int, Span, str] | None:
    """The first duration: where it (with its operator) starts, its span, its operator."""
    for i in range(len(tokens)):
        if tokens[i].kind not in {"num", "period", "word", "op", "punct", "clock"}:
            continue
        if number := _or_more(tokens, i) or _unit_first(tokens, i):
            return number
        operator = OPERATORS.at(tokens, i)
        near = APPROX.at(tokens, operator[1] if operator else i)
        span = span_at(tokens, near[1] if near else operator[1] if operator else i)
        if span and span.low is not None and (tokens[i].kind != "punct" or operator or near):
            return _finished(tokens, i, span, operator[0] if operator else "", near is not None)
    return None


def _or_more(tokens: Tokens, i: int) -> tuple[int, Span, str] | None:
    """`two or more hours`: the operator stands between the number and its unit."""
    value = number_at(tokens, i)
    post = POSTFIX_OPERATORS.at(tokens, value[1]) if value else None
    unit = time_unit_at(tokens, post[1]) if post else None
    if not value or not post or not unit:
        return None
    seconds = value[0] * unit[0]
    return i, Span(seconds, seconds, unit[2], unit=unit[1], count=value[0]), post[0]


def _unit_first(tokens: Tokens, i: int) -> tuple[int, Span, str] | None:
    """`Minutes 0-5`: the unit in front of a range."""
    unit = time_unit_at(tokens, i)
    low = number_at(tokens, unit[2]) if unit and len(tokens[i].key) > 2 else None
    dash = RANGE_WORDS.at(tokens, low[1]) if low else None
    high = number_at(tokens, dash[1]) if dash else None
    if not unit or not low or not high or time_unit_at(tokens, high[1]) or high[0] < low[0]:
        return None
    return i, Span(low[0] * unit[0], high[0] * unit[0], high[1], unit=unit[1]), ""


def _finished(tokens: Tokens, i: int, span: Span, operator: str, near: bool) -> tuple[int, Span, str]:
    post = POSTFIX_OPERATORS.at(tokens, span.end)
    after = APPROX_AFTER.at(tokens, post[1] if post else span.end)
    end = after[1] if after else post[1] if post else span.end
    approx = span.approx or near or after is not None
    return (
        i,
        Span(span.low, span.high, end, approx, span.business, span.months, span.unit, span.count),
        operator or (post[0] if post else ""),
    )


def _span_facts(span: Span, operator: str) -> Facts:
    low, high = whole(span.low or 0), whole(span.high or 0)
    facts: Facts = {"op": operator} if operator else {}
    if low != high:
        facts.update(range=[low, high], u="s", min=low, max=high)
    else:
        facts.update(v=low, u="s", seconds=low)
        bounds = {">": (low, None), ">=": (low, None), "<": (0, low), "<=": (0, low)}.get(operator, (low, low))
        facts.update(min=bounds[0], max=bounds[1])
    if span.business:
        facts["business"] = True
        if span.unit == "d":
            facts["business_days"] = whole(span.count)
    if span.approx:
        facts["approx"] = True
    return facts


def _is_box(tokens: Tokens, i: int, span: Span, operator: str) -> bool:
    """A phase's box: it starts at zero, or is a range or limit in parentheses or in front of a colon with words beside it."""
    if span.low == 0 and span.high:
        return True
    bracketed = i > 0 and tokens[i - 1].key in {"(", "["} and i > 1
    labelled = span.end < len(tokens) and tokens[span.end].key == ":"
    return (bracketed or labelled) and (span.low != span.high or operator in {"<", "<=", ">", ">="})


def _only_labels(note: str) -> bool:
    tokens = tokenize(note)
    i = 0
    while hit := _LABEL.at(tokens, i):
        i = hit[1]
    return all(token.kind == "punct" for token in tokens[i:])


def _zero(tokens: Tokens) -> Facts:
    return {"v": 0, "u": "s", "seconds": 0, "min": 0, "max": 0} if tokens else {}


def _open(tokens: Tokens) -> Facts | None:
    holes: list[str] = [token.text for token in tokens if token.kind == "hole"]
    return {"v": None, "placeholder": True, "placeholders": list(holes)} if holes else None


def response(text: str) -> Facts:
    """`Immediate` is 0 s, `15 minutes` at most 900 s; business days and lead times (`48 hours in advance`) are kept apart."""
    source = clean(text)
    tokens = tokenize(source)
    for lexicon, when, days in (
        (_END_OF_DAY, "end_of_day", 0),
        (_BUSINESS_DAY, "next_business_day", 1),
        (_SAME_DAY, "same_business_day", 0),
    ):
        if lexicon.find(tokens):
            return {"when": when, "business_days": days, "v": None}
    if _BEST_EFFORT.find(tokens):
        return {"best_effort": True, "v": None}
    facts = parse(text)
    if facts.get("understood") is False:
        return _hour(source, tokens) or facts
    if (hit := _ADVANCE.find(tokens)) and "v" in facts and hit[1] > 0:
        note = facts.get("note")
        task = text_of(source, tokens[: next((n for n, token in enumerate(tokens) if token.kind == "num"), 0)])
        return {"lead": facts["v"], **({"note": task} if note and task else {})}
    if facts.get("v") and "op" not in facts:
        facts = {"op": "<=", **facts, "min": 0}
    for key in ("time_box", "from", "to"):
        facts.pop(key, None)
    return facts


def _hour(source: str, tokens: Tokens) -> Facts | None:
    """`within the hour`, `dans l'heure`."""
    for i in range(len(tokens) - 1):
        unit = time_unit_at(tokens, i + 1)
        if tokens[i].key in {"the", "l'", "der", "a"} and unit:
            return {
                "op": "<=",
                "v": whole(unit[0]),
                "u": "s",
                "seconds": whole(unit[0]),
                "min": 0,
                "max": whole(unit[0]),
            }
        if tokens[i + 1].key == "l'heure":
            return {"op": "<=", "v": 3600, "u": "s", "seconds": 3600, "min": 0, "max": 3600}
    return None
