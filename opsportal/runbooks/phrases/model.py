"""Typed answers for callers that want more than JSON: thresholds, frequencies and lengths of time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from opsportal.runbooks.phrases.json import JSON, Facts

Role = Literal["target", "alert", "critical"]


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit on a metric. `value` and `unit` as written; `hold_s` and `window_s` in seconds; `better` is higher, lower or empty.

    Several limits in one phrase: the first stands in the fields, all of them in `parts` (empty for a single one); `facts` is
    the JSON of `parse_phrase`.
    """

    text: str
    understood: bool
    metric: str = ""
    op: str = ""
    value: float | None = None
    unit: str = ""
    low: float | None = None
    high: float | None = None
    hold_s: float | None = None
    window_s: float | None = None
    agg: str = ""
    better: str = ""
    placeholder: bool = False
    ask: str = ""
    parts: tuple[Threshold, ...] = ()
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often. `rrule` is RFC 5545 text without DTSTART, empty for events and what is not understood; `time` is HH:MM local.

    `window_s` is the length of a maintenance window in seconds; `ask` is the question to put to a person before it is used;
    `inherits` says that only a day or a time was named, so that a heading above decides how often.
    """

    text: str
    understood: bool
    rrule: str = ""
    time: str = ""
    tz: str = ""
    window_s: float | None = None
    event: str = ""
    continuous: bool = False
    inherits: bool = False
    automated: bool = False
    floating: bool = False
    placeholder: bool = False
    ask: str = ""
    note: str = ""
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seconds:
    """A length of time from `min` to `max` seconds; None where that side is open."""

    text: str
    understood: bool
    min: float | None = None
    max: float | None = None
    approx: bool = False
    business: bool = False
    placeholder: bool = False
    note: str = ""


def text_of(facts: Facts, key: str) -> str:
    value = facts.get(key)
    return value if isinstance(value, str) else ""


def number_of(facts: Facts, key: str) -> float | None:
    value = facts.get(key)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def first_of(facts: Facts) -> tuple[Facts, list[Facts]]:
    """The first limit of a phrase, and all of them when there are several."""
    many: JSON = facts.get("all") or facts.get("any")
    parts = [part for part in many if isinstance(part, dict)] if isinstance(many, list) else []
    return (parts[0], parts) if parts else (facts, [])
