"""What the texts of a row mean: thresholds, frequencies, dates and durations in columns of their own.

A text that is not understood leaves its column empty; it is never guessed (`phrases`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from opsportal.runbooks import phrases
from opsportal.runbooks.document import Kind
from opsportal.runbooks.phrases.model import Role

Texts = dict[str, str]
ROLES: tuple[Role, ...] = ("target", "alert", "critical")
LONGEST = 2_000_000_000  # seconds, what an integer column holds


def derived(kind: Kind, row: Texts) -> dict[str, Any]:
    """Column → value for the columns that follow from a row's texts."""
    reader = READERS.get(kind)
    return reader(row) if reader else {}


def whole_seconds(seconds: object) -> int | None:
    """Seconds for an integer column; None for what is no number or does not fit."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= LONGEST:
        return None
    return int(seconds)


def _metric(row: Texts) -> dict[str, Any]:
    texts = {role: row[role] for role in ROLES if row[role].strip()}
    return {
        "rules": {role: phrases.threshold(text, role=role, metric=row["name"]).facts for role, text in texts.items()}
    }


def _alert(row: Texts) -> dict[str, Any]:
    text = row["threshold"]
    rule = phrases.threshold(text, role="alert", metric=row["name"]).facts if text.strip() else {}
    return {"rule": rule, "response_seconds": _response(row["response_time"])}


def _severity(row: Texts) -> dict[str, Any]:
    return {"response_seconds": _response(row["response_time"])}


def _escalation(row: Texts) -> dict[str, Any]:
    """When the rung is reached: the first of its texts that says so."""
    texts = (row["when"], row["level"], row["contact"])
    found = (whole_seconds(phrases.escalation(text).get("after")) for text in texts if text.strip())
    return {"after_seconds": next((seconds for seconds in found if seconds is not None), None)}


def _maintenance(row: Texts) -> dict[str, Any]:
    return {
        **_recurring(row["frequency"]),
        "due_time": phrases.frequency(row["frequency"]).time[:5],
        "last_completed_on": _day(row["last_completed"]),
        "next_due_on": _day(row["next_due"]),
    }


def _window(row: Texts) -> dict[str, Any]:
    return {"rule": phrases.frequency(row["day_time"]).facts if row["day_time"].strip() else {}}


def _change(row: Texts) -> dict[str, Any]:
    return {"on": _day(row["date"])}


def _procedure(row: Texts) -> dict[str, Any]:
    return {
        **_recurring(row["frequency"]),
        "duration_seconds": whole_seconds(phrases.seconds(row["duration"]).max) if row["duration"].strip() else None,
        "response_seconds": _response(row["response_time"]),
    }


def _recurring(text: str) -> dict[str, Any]:
    frequency = phrases.frequency(text)
    return {
        "rrule": "" if frequency.ask else frequency.rrule[:250],  # nothing is planned while a question is open
        "due_time": _time(frequency.time),
        "time_zone": frequency.tz[:60],
        "floating": frequency.floating,
    }


def _response(text: str) -> int | None:
    return whole_seconds(phrases.response_time(text).max) if text.strip() else None


def _day(text: str) -> dt.date | None:
    found = phrases.date(text).get("date") if text.strip() else None
    return dt.date.fromisoformat(found) if isinstance(found, str) else None


def _time(text: str) -> dt.time | None:
    return dt.time.fromisoformat(text) if text else None


READERS: dict[Kind, Callable[[Texts], dict[str, Any]]] = {
    Kind.METRIC: _metric,
    Kind.ALERT: _alert,
    Kind.SEVERITY_LEVEL: _severity,
    Kind.ESCALATION: _escalation,
    Kind.MAINTENANCE: _maintenance,
    Kind.MAINTENANCE_WINDOW: _window,
    Kind.CHANGE: _change,
    Kind.PROCEDURE: _procedure,
}
