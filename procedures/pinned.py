"""What happened to the steps of the whole run."""

from __future__ import annotations

from procedures.models import StepEvent, StepState
from procedures.selectors import Sheet


def add_happenings(sheet: Sheet) -> None:
    """Give the pinned rows the times their case arose and was not taken back. One query, none without such rows."""
    pinned = {row.run_step.pk: row for row in sheet.pinned}
    if not pinned:
        return
    for event in StepEvent.objects.filter(run_step__in=list(pinned)).select_related("person").order_by("pk"):
        row = pinned[event.run_step_id]
        if event.after == StepState.TODO:
            row.happened.clear()
        else:
            row.happened.append(event)
