"""What the caller knows beyond the document, and what a check hands back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Facts:
    """Knowledge from outside the document; what is None is not judged.

    `last_runs` gives the day each procedure was last finished, by title; a title that is missing or has None was
    never run. `untried` are the titles of those whose present version nobody but its author has tried, `reviews` the
    days by which they are to be looked over. `files` are the paths that exist, relative to the document, with `/`. A
    procedure with a frequency is stale after twice its interval, others after `stale_after_days`; a document that
    states no review interval after `review_every_days`.
    """

    last_runs: Mapping[str, date | None] | None = None
    untried: Collection[str] = ()
    reviews: Mapping[str, date] = field(default_factory=dict)
    files: Collection[str] | None = None
    stale_after_days: int = 180
    review_every_days: int = 365


@dataclass(slots=True)
class Readiness:
    """How ready a service is for the night shift: 0 to 100, and a sentence for each thing missing, worst first."""

    score: int = 100
    missing: list[str] = field(default_factory=list)
