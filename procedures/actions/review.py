"""Set when a procedure is to be looked over again."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from contacts.models import Person
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError
from procedures.models import Procedure


class ReviewPast(ActionError):
    message = "That day has passed; choose one to come."


def set_review(*, procedure: Procedure, on: date | None, person: Person, now: datetime) -> bool:
    """Set the day by which it is to be looked over, None for none; False if it was that already. Raises ReviewPast."""
    if on is not None and on < now.date():
        raise ReviewPast
    with transaction.atomic():
        changed = Procedure.objects.filter(pk=procedure.pk).exclude(review_by=on).update(review_by=on)
        if changed:
            record(
                verb="procedure.review_by",
                subject=procedure,
                actor=person,
                now=now,
                on=on.isoformat() if on else "no day",
            )
    return bool(changed)
