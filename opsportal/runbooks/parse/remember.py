"""Answers about short texts are remembered: headings, labels and column heads recur in every runbook."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

_Answer = TypeVar("_Answer")
_LONGEST = 300  # longer texts hardly recur, and remembering them would keep whole documents in memory


def remembered(function: Callable[[str], _Answer]) -> Callable[[str], _Answer]:
    """A pure function of one text that remembers its answers for the last 4,096 short texts."""
    remember = lru_cache(maxsize=4096)(function)

    @wraps(function)
    def answer(text: str) -> _Answer:
        return remember(text) if len(text) <= _LONGEST else function(text)

    return answer
