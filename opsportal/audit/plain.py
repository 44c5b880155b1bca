"""Data of an audit event as JSON that every database gives back exactly as it was, so that its hash stays true."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from uuid import UUID

from django.utils.functional import Promise

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]

DEEPEST = 20
UNSTORABLE = {0: "\ufffd", **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}
WHOLE_FROM = 1e16  # from here on a float is written with an exponent, and PostgreSQL gives it back as a whole number


def plain(value: object, depth: int = 0) -> Json:
    """The value in JSON's types: times as ISO 8601 (UTC), UUIDs and decimals as text, tuples as lists.

    Raises TypeError for what has no such form, ValueError for NaN, infinities, naive times and nesting beyond 20.
    """
    if depth > DEEPEST:
        raise ValueError(f"audit data is nested deeper than {DEEPEST}")
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        return _object(value, depth)
    if isinstance(value, list | tuple):
        return [plain(item, depth + 1) for item in value]
    return _text(value)


def storable(text: str) -> str:
    """The text without what a database cannot hold: NUL and halves of surrogate pairs become U+FFFD."""
    return str(text).translate(UNSTORABLE)


def _number(value: float) -> int | float:
    if not math.isfinite(value):
        raise ValueError(f"audit data cannot hold {value}")
    if abs(value) >= WHOLE_FROM:
        return int(value)
    return value + 0.0  # -0.0 becomes 0.0: PostgreSQL knows no negative zero


def _object(value: Mapping[object, object], depth: int) -> dict[str, Json]:
    made = {storable(key): plain(item, depth + 1) for key, item in value.items() if isinstance(key, str)}
    if len(made) != len(value):
        raise TypeError("audit data needs texts as keys, each once")
    return made


def _text(value: object) -> str:
    if isinstance(value, str | Promise):
        return storable(str(value))
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("audit data needs times with a zone")
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time | UUID | Decimal):
        return str(value)
    raise TypeError(f"audit data cannot hold a {type(value).__name__}")
