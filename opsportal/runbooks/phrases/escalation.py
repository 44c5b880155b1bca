"""Rungs of an escalation ladder: who, from when to when, and under which condition."""

from __future__ import annotations

import re
from collections.abc import Sequence

from opsportal.runbooks.phrases import cover as cover_phrases
from opsportal.runbooks.phrases.duration import first_span
from opsportal.runbooks.phrases.json import Facts, not_understood
from opsportal.runbooks.phrases.lengths import Span, whole
from opsportal.runbooks.phrases.tokens import Token, clean, text_of, tokenize, words
from opsportal.runbooks.phrases.vocabulary import AND, OR

Tokens = Sequence[Token]
Timing = tuple[int, int, Span, str]  # where the time starts and ends, its span, its operator

_SEVERITY = re.compile(r"\b(?:SEV|Sev|sev|P|S|Severity|severity|Priority|priority)[\s-]?\d\b")
_LEVEL = re.compile(
    r"^\W*(?:(?:L|Tier|Level|Stufe|Niveau|Nivel|Nível|级别)\s*-?\s*(\d)|(\d)(?:st|nd|rd|th)[ -](?:level|line))(?!\w)\W*",
    re.IGNORECASE,
)
_UNRESOLVED = words(
    "not resolved|unresolved|not fixed|not solved|still open|still down|still failing|remains unresolved|can't resolve|cannot resolve|can not resolve|"
    "unable to resolve|no resolution|without resolution|ohne losung|sin solucion|not mitigated|not restored|isn't resolved|is not resolved|not been resolved|has not been resolved|persists|continues|"
    "nicht gelost|ungelost|nicht behoben|noch nicht behoben|non resolu|pas resolu|non resolue|no resuelto|sin resolver|no se resuelve|nao resolvido|"
    "sem resolucao|未解决"
)
_UNACKED = words(
    "no response|without ack|without acknowledgement|does not acknowledge|doesn't acknowledge|not acknowledge|not acknowledged|unacknowledged|no ack|no acknowledgement|no answer|no reply|not acked|doesn't respond|does not respond|"
    "unanswered|not answered|keine antwort|keine reaktion|nicht quittiert|sans reponse|pas de reponse|sin respuesta|sem resposta|no one responds|without response"
)
_AUTOMATIC = words(
    "automatic|automatically|auto|auto-escalate|automated|automatisch|automatique|automatiquement|automatico|automaticamente|自动"
)
_VERBS = words(
    "escalate to the|escalate to|escalated to|escalates to|escalate|escalation to|escalation|notify the|notify|page the|page|call the|call|contact the|contact|inform the|inform|alert the|alert|"
    "engage the|engage|involve the|involve|bring in the|bring in|loop in the|loop in|hand over to|eskalieren an|eskaliere an|eskalation an|eskalation|informieren|"
    "informiere|prevenir|appeler|escalader vers|escalade vers|escalade|notificar a|notificar al|notificar|avisar a|avisar|llamar a|escalar a|escalar al|escalar para|escalar|acionar|"
    "ligar para|升级|联系"
)
_CONDITION = words(
    "if the|if|when the|when|unless|wenn|falls|si|se|cuando|quando|quand|lorsque|in case of|bei|en cas de|en caso de|em caso de|for|fur|pour|para"
)
_GENERIC = words("issues|issue|incidents|incident|problems|problem|outages|cases|only|storungen|vorfalle|incidentes")
_TIME_NOISE = words(
    "within|after|in|for|nach|seit|innerhalb von|apres|dans les|dans|sous|pendant|despues de|en|tras|apos|em|depois de|the first|first|unresolved|"
    "if|more than|>|<|>=|<=|over|past|beyond|:|at|since|by|für"
)
_IMMEDIATE = words(
    "immediate|immediately|instantly|sofort|immediat|immediatement|inmediato|inmediatamente|imediato|imediatamente|立即"
)
_FINAL_VERBS = {"eskalieren", "informieren", "benachrichtigen", "anrufen", "verstandigen", "hinzuziehen"}
_NOBODY = {"", "never", "none", "n/a", "na", "nie", "jamais", "nunca", "keine"}
_ARTICLES = {"the", "a", "le", "la", "les", "al", "el", "o", "os", "der", "die", "das", "den", "dem", "ao", "to", "到"}
_WHO_STOP = words(
    "who|which|that|to|and|investigates|investigate|handles|using|responds|takes|via|by|is|will|checks|works|triages|until|with|starts|leads|immediately|at|sofort|immediatement|inmediatamente|imediatamente|asap"
)


