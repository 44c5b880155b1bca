"""How large the made-up portal is, and which ids its rows get: everything by arithmetic, nothing looked up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Max

SERVICES_PER_TEAM = 50
PEOPLE_PER_TEAM = 8
CATEGORIES = (
    "daily",
    "daily",
    "daily",
    "weekly",
    "weekly",
    "monthly",
    "emergency",
    "emergency",
    "emergency",
    "service_management",
)
DAILY = CATEGORIES.count("daily")
OPEN_EVERY = 5  # one service of so many has a run open right now


@dataclass(frozen=True, slots=True)
class Shape:
    """`step_rows` is how many answered steps of runs there are in all; the runs follow from it."""

    services: int
    procedures_per_service: int
    steps_per_procedure: int
    step_rows: int
    seed: int
    now: datetime

    @property
    def teams(self) -> int:
        return -(-self.services // SERVICES_PER_TEAM)

    @property
    def procedures(self) -> int:
        return self.services * self.procedures_per_service

    @property
    def runs(self) -> int:
        return self.step_rows // self.steps_per_procedure

    @property
    def daily_per_service(self) -> int:
        return sum(self.category(number) == "daily" for number in range(self.procedures_per_service))

    def category(self, number: int) -> str:
        """Of a service's procedure, counted from 0."""
        return CATEGORIES[number % len(CATEGORIES)]

    def past_runs(self, procedure: int) -> range:
        """Numbers of the past runs of a procedure, both counted from 0 over all services."""
        each, more = divmod(self.runs, self.procedures)
        start = procedure * each + min(procedure, more)
        return range(start, start + each + (procedure < more))


class Ids:
    """The id of a model's n-th made-up row, after the rows that are there already."""

    def __init__(self) -> None:
        self._first: dict[type[models.Model], int] = {}

    def of(self, model: type[models.Model]) -> Callable[[int], int]:
        """From the row's number, counted from 0, to its id."""
        first = self._first.get(model)
        if first is None:
            highest = model._default_manager.aggregate(highest=Max("pk"))["highest"]
            first = self._first[model] = (highest or 0) + 1
        return first.__add__
