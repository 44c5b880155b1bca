"""People behind logins."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import FilteredRelation, QuerySet

from contacts.factors import owing
from contacts.models import Person, User
from opsportal.lib.prepared import Given, PreparedObjects

WITH = ["user", "belongs__team"]


def _people() -> QuerySet[Any, Any]:
    """A person with their login, once for each of their memberships."""
    return (
        Person.objects.filter(user=Given("user"))
        .annotate(belongs=FilteredRelation("memberships"), owes_factor=owing())
        .select_related(*WITH)
        .order_by("belongs__team__name")
    )


PEOPLE = PreparedObjects[Any](_people)


def person_of(user: AbstractBaseUser) -> Person:
    """The person who logs in as `user`; made at the first login of an account that has none yet.

    Its `owes_factor` says whether they have to set up a second factor first.
    """
    known: Person | None = user._state.fields_cache.get("person")
    person = known or person_with_login(user.pk)
    if person is None:
        account = User.objects.get(pk=user.pk)
        name = account.get_full_name() or account.username
        person, _ = Person.objects.get_or_create(user=account, defaults={"name": name, "email": account.email})
    return person


def person_with_login(user_id: int) -> Person | None:
    """The person with this login, their user and memberships read along, in one statement."""
    rows = PEOPLE.all(user=user_id)
    if not rows:
        return None
    person: Person = rows[0]
    person.member_of = [row.belongs for row in rows if hasattr(row, "belongs")]  # not set where there is none
    return person


def set_time_zone(*, person: Person, zone: str) -> None:
    """The zone in which the person reads times (IANA name)."""
    Person.objects.filter(pk=person.pk).update(time_zone=zone)
