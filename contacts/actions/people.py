"""People behind logins."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser

from contacts.factors import owing
from contacts.models import Person, User


def person_of(user: AbstractBaseUser) -> Person:
    """The person who logs in as `user`; made at the first login of an account that has none yet.

    Its `owes_factor` says whether they have to set up a second factor first.
    """
    known = Person.objects.filter(user=user.pk).annotate(owes_factor=owing()).select_related("user")
    person: Person | None = known.first()
    if person is None:
        account = User.objects.get(pk=user.pk)
        name = account.get_full_name() or account.username
        person, _ = Person.objects.get_or_create(user=account, defaults={"name": name, "email": account.email})
    return person


def set_time_zone(*, person: Person, zone: str) -> None:
    """The zone in which the person reads times (IANA name)."""
    Person.objects.filter(pk=person.pk).update(time_zone=zone)
