"""Text as people and programs send it, made fit for a query or a column."""

from __future__ import annotations

from django.http import QueryDict

LONGEST_QUERY = 100


def typed(values: QueryDict, name: str, longest: int = LONGEST_QUERY) -> str:
    """The field without spaces around it, cut to `longest` characters; NUL, which PostgreSQL refuses, is left out."""
    return values.get(name, "").replace("\0", "").strip()[:longest]
