"""What the run and procedure pages read, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from contacts.models import Person
from procedures.actions.steps import UNDO_WITHOUT_REASON
from procedures.answers import Answer
from procedures.models import Phase, Procedure, Run, RunStep, Step, StepEvent, StepState

LAST_RUNS = 10


@dataclass(slots=True)
class Row:
    """A step of a run as the page shows it."""

    run_step: RunStep
    substeps: list[Step]
    number: int
    current: bool = False
    before: str = ""  # what the last run answered

    @property
    def step(self) -> Step:
        return self.run_step.step

    @property
    def answer(self) -> Answer:
        return self.run_step.step.answer

    @property
    def open(self) -> bool:
        return self.run_step.state in (StepState.TODO, StepState.SKIPPED)

    @property
    def out_of_range(self) -> bool:
        return bool(self.run_step.value) and self.answer.verdict(self.run_step.value) is False


@dataclass(slots=True)
class Sheet:
    """A run with all its rows; `last_event` is the newest change the page shows."""

    run: Run
    rows: list[Row]
    last_event: int

    @property
    def current(self) -> Row | None:
        return next((row for row in self.rows if row.current), None)

    @property
    def left_open(self) -> list[Row]:
        return [row for row in self.rows if row.run_step.state == StepState.SKIPPED]

    @property
    def tally(self) -> dict[str, int]:
        """How many steps are in each state, and how many values are out of range."""
        counts = {state.value: 0 for state in StepState}
        for row in self.rows:
            counts[row.run_step.state] += 1
        return counts | {"range": sum(row.out_of_range for row in self.rows), "all": len(self.rows)}

    @property
    def answered(self) -> int:
        return sum(row.run_step.state != StepState.TODO for row in self.rows)

    @property
    def may_complete(self) -> bool:
        return not any(row.open for row in self.rows)

    def groups(self) -> list[tuple[Phase | None, list[Row]]]:
        """The rows by phase, in order."""
        groups: list[tuple[Phase | None, list[Row]]] = []
        for row in self.rows:
            if not groups or groups[-1][0] != row.step.phase:
                groups.append((row.step.phase, []))
            groups[-1][1].append(row)
        return groups

    def row(self, pk: int) -> Row:
        return next(row for row in self.rows if row.run_step.pk == pk)


def sheet_of(run: Run) -> Sheet:
    """Everything a run page shows of the steps: four queries."""
    steps = list(
        RunStep.objects.filter(run=run).select_related("step__phase", "person", "run").order_by("step__position")
    )
    below: dict[int, list[Step]] = {}
    for step in Step.objects.filter(version=run.version_id, parent__isnull=False).order_by("position"):
        below.setdefault(step.parent_id or 0, []).append(step)
    before = _values_before(run)
    rows = [
        Row(run_step, below.get(run_step.step_id, []), number, before=before.get(run_step.step.text, ""))
        for number, run_step in enumerate(steps, 1)
    ]
    if run.is_open:
        first = next((row for row in rows if row.run_step.state == StepState.TODO), None)
        if first is not None:
            first.current = True
    last = StepEvent.objects.filter(run_step__run=run).aggregate(last=Max("pk"))["last"]
    return Sheet(run, rows, last or 0)


def _values_before(run: Run) -> dict[str, str]:
    """The values of the last completed run, by the words of their step."""
    last = (
        Run.objects.filter(procedure=run.procedure_id, state=Run.State.COMPLETED, started_at__lt=run.started_at)
        .order_by("-started_at")
        .values("pk")[:1]
    )
    found = RunStep.objects.filter(run__in=last).exclude(value="").values_list("step__text", "value")
    return dict(found)


def changed_since(sheet: Sheet, event: int) -> list[Row]:
    """The rows that changed after the event."""
    changed = set(StepEvent.objects.filter(run_step__run=sheet.run, pk__gt=event).values_list("run_step_id", flat=True))
    return [row for row in sheet.rows if row.run_step.pk in changed]


def may_undo_at_once(run_step: RunStep, person: Person, now: datetime) -> bool:
    return run_step.person_id == person.pk and run_step.at is not None and now - run_step.at <= UNDO_WITHOUT_REASON


def version_groups(version_id: int | None) -> list[tuple[Phase | None, list[tuple[Step, list[Step]]]]]:
    """The steps of a version by phase, each with its sub-steps."""
    steps = list(Step.objects.filter(version=version_id).select_related("phase").order_by("position"))
    below: dict[int, list[Step]] = {}
    for step in steps:
        if step.parent_id:
            below.setdefault(step.parent_id, []).append(step)
    groups: list[tuple[Phase | None, list[tuple[Step, list[Step]]]]] = []
    for step in steps:
        if step.parent_id is None:
            if not groups or groups[-1][0] != step.phase:
                groups.append((step.phase, []))
            groups[-1][1].append((step, below.get(step.pk, [])))
    return groups


def last_runs(procedure: Procedure) -> Iterable[Run]:
    return (
        Run.objects.filter(procedure=procedure, started_at__isnull=False)
        .select_related("started_by", "version")
        .order_by("-started_at")[:LAST_RUNS]
    )
