"""What the last runs answered, for the fields of the present one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import DateTimeField, QuerySet

from opsportal.lib.charts import spark
from opsportal.lib.prepared import Among, Given, Prepared
from procedures.answers import AnswerType, to_number
from procedures.models import Run, RunStep
from procedures.selectors import Row

LAST_RUNS = 14
WITHOUT_VALUE = (AnswerType.TICK, AnswerType.FILE)


def _last_values() -> QuerySet[Any, Any]:
    started = Given("started", DateTimeField())
    runs = Run.objects.counted().filter(procedure=Given("procedure"), state=Run.State.COMPLETED, started_at__lt=started)
    last = runs.order_by("-started_at").values("pk")[:LAST_RUNS]
    rows = RunStep.objects.filter(Among("step__text", "texts"), run__in=last).exclude(value="")
    return rows.order_by("run__started_at").values_list("step__text", "value")


VALUES = Prepared(_last_values)


def add_history(run: Run, rows: Iterable[Row]) -> None:
    """Give the open rows that ask for something the values of the last completed runs: `before` and `spark`.

    Matched by the words of the step, across versions. One query for all rows, none when no row asks.
    """
    asking = [row for row in rows if row.open and row.answer.type not in WITHOUT_VALUE]
    if not asking:
        return
    values = _values_before(run, {row.step.text for row in asking})
    for row in asking:
        found = values.get(row.step.text, [])
        row.before = found[-1] if found else ""
        if row.answer.type is AnswerType.NUMBER:
            numbers = [number for value in found if (number := to_number(value)) is not None]
            row.spark = spark(numbers, low=row.answer.low, high=row.answer.high)


def _values_before(run: Run, texts: set[str]) -> dict[str, list[str]]:
    """The values of each step in the last completed runs before this one, oldest first."""
    asked = {"procedure": run.procedure_id, "started": run.started_at, "texts": texts}
    found: dict[str, list[str]] = {}
    for text, value in VALUES.rows(**asked):
        found.setdefault(text, []).append(value)
    return found
