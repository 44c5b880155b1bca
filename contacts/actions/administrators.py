"""There is always somebody who may manage the portal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Q, QuerySet

from contacts.models import Person, Role
from opsportal.lib.errors import ActionError, Conflict


class LastAdministrator(Conflict):
    message = "This is the last administrator of the portal. Make somebody else an admin first."


class AboveYou(ActionError):
    message = "This login may everything, also in the administration; only another such login may change it."
    status = 403


def administrators() -> QuerySet[Person]:
    """People who can log in and manage the portal: admins of a team, and superusers."""
    managing = Q(memberships__role=Role.ADMIN) | Q(user__is_superuser=True)
    return Person.objects.filter(managing, left_at=None, user__is_active=True).distinct()


@contextmanager
def one_stays() -> Iterator[None]:
    """Refuse a change, made inside, after which nobody could manage the portal any more. Raises LastAdministrator.

    Of two such changes at once the second waits for the first: both append to the audit trail, whose lock is held
    until commit, and the check comes after that. A portal that had no administrator before may be changed freely.
    """
    had = administrators().exists()
    yield
    if had and not administrators().exists():
        raise LastAdministrator


def not_above(person: Person, by: Person) -> None:
    """Raise AboveYou when a superuser's login would be changed by somebody who is none."""
    theirs = person.user is not None and person.user.is_superuser
    if theirs and not (by.user is not None and by.user.is_superuser):
        raise AboveYou
