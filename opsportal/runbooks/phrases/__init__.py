"""Phrases of runbooks as structured values: thresholds, frequencies, durations, response times, escalation, cover, dates.

`parse_phrase` gives JSON in the notation of `docs/phrases.md`; the helpers give typed answers. Pure functions: no Django, no
clock, no files. What does not parse comes back as its text with `understood: false`; nothing is guessed, and what two readers
could take differently carries a question in `ask`.
"""

from __future__ import annotations

from collections.abc import Callable

from opsportal.runbooks.phrases import cover as _cover
from opsportal.runbooks.phrases import dates as _dates
from opsportal.runbooks.phrases import duration as _duration
from opsportal.runbooks.phrases import escalation as _escalation
from opsportal.runbooks.phrases import frequency as _frequency
from opsportal.runbooks.phrases import threshold as _threshold
from opsportal.runbooks.phrases.compare import laxer
from opsportal.runbooks.phrases.json import JSON, Facts
from opsportal.runbooks.phrases.model import Frequency, Role, Seconds, Threshold, first_of, number_of, text_of
from opsportal.runbooks.phrases.placeholders import is_placeholder, placeholders, runtime_variables

__all__ = [
    "JSON",
    "KINDS",
    "Frequency",
    "Seconds",
    "Threshold",
    "UnknownKindError",
    "cover",
    "date",
    "escalation",
    "frequency",
    "is_placeholder",
    "laxer",
    "parse_phrase",
    "placeholders",
    "response_time",
    "runtime_variables",
    "seconds",
    "threshold",
    "time_box",
]

KINDS: dict[str, Callable[[str], Facts]] = {
    "threshold": _threshold.parse,
    "frequency/window": _frequency.parse,
    "duration/time box": _duration.parse,
    "response time": _duration.response,
    "escalation": _escalation.parse,
    "hours of cover": _cover.parse,
    "date": _dates.parse,
}
_ALIASES = {
    "metric": "threshold",
    "frequency": "frequency/window",
    "window": "frequency/window",
    "schedule": "frequency/window",
    "duration": "duration/time box",
    "time box": "duration/time box",
    "time_box": "duration/time box",
    "timebox": "duration/time box",
    "response": "response time",
    "response_time": "response time",
    "cover": "hours of cover",
    "hours": "hours of cover",
    "hours_of_cover": "hours of cover",
}


class UnknownKindError(ValueError):
    """The kind of phrase is none that can be parsed."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"Unknown kind of phrase “{kind}”; known are: {', '.join(KINDS)}.")


def parse_phrase(kind: str, text: str) -> dict[str, JSON]:
    """Structured value of a phrase as JSON; `text` and `understood` are always in it.

    `kind` is a key of `KINDS` or a short form (`frequency`, `duration`, `response`, `cover`); others raise UnknownKindError.
    """
    name = " ".join(kind.strip().lower().replace("-", " ").split())
    parser = KINDS.get(_ALIASES.get(name, name))
    if parser is None:
        raise UnknownKindError(kind)
    return _answer(text, parser(text))


def _answer(text: str, facts: Facts) -> Facts:
    return {**facts, "text": text, "understood": facts.get("understood") is not False and bool(facts)}


def threshold(text: str, *, role: Role | None = None, metric: str = "") -> Threshold:
    """A limit; a bare value takes its operator from the column's `role` and from which way the `metric` is better.

    Target: availability `>=`, latency `<=`. Alert and critical say when it is bad: availability `<`, latency `>`.
    """
    facts = _answer(text, _threshold.parse(text, role or "", metric))
    first, parts = first_of(facts)
    return _threshold_of(text, {**facts, **first}, metric, tuple(_threshold_of(text, part, metric) for part in parts))


def _threshold_of(text: str, facts: Facts, metric: str, parts: tuple[Threshold, ...] = ()) -> Threshold:
    bounds = facts.get("range")
    low, high = (bounds[0], bounds[1]) if isinstance(bounds, list) and len(bounds) == 2 else (None, None)
    return Threshold(
        text=text,
        understood=facts.get("understood") is not False,
        metric=text_of(facts, "metric") or metric,
        op=text_of(facts, "op"),
        value=number_of(facts, "v"),
        unit=text_of(facts, "u"),
        low=low if isinstance(low, (int, float)) else None,
        high=high if isinstance(high, (int, float)) else None,
        hold_s=number_of(facts, "for"),
        window_s=number_of(facts, "window"),
        agg=text_of(facts, "agg"),
        better=text_of(facts, "dir") or _threshold.direction(metric),
        placeholder=facts.get("placeholder") is True,
        ask=text_of(facts, "ask"),
        parts=parts,
        facts=facts,
    )


def frequency(text: str) -> Frequency:
    """How often, when, and in which zone."""
    facts = parse_phrase("frequency/window", text)
    return Frequency(
        text=text,
        understood=facts["understood"] is True,
        rrule=text_of(facts, "rrule"),
        time=text_of(facts, "time"),
        tz=text_of(facts, "tz"),
        window_s=number_of(facts, "window"),
        event=text_of(facts, "event"),
        continuous=facts.get("continuous") is True,
        inherits=facts.get("inherits") is True,
        automated=facts.get("automated") is True,
        floating=facts.get("anchor") == "completion",
        placeholder=facts.get("placeholder") is True,
        ask=text_of(facts, "ask"),
        note=text_of(facts, "note"),
        facts=facts,
    )


def _seconds(text: str, facts: Facts) -> Seconds:
    return Seconds(
        text=text,
        understood=facts["understood"] is True,
        min=number_of(facts, "min"),
        max=number_of(facts, "max"),
        approx=facts.get("approx") is True,
        business=facts.get("business") is True,
        placeholder=facts.get("placeholder") is True,
        note=text_of(facts, "note"),
    )


def seconds(text: str) -> Seconds:
    """A duration: `30-60 minutes` is 1800 to 3600 s, `5 minutes` 300 to 300 s, `up to 1 h` 0 to 3600 s."""
    return _seconds(text, parse_phrase("duration/time box", text))


def time_box(text: str) -> Seconds:
    """The box of a phase from its heading: `Immediate Actions (0-5 minutes)` is 0 to 300 s; not understood without one."""
    facts = parse_phrase("duration/time box", text)
    boxed = facts.get("time_box") is True
    answer = _seconds(text, {**facts, "understood": boxed, "min": facts.get("from"), "max": facts.get("to")})
    return answer if boxed else Seconds(text, understood=False, placeholder=answer.placeholder)


def response_time(text: str) -> Seconds:
    """How soon to respond: `Immediate` 0 s, `15 minutes` up to 900 s; a next business day is understood but has no seconds."""
    return _seconds(text, parse_phrase("response time", text))


def escalation(text: str) -> dict[str, JSON]:
    """`contact`, `after`/`until` seconds, `cond`, `unresolved`, `level`."""
    return parse_phrase("escalation", text)


def cover(text: str) -> dict[str, JSON]:
    """`always`, or `days`, `start`, `end` of the hours somebody is there."""
    return parse_phrase("hours of cover", text)


def date(text: str, day_first: bool | None = None) -> dict[str, JSON]:
    """`date` in ISO form or None; `day_first` is what the document proves about the order of day and month."""
    return _answer(text, _dates.parse(text, day_first))
