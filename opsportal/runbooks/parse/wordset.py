"""Vocabularies as sets of words."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text that blanks and line ends part."""
    return frozenset(text.split())
