"""Say when one is away, and take it back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from contacts.models import Absence, Person
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError

LONGEST = timedelta(days=366)


class BackBeforeGone(ActionError):
    message = "The last day of an absence comes before its first."


def add_absence(*, person: Person, first: date, last: date, by: Person, now: datetime) -> Absence:
    """The person is given no work on the days `first` to `last`; the same days again are the same absence.

    Raises BackBeforeGone, and ActionError for more than a year.
    """
    if last < first:
        raise BackBeforeGone
    if last - first > LONGEST:
        raise ActionError("An absence cannot be longer than a year; mark the person as left instead.")
    with transaction.atomic():
        absence, made = Absence.objects.get_or_create(person=person, first=first, last=last)
        if made:
            record(verb="person.away", subject=person, actor=by, now=now, first=str(first), last=str(last))
    return absence


def end_absence(*, absence: Absence, by: Person, now: datetime) -> bool:
    """Take the absence back; False if somebody had done so already."""
    with transaction.atomic():
        gone, _ = Absence.objects.filter(pk=absence.pk).delete()
        if gone:
            days = {"first": str(absence.first), "last": str(absence.last)}
            record(verb="person.present", subject=absence.person, actor=by, now=now, **days)
    return bool(gone)
