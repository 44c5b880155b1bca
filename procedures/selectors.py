"""What the run and procedure pages read, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet, Subquery

from opsportal.lib.charts import Spark
from opsportal.lib.prepared import Given, Prepared, PreparedObjects
from procedures.answers import Answer, AnswerType
from procedures.models import Evidence, Phase, Procedure, Run, RunStep, Step, StepEvent, StepReport, StepState

LAST_RUNS = 10
MOST_REPORTS = 50
OF_RUN = ["procedure__service__team", "procedure__current_version", "version__author", "started_by", "ended_by"]
WITH_STEP = ["phase", "mine__person", "mine__confirmed_by"]


@dataclass(slots=True)
class Row:
    """A step of a run as the page shows it."""

    run_step: RunStep
    substeps: list[Step]
    number: int
    current: bool = False
    before: str = ""  # what the last run answered; `procedures.history` fills in both
    spark: Spark | None = None
    evidence: list[Evidence] = field(default_factory=list)  # filled in by `procedures.evidence`
    happened: list[StepEvent] = field(default_factory=list)  # of a pinned one; filled in by `procedures.pinned`

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
    def waits(self) -> bool:
        return self.run_step.waits

    @property
    def asks_file(self) -> bool:
        return self.answer.type is AnswerType.FILE

    @property
    def out_of_range(self) -> bool:
        return bool(self.run_step.value) and self.answer.verdict(self.run_step.value) is False


@dataclass(slots=True)
class Sheet:
    """A run with all its rows; `last_event` is the newest change the page shows.

    `pinned` are the steps of the whole run: they stand above the others and count with none of them.
    """

    run: Run
    rows: list[Row]
    last_event: int
    pinned: list[Row] = field(default_factory=list)
    _tally: dict[str, int] = field(default_factory=dict)

    @property
    def current(self) -> Row | None:
        return next((row for row in self.rows if row.current), None)

    @property
    def left_open(self) -> list[Row]:
        return [row for row in self.rows if row.run_step.state == StepState.SKIPPED]

    @property
    def waiting(self) -> list[Row]:
        """Rows that a second person has still to confirm."""
        return [row for row in self.rows if row.waits]

    @property
    def tally(self) -> dict[str, int]:
        """How many steps are in each state, and how many values are out of range."""
        if not self._tally:
            self._tally = {state.value: 0 for state in StepState}
            for row in self.rows:
                self._tally[row.run_step.state] += 1
            outside, waits = sum(row.out_of_range for row in self.rows), len(self.waiting)
            self._tally |= {"range": outside, "waits": waits, "all": len(self.rows)}
        return self._tally

    @property
    def answered(self) -> int:
        return sum(row.run_step.state != StepState.TODO for row in self.rows)

    @property
    def may_complete(self) -> bool:
        return not any(row.open or row.waits for row in self.rows)

    @property
    def said(self) -> list[str]:
        """The texts that were entered, to be offered again (WCAG 2.2, 3.3.7)."""
        texts = (row.run_step.value for row in self.rows if row.answer.type is AnswerType.TEXT)
        return list(dict.fromkeys(filter(None, texts)))

    @property
    def evidence(self) -> list[tuple[Row, Evidence]]:
        """The files that stand, with their rows."""
        return [
            (row, kept) for row in self.rows for kept in row.evidence if getattr(kept, "superseded_by", None) is None
        ]

    def groups(self) -> list[tuple[Phase | None, list[Row]]]:
        """The rows by phase, in order."""
        groups: list[tuple[Phase | None, list[Row]]] = []
        for row in self.rows:
            if not groups or groups[-1][0] != row.step.phase:
                groups.append((row.step.phase, []))
            groups[-1][1].append(row)
        return groups

    def row(self, pk: int) -> Row:
        return next(row for row in (*self.rows, *self.pinned) if row.run_step.pk == pk)


def sheet_of(run: Run, last_event: int | None = None) -> Sheet:
    """Everything a run page shows of the steps, in one query; `last_event` where it is known already."""
    rows: list[Row] = []
    pinned: list[Row] = []
    below: dict[int, list[Step]] = {}
    statement = STEPS if last_event is not None else STEPS_AND_NEWEST
    for step in statement.all(version=run.version_id, run=run.pk):
        if last_event is None:
            last_event = step.newest or 0
        mine: RunStep | None = getattr(step, "mine", None)
        if mine is not None:
            mine.step, mine.run = step, run
            into, number = (pinned, 0) if mine.pinned else (rows, len(rows) + 1)
            into.append(Row(mine, below.setdefault(step.pk, []), number))
        elif step.parent_id is not None:
            below.setdefault(step.parent_id, []).append(step)
    if run.is_open:
        first = next((row for row in rows if row.run_step.state == StepState.TODO), None)
        if first is not None:
            first.current = True
    return Sheet(run, rows, last_event or 0, pinned)


def _steps_with_answers() -> QuerySet[Any]:
    """The steps and sub-steps of the run's version in order, those with a state in the run with it as `mine`."""
    return (
        Step.objects.filter(version=Given("version"))
        .annotate(mine=FilteredRelation("run_steps", condition=Q(run_steps__run=Given("run"))))
        .select_related(*WITH_STEP)
        .order_by("position")
    )


def _newest_event() -> QuerySet[Any]:
    return StepEvent.objects.filter(run_step__run=Given("run")).order_by("-pk").values("pk")[:1]


RUN = PreparedObjects[Run](
    lambda: Run.objects.filter(pk=Given("run"), started_at__isnull=False).select_related(*OF_RUN)
)
STEP = PreparedObjects[RunStep](
    lambda: RunStep.objects.filter(pk=Given("step"), run=Given("run"), run__started_at__isnull=False).select_related(
        "step", *(f"run__{name}" for name in OF_RUN)
    )
)
STEPS = PreparedObjects[Any](_steps_with_answers)
STEPS_AND_NEWEST = PreparedObjects[Any](lambda: _steps_with_answers().annotate(newest=Subquery(_newest_event())))
NEWEST_EVENT = Prepared(lambda: _newest_event().values_list("pk"))


def newest_event(run: Run) -> int:
    """The id of the last change of a step, 0 before the first."""
    return next((pk for (pk,) in NEWEST_EVENT.rows(run=run.pk)), 0)


def changed_since(sheet: Sheet, event: int, current: str = "") -> list[Row]:
    """The rows that changed after the event, and the current one where the page took another for it."""
    changed = set(StepEvent.objects.filter(run_step__run=sheet.run, pk__gt=event).values_list("run_step_id", flat=True))
    if sheet.current and str(sheet.current.run_step.pk) != current:
        changed.add(sheet.current.run_step.pk)
    return [row for row in (*sheet.pinned, *sheet.rows) if row.run_step.pk in changed]


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


def open_reports(procedure: Procedure) -> list[StepReport]:
    """What is said to be wrong with the procedure's steps and not resolved, oldest first; of any version."""
    found = StepReport.objects.filter(step__version__procedure=procedure, resolved_at=None)
    return list(found.select_related("step__version", "run", "person").order_by("at")[:MOST_REPORTS])
