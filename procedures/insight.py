"""What the runs of a procedure tell together: measured values, the year day by day, steps that fail."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from opsportal.lib.charts import Trend, Year, trend, year
from procedures.answers import Answer, AnswerType, answer_of, to_number
from procedures.models import Procedure, Run, RunStep, StepState

VALUES = 120
WORST = {"": 0, "ok": 1, "open": 2, "late": 3, "missed": 4}


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one step over the last runs, newest last."""

    answer: Answer
    trend: Trend

    @property
    def unit(self) -> str:
        return self.answer.unit


def series_of(procedure: Procedure) -> list[Series]:
    """One series for each number that the current version asks for; matched by the words of the step. Two queries."""
    version = procedure.current_version
    steps = (
        list(version.steps.filter(parent=None).order_by("position").values_list("text", flat=True)) if version else []
    )
    asked = {text: answer for text in steps if (answer := answer_of(text)).type is AnswerType.NUMBER}
    found: dict[str, list[tuple[str, float]]] = {text: [] for text in asked}
    rows = (
        RunStep.objects.filter(run__procedure=procedure, run__practice=False, step__text__in=list(asked))
        .exclude(value="")
        .order_by("-at")
        .values_list("step__text", "value", "at")[: VALUES * max(1, len(asked))]
    )
    for text, value, at in rows:
        number = to_number(value)
        if number is not None and at is not None and len(found[text]) < VALUES:
            found[text].append((f"{at:%d %b %H:%M}", number))
    drawn = ((answer, _trend(answer, found[text])) for text, answer in asked.items())
    return [Series(answer, picture) for answer, picture in drawn if picture is not None]


def _trend(answer: Answer, values: list[tuple[str, float]]) -> Trend | None:
    return trend(values[::-1], low=answer.low, high=answer.high)


def year_of(procedure: Procedure, now: datetime, zone: ZoneInfo) -> tuple[Year, Counter[str]]:
    """The last 53 weeks: for each local day its worst state; and how many days had which."""
    since = now - timedelta(days=372)
    runs = Run.objects.counted().filter(procedure=procedure).filter(Q(due_at__gte=since) | Q(started_at__gte=since))
    states: dict[date, str] = {}
    for run in runs.only("state", "due_at", "started_at", "ended_at"):
        when = run.due_at or run.started_at
        if when is None or when > now:
            continue
        day, state = when.astimezone(zone).date(), state_of(run)
        states[day] = max(states.get(day, ""), state, key=WORST.__getitem__)
    return year(states, now.astimezone(zone).date()), Counter(states.values())


def state_of(run: Run) -> str:
    """ok, late, missed or open; a stopped run counts as missed, since its work was not done."""
    if run.state in (Run.State.MISSED, Run.State.ABANDONED):
        return "missed"
    if run.ended_at is None:
        return "open"
    return "late" if run.due_at is not None and run.ended_at > run.due_at else "ok"


def troubled_steps(procedure: Procedure) -> list[dict[str, object]]:
    """The steps most often failed or skipped: [{"step__text", "failed", "skipped"}, …], worst first."""
    counted = (
        RunStep.objects.filter(run__procedure=procedure, run__practice=False)
        .values("step__text")
        .annotate(
            failed=Count("pk", filter=Q(state=StepState.FAILED)),
            skipped=Count("pk", filter=Q(state__in=[StepState.SKIPPED, StepState.EXCUSED])),
        )
        .filter(Q(failed__gt=0) | Q(skipped__gt=0))
        .order_by("-failed", "-skipped", "step__text")[:10]
    )
    return [dict(row) for row in counted]
