"""Rows that hold some words: PostgreSQL's full text search with an index, elsewhere any place in the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, TypeVar

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import connection
from django.db.models import F, Func, Model, Q, QuerySet

MOST_WORDS = 8
APART = re.compile(r"[\s!-/:-@\[-`{-~]+")
# PostgreSQL's parser makes one word of a path, a host or an address; these characters part them. The migrations named
# `*_search_words` have an index on the very expression of `Words`.
PARTING = "-_./:@+&=~?#<>"

Row = TypeVar("Row", bound=Model)


class Words(Func):
    """The words of text columns as they stand, without stemming: names, commands and any language alike."""

    template = (
        "to_tsvector('simple'::regconfig, "
        f"translate(%(expressions)s, '{PARTING}', '{' ' * len(PARTING)}'))"  # no % in it: it is a format
    )
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()


def words_of(text: str, most: int = MOST_WORDS) -> list[str]:
    """The words of a text in lower case; of many the first `most`."""
    return [word for word in APART.split(text.lower()) if word][:most]


def holding(rows: QuerySet[Row], words: Sequence[str], columns: Sequence[str]) -> QuerySet[Row]:
    """The rows that have all the words in one or other of the columns; none without words.

    Under PostgreSQL a word is found by its beginning, elsewhere in any place.
    """
    if not words:
        return rows.none()
    if connection.vendor == "postgresql":
        query = SearchQuery(" & ".join(f"'{word}':*" for word in words), search_type="raw", config="simple")
        annotated: QuerySet[Any] = rows.annotate(found_words=Words(*(F(column) for column in columns)))
        return annotated.filter(found_words=query)
    return rows.filter(
        reduce(and_, (reduce(or_, (Q(**{f"{name}__icontains": word}) for name in columns)) for word in words))
    )
