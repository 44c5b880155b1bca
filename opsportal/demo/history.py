"""The plan of the demo's month of work, as `history.yaml` has it; the file's head says what each entry means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from opsportal.demo.company import read_yaml

NO_PHASE = "Steps"
Rule = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one step of one run was answered. `reason` belongs to a skip, `who` to a step that another person took."""

    state: str = "done"
    value: str | int | float = ""
    note: str = ""
    reason: str = ""
    who: str = ""


Answers = dict[str, dict[int, Answer]]  # label of the phase (NO_PHASE without one) → number in it → answer


@dataclass(frozen=True, slots=True)
class Skip:
    step: int
    reason: str


@dataclass(frozen=True, slots=True)
class Routine:
    service: str
    procedure: str
    start: str
    start_spread: float
    due_minutes: int
    minutes: float
    minutes_spread: float
    who: dict[str, float]
    late: float
    missed: float
    late_by: float = 30
    weekend: dict[str, float] = field(default_factory=dict)
    note_share: float = 0
    notes: list[str] = field(default_factory=list)
    skip_share: float = 0
    skips: list[Skip] = field(default_factory=list)
    values: dict[int, Rule] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Special:
    """A run that differs from the plan, or of an emergency procedure."""

    name: str
    service: str
    procedure: str
    days_ago: int = 0
    runs_ago: int = 0
    outcome: str = "done"
    who: str = ""
    start: str = ""
    minutes: float = 0
    note: str = ""
    reason: str = ""
    by: str = ""
    drill: bool = False
    answers: Answers = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Started:
    """A run that is open when the portal is first opened."""

    service: str
    procedure: str
    who: str
    started_minutes_ago: int
    answers: Answers


@dataclass(frozen=True, slots=True)
class History:
    zone: ZoneInfo
    as_of: date
    days: int
    seed: int
    routines: list[Routine]
    exceptions: list[Special]
    emergencies: list[Special]
    in_progress: list[Started]


def history() -> History:
    data = read_yaml("history.yaml")
    return History(
        zone=ZoneInfo(data["time_zone"]),
        as_of=data["as_of"],
        days=data["days"],
        seed=data["seed"],
        routines=[_routine(**entry) for entry in data["routines"]],
        exceptions=[Special(**_with_answers(entry)) for entry in data["exceptions"]],
        emergencies=[Special(**_with_answers(entry)) for entry in data["emergencies"]],
        in_progress=[Started(**_with_answers(entry)) for entry in data["in_progress"]],
    )


def _routine(skips: Sequence[dict[str, Any]] = (), **entry: Any) -> Routine:
    return Routine(**entry, skips=[Skip(**skip) for skip in skips])


def _with_answers(entry: dict[str, Any]) -> dict[str, Any]:
    steps = entry.pop("steps", {})
    by_label = steps if all(isinstance(label, str) for label in steps) else {NO_PHASE: steps}
    answers = {
        label: {number: Answer(**answer) for number, answer in numbered.items()} for label, numbered in by_label.items()
    }
    return {**entry, "answers": answers}