def parse(text: str) -> Facts:
    """`contact`, `after` and `until` in seconds (`active` for both), `cond`, `unresolved`, `level`; not understood otherwise."""
    source = clean(text)
    if source.casefold().strip(" .-") in _NOBODY:
        return not_understood(text)
    level = _LEVEL.match(source)
    facts: Facts = {"level": f"L{level.group(1) or level.group(2)}"} if level else {}
    body = source[level.end() :] if level else source
    tokens = tokenize(body)
    if not tokens:
        return {**facts} if level else not_understood(text)
    if all(token.kind in {"hole", "punct"} for token in tokens) and (
        hole := next((t for t in tokens if t.kind == "hole"), None)
    ):
        return {**facts, "v": None, "placeholder": True, "placeholders": [hole.text]}
    timing = _timing(tokens)
    left = _left(tokens, timing)
    _put_time(facts, timing)
    _put_words(facts, body, tokens, left, timing)
    return facts if facts else not_understood(text)


def _timing(tokens: Tokens) -> Timing | None:
    """Where the first length of time stands (start, end), its span, and its operator."""
    found = first_span(tokens)
    return (found[0], found[1].end, found[1], found[2]) if found else None


def _put_time(facts: Facts, timing: Timing | None) -> None:
    if not timing:
        return
    _, _, span, operator = timing
    low, high = whole(span.low or 0), whole(span.high or 0)
    if low != high:
        facts.update(active=[low, high], after=low, until=high)
    elif operator == "<":
        facts.update(active=[0, low], after=0, until=low)
    else:
        facts["after"] = low
    if span.business:
        facts["business"] = True


def _left(tokens: Tokens, timing: Timing | None) -> list[Token]:
    """The tokens without the time and the words that only lead to it."""
    if not timing:
        return list(tokens)
    start, end = timing[0], timing[1]
    while start and (hit := _noise_before(tokens, start)):
        start -= hit
    kept = [*tokens[:start], *tokens[end:]]
    return [
        token for n, token in enumerate(kept) if not (token.key == "(" and n + 1 < len(kept) and kept[n + 1].key == ")")
    ]


def _noise_before(tokens: Tokens, end: int) -> int:
    return next(
        (
            size
            for size in (2, 1)
            if size <= end and (hit := _TIME_NOISE.at(tokens[:end], end - size)) and hit[1] == end
        ),
        0,
    )


def _put_words(facts: Facts, source: str, tokens: Tokens, left: list[Token], timing: Timing | None) -> None:
    """Contact, conditions, cover and marks from what is left of the phrase."""
    cover = cover_phrases.parse(_cover_text(source))
    if cover.get("understood") is not False and "cover" in cover:
        facts["cover"] = cover["cover"]
        left = [token for token in left if token.kind != "always"]
    marks = {"automatic": _AUTOMATIC, "unresolved": _UNRESOLVED, "unacknowledged": _UNACKED}
    facts.update({name: True for name, lexicon in marks.items() if lexicon.find(tokens)})
    who = _who(source, left) or _leading(source, left, _beside_time(tokens, timing))
    condition = _severe(source, left, _condition(source, left), facts)
    if not who and not condition and not any(lexicon.find(left) for lexicon in marks.values()):
        condition = text_of(source, [token for token in left if token.key not in "()"])
    if who:
        facts["contact"] = who
    if any(char.isalpha() for char in condition):
        facts["cond"] = condition
    _put_marks(facts, tokens, timing)


def _severe(source: str, left: Sequence[Token], condition: str, facts: Facts) -> str:
    """A severity is the condition; with a time and an `or` it is one of two."""
    joined = OR.find(left) is not None and "after" in facts
    severity = _SEVERITY.search(source)
    if severity and (not condition or joined):
        condition = severity.group()
    if joined and condition:
        facts["join"] = "or"
    return condition


def _put_marks(facts: Facts, tokens: Tokens, timing: Timing | None) -> None:
    """`immediately` is after 0 s; `within` makes the time a limit; a phrase that only says `Immediate issues` is the first level."""
    condition = str(facts.get("cond", ""))
    if (
        not timing
        and _IMMEDIATE.find(tokens)
        and ("contact" in facts or (condition and not _IMMEDIATE.has(tokenize(condition), 0)))
    ):
        facts["after"] = 0
    if (
        timing
        and "contact" in facts
        and not {"cond", "unacknowledged", "unresolved"} & facts.keys()
        and _within(tokens, timing)
    ):
        facts["op"] = "<="
    if condition and "contact" not in facts and "after" not in facts and _IMMEDIATE.has(tokens, 0):
        facts.setdefault("level", "L1")


