"""What is to be done and what was: procedures and runs."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from opsportal.api import shapes
from opsportal.api.catalogue import find_service, next_page
from opsportal.api.endpoint import Call, endpoint
from opsportal.api.parameters import PAGING, Parameter, page_size, read_cursor, write_cursor
from procedures.models import Procedure, Run, RunStep, Step, StepState

FILTERS = (
    Parameter("state", "Only runs in this state.", choices=tuple(Run.State.values)),
    Parameter("service", "Only runs of the service with this slug."),
)
PROCEDURE = (
    "id",
    "category",
    "title",
    "purpose",
    "frequency",
    "rrule",
    "due_time",
    "time_zone",
    "duration",
    "duration_seconds",
    "response_time",
    "response_seconds",
    "current_version_id",
    "current_version__number",
)
RUN = (
    "id",
    "procedure__service__slug",
    "procedure__title",
    "procedure_id",
    "version__number",
    "state",
    "slot",
    "opens_at",
    "due_at",
    "started_at",
    "started_by__name",
    "ended_at",
    "ended_by__name",
    "summary",
)


@endpoint(scope="read", answer=shapes.Procedures)
def procedures(call: Call, slug: str) -> shapes.Procedures:
    """The procedures of a service with their steps, in the order of its runbook."""
    found = Procedure.objects.current().filter(service=find_service(slug)).order_by("position", "id")
    rows = list(found.values(*PROCEDURE))
    steps = _steps([row["current_version_id"] for row in rows])
    return {"service": slug, "procedures": [_procedure(row, steps) for row in rows]}


def _steps(versions: list[int]) -> dict[int, list[shapes.StepRow]]:
    by_version: dict[int, list[shapes.StepRow]] = defaultdict(list)
    steps = Step.objects.filter(version__in=versions).order_by("version", "position")
    for version, number, text, expected in steps.values_list("version_id", "number", "text", "expected"):
        by_version[version].append({"number": number, "text": text, "expected": expected})
    return by_version


def _procedure(row: dict[str, Any], steps: dict[int, list[shapes.StepRow]]) -> shapes.ProcedureRow:
    due_time = row["due_time"]
    return {
        "id": row["id"],
        "category": row["category"],
        "title": row["title"],
        "purpose": row["purpose"],
        "frequency": row["frequency"],
        "rrule": row["rrule"],
        "due_time": due_time.isoformat() if due_time else None,
        "time_zone": row["time_zone"],
        "duration": row["duration"],
        "duration_seconds": row["duration_seconds"],
        "response_time": row["response_time"],
        "response_seconds": row["response_seconds"],
        "version": row["current_version__number"],
        "steps": steps.get(row["current_version_id"], []),
    }


@endpoint(scope="read", answer=shapes.RunPage, parameters=(*FILTERS, *PAGING))
def runs(call: Call) -> shapes.RunPage:
    """The runs, newest first, a page at a time."""
    size = page_size(call.query)
    rows = list(_filtered(call).order_by("-id").values(*RUN)[: size + 1])
    following = write_cursor(rows[size - 1]["id"]) if len(rows) > size else None
    counts = _step_counts([row["id"] for row in rows[:size]])
    return {
        "next": next_page(call.request, following),
        "results": [_run(row, counts) for row in rows[:size]],
    }


def _filtered(call: Call) -> QuerySet[Run]:
    found = Run.objects.counted()
    if call.query.get("state"):
        found = found.filter(state=call.query["state"])
    if call.query.get("service"):
        found = found.filter(procedure__service__slug=call.query["service"])
    if "cursor" in call.query:
        found = found.filter(id__lt=read_cursor(call.query["cursor"], int)[0])
    return found


def _step_counts(runs: list[int]) -> dict[int, shapes.StepCounts]:
    done = Count("id", filter=~Q(state=StepState.TODO))
    counted = RunStep.objects.filter(run__in=runs, pinned=False).values("run_id")
    rows = counted.annotate(total=Count("id"), answered=done).values_list("run_id", "total", "answered")
    return {run: {"total": total, "answered": answered} for run, total, answered in rows}


def _run(row: dict[str, Any], counts: dict[int, shapes.StepCounts]) -> shapes.RunRow:
    return {
        "id": row["id"],
        "service": row["procedure__service__slug"],
        "procedure": row["procedure__title"],
        "procedure_id": row["procedure_id"],
        "version": row["version__number"],
        "state": row["state"],
        "slot": row["slot"],
        "opens_at": _iso(row["opens_at"]),
        "due_at": _iso(row["due_at"]),
        "started_at": _iso(row["started_at"]),
        "started_by": row["started_by__name"],
        "ended_at": _iso(row["ended_at"]),
        "ended_by": row["ended_by__name"],
        "summary": row["summary"],
        "steps": counts.get(row["id"], {"total": 0, "answered": 0}),
        "url": f"/runs/{row['id']}/",
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
