"""Ending one's own sessions."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contacts.logins import end
from contacts.models import LoginSession, Person, User
from opsportal.audit.trail import record


def end_session(*, row: LoginSession, person: Person, now: datetime) -> None:
    """End one session of the person's login: whoever has it is logged out with their next request."""
    with transaction.atomic():
        end(row)
        record(verb="person.session_ended", subject=person, actor=person, now=now, browser=row.browser)


def forget_others(*, user: User, but: int | None) -> None:
    """Remove the rows of sessions that a new password has ended; row `but` is the one that goes on."""
    LoginSession.objects.filter(user=user).exclude(pk=but or 0).delete()