def _beside_time(tokens: Tokens, timing: Timing | None) -> bool:
    """`Name (0-15 min)` and `0-15 min: Name` pair a name with a time, whatever the name."""
    if not timing:
        return any(token.key == "(" for token in tokens)
    start, end = timing[0], timing[1]
    before = start > 1 and any(token.key in "([:-" for token in tokens[max(1, start - 2) : start])
    return before or (end < len(tokens) and tokens[end].key in {":", "-", ")"} and start <= 1)


def _cover_text(source: str) -> str:
    """The parentheses of a rung may hold its hours of cover."""
    inner = re.findall(r"\(([^()]{2,60})\)", source)
    return next(
        (part for part in inner if re.search(r"24\s?/\s?7|24\s?x\s?7|\d\s?(?:am|pm|:\d\d)|hours", part, re.IGNORECASE)),
        "",
    )


def _within(tokens: Tokens, timing: Timing) -> bool:
    return tokens[timing[0]].key in {"within", "innerhalb"} or (
        timing[0] > 0 and tokens[timing[0] - 1].key in {"within", "sous"}
    )


def _who(source: str, left: Sequence[Token]) -> str:
    """Whom a verb names: `Escalate to platform lead if …` → platform lead; the `call` in `on-call` is no verb."""
    for n in range(len(left)):
        verb = _VERBS.at(left, n)
        if not verb or (n and left[n - 1].key in {"-", "on"}):
            continue
        start = verb[1]
        while start < len(left) and left[start].kind == "punct" and left[start].key != "(":
            start += 1
        if name := _named(source, left[start : _stop(left, start)]):
            return name
    return _before_verb(source, left)


def _before_verb(source: str, left: Sequence[Token]) -> str:
    """German puts the verb last: `an den Teamleiter eskalieren`."""
    end = next((n for n, token in enumerate(left) if n and token.key in _FINAL_VERBS), 0)
    start = next((n + 1 for n in range(end - 1, -1, -1) if left[n].key in {":", ",", ";"}), 0)
    return _named(source, left[start:end])


def _named(source: str, tokens: Sequence[Token]) -> str:
    """The name without an article in front."""
    start = 0
    while start < len(tokens) and (tokens[start].key in _ARTICLES or tokens[start].key == "an"):
        start += 1
    return text_of(source, tokens[start:])


def _leading(source: str, left: Sequence[Token], paired: bool) -> str:
    """The name a rung starts with: a role, or anything that is paired with a time or with hours."""
    start = next((n for n, token in enumerate(left) if token.kind != "punct"), 0)
    name = text_of(source, left[start : _stop(left, start)])
    if not any(char.isalpha() for char in name) or _SEVERITY.fullmatch(name) or _GENERIC.find(tokenize(name)):
        return ""
    return name if paired or _is_role(name) else ""


def _stop(left: Sequence[Token], start: int) -> int:
    for n in range(start, len(left)):
        ends = (
            left[n].key in {"(", ")", ",", ";", ".", ":"}
            or left[n].kind == "op"
            or (n > start and _WHO_STOP.has(left, n))
        )
        if (
            ends
            or _CONDITION.has(left, n)
            or _UNRESOLVED.has(left, n)
            or _UNACKED.has(left, n)
            or _AUTOMATIC.has(left, n)
        ):
            return n
    return len(left)


def _condition(source: str, left: Sequence[Token]) -> str:
    """The words behind `if`, `when`, `for`, without the time and without `not resolved`, which has a key of its own."""
    hit = _CONDITION.find(left)
    if not hit:
        return ""
    stop = next((n for n in range(hit[2], len(left)) if left[n].key in {":", ";"}), len(left))
    rest = [token for token in left[hit[2] : stop] if token.key not in "()"]
    for lexicon in (_UNRESOLVED, _UNACKED):
        if found := lexicon.find(rest):
            rest = rest[: found[1]]
    while rest and _GENERIC.has(rest, len(rest) - 1):
        rest = rest[:-1]
    words_left = text_of(source, rest)
    return "" if _is_filler(words_left) else words_left


def _is_filler(text: str) -> bool:
    return text.casefold() in {
        "",
        "it",
        "issue",
        "the issue",
        "is",
        "it is",
        "incident",
        "the incident",
        "problem",
        "still",
        "das problem",
        "not",
    }


_ROLE = re.compile(
    r"\b(?:engineer|manager|lead|leader|owner|director|cto|cio|ceo|ciso|vp|head|team|dba|sre|officer|commander|developer|admin|administrator|on[- ]?call|"
    r"support|architect|supervisor|ops|leiter|leiterin|bereitschaft|responsable|jefe|gerente|líder|chef|equipe|équipe|equipo|ingeniero|engenheiro)\b",
    re.IGNORECASE,
)


def _is_role(text: str) -> bool:
    return bool(_ROLE.search(text)) and len(text.split()) <= 5 and not AND.find(tokenize(text))
