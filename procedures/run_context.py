"""What the templates of a run need."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.utils import timezone

from contacts.access import can
from contacts.models import Person
from procedures import presence
from procedures.away import away, events_of
from procedures.boxes import boxes_of, with_levels
from procedures.evidence import add_evidence
from procedures.history import add_history
from procedures.models import Run
from procedures.pinned import add_happenings
from procedures.selectors import Sheet, sheet_of


def piece_context(person: Person, sheet: Sheet, others: presence.Others | None = None) -> dict[str, Any]:
    """For the pieces of a run's page; without `others` the page is told to ask soon who is here."""
    run, team, now = sheet.run, sheet.run.procedure.service.team_id, timezone.now()
    numbers = {row.run_step.pk: row.number for row in sheet.rows}
    add_evidence(sheet.rows)
    add_happenings(sheet)
    may_note = can(person, "run.work", team)
    return {
        "sheet": sheet,
        "run": run,
        "person": person,
        "now": now,
        "may_note": may_note,
        "may_phone": can(person, "contact.phone", team),  # who may not call sees no number in the steps either
        "may_work": run.is_open and may_note,
        "may_excuse": run.is_open and can(person, "run.excuse", team),
        "read_do": run.is_open and run.procedure.is_emergency,
        "boxes": boxes_of(sheet, now),
        "here": presence.places(others.people, numbers) if others else [],
        "here_mark": others.mark if others else presence.UNKNOWN,
        "op": uuid4(),
        "step_error": 0,
        "typed": {},
    }


def page_context(person: Person, run: Run) -> dict[str, Any]:
    """For the whole page. Notes that the person is here. Six queries, one more in an emergency."""
    now, events = timezone.now(), events_of(run)
    sheet = sheet_of(run, events[0].pk if events else 0)
    add_history(run, sheet.rows)
    current = sheet.current.run_step.pk if sheet.current else None
    others = presence.meet(run, person, now, step=current) if run.is_open else None
    context = piece_context(person, sheet, others)
    context["today"] = timezone.localdate()
    context["notes"] = run.notes.select_related("person").order_by("-at")[:100]
    if context["may_work"]:
        context["away"] = away(sheet, events, person, now)
    if context["boxes"]:
        context["escalations"] = with_levels(context["boxes"], run)
        context["service"] = run.procedure.service
    return context
