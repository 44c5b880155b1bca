"""Text as people and programs send it, made fit for a query or a column."""

from __future__ import annotations

from django.http import QueryDict

LONGEST_QUERY = 100
MOST_DIGITS = 18  # a row id has no more, and Python refuses to read some thousands


def typed(values: QueryDict, name: str, longest: int = LONGEST_QUERY) -> str:
    """The field without spaces around it, cut to `longest` characters; NUL, which PostgreSQL refuses, is left out."""
    return values.get(name, "").replace("\0", "").strip()[:longest]


def typed_id(values: QueryDict, name: str) -> int | None:
    """The field as the id of a row; None for anything that can be none."""
    return as_id(values.get(name, ""))


def as_id(text: str) -> int | None:
    """A text as a number that a row id or a count may have; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None
