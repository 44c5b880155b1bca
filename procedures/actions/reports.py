"""Say that a step is wrong, and say that it was mended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from contacts.models import Person
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError
from procedures.models import RunStep, StepReport


class EmptyReport(ActionError):
    message = "Say what is wrong with the step."


def report_step(*, step: RunStep, person: Person, text: str, op: UUID, now: datetime) -> StepReport:
    """Tell those who keep the runbook what is wrong with a step, also after the run has ended.

    The same `op` again returns the report it made. Raises EmptyReport.
    """
    if not text.strip():
        raise EmptyReport
    with transaction.atomic():
        report, made = StepReport.objects.get_or_create(
            op=op,
            defaults={"step": step.step, "run": step.run, "person": person, "text": text.strip(), "at": now},
        )
        if made:
            record(
                verb="step.reported",
                subject=step.run,
                actor=person,
                now=now,
                step=step.step.number,
                text=step.step.text[:250],
                report=report.text,
            )
    return report


def resolve_report(*, report: StepReport, person: Person, now: datetime) -> bool:
    """Close a report; False if somebody had closed it already."""
    with transaction.atomic():
        closed = StepReport.objects.filter(pk=report.pk, resolved_at=None).update(resolved_at=now, resolved_by=person)
        if closed:
            record(verb="report.resolved", subject=report, actor=person, now=now, step=report.step.number)
    return bool(closed)
