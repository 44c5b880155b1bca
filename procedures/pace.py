"""How the steps of a procedure are worked, told without blame: what it shows is mostly how the procedure is written.

Checklists get ticked without being read where they ask for nothing (Pickering 2013; Degani & Wiener 1990), so the
answer to short times is a step that asks for a value, not a word with a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import NamedTuple

from procedures.models import Procedure, Run, StepEvent, StepState

LAST_RUNS = 30
SHORT = 2.0  # seconds
ENDED = (Run.State.COMPLETED, Run.State.ABANDONED)


class _Answer(NamedTuple):
    run: int
    started: datetime
    started_by: int | None
    due: datetime | None
    person: int | None
    text: str
    at: datetime


@dataclass(slots=True)
class StepPace:
    """One step over the last runs: seconds between the same person's answer before (or the start) and this one."""

    text: str
    seconds: list[float] = field(default_factory=list)
    late: int = 0
    answers: int = 0

    @property
    def middle(self) -> float | None:
        return median(self.seconds) if self.seconds else None

    @property
    def short(self) -> int:
        return sum(second <= SHORT for second in self.seconds)


@dataclass(slots=True)
class Pace:
    """All steps in the order of the present version; `runs` is how many runs it is drawn from."""

    runs: int = 0
    steps: list[StepPace] = field(default_factory=list)

    @property
    def timed(self) -> int:
        return sum(len(step.seconds) for step in self.steps)

    @property
    def short(self) -> int:
        return sum(step.short for step in self.steps)

    @property
    def answers(self) -> int:
        return sum(step.answers for step in self.steps)

    @property
    def late(self) -> int:
        return sum(step.late for step in self.steps)


def pace_of(procedure: Procedure) -> Pace:
    """How the steps of the present version were worked in the last ended runs, by their words. Three queries."""
    version = procedure.current_version
    texts = version.steps.filter(parent=None).order_by("position").values_list("text", flat=True) if version else []
    steps = {text: StepPace(text) for text in texts}
    ended = Run.objects.counted().filter(procedure=procedure, state__in=ENDED, started_at__isnull=False)
    runs = list(ended.order_by("-started_at").values_list("pk", flat=True)[:LAST_RUNS])
    last: dict[tuple[int, int | None], datetime] = {}
    for answer in _answers(runs):
        before = last.get((answer.run, answer.person))
        if before is None and answer.person == answer.started_by:
            before = answer.started
        last[answer.run, answer.person] = answer.at
        if (step := steps.get(answer.text)) is not None:
            _count(step, answer, before)
    return Pace(len(runs), list(steps.values()))


def _count(step: StepPace, answer: _Answer, before: datetime | None) -> None:
    step.answers += 1
    step.late += answer.due is not None and answer.at > answer.due
    if before is not None:
        step.seconds.append((answer.at - before).total_seconds())


def _answers(runs: list[int]) -> Iterable[_Answer]:
    """The answers in those runs in order of time; confirmations by a second person and undos are none."""
    events = (
        StepEvent.objects.filter(run_step__run__in=runs, run_step__pinned=False)
        .exclude(after=StepState.TODO)
        .exclude(before=StepState.DONE, after=StepState.DONE)
        .order_by("run_step__run", "at", "pk")
    )
    run = "run_step__run"
    fields = (f"{run}_id", f"{run}__started_at", f"{run}__started_by_id", f"{run}__due_at")
    return (_Answer(*row) for row in events.values_list(*fields, "person_id", "run_step__step__text", "at"))
