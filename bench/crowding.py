"""Make a crowd: operators of one team with a login each, and open runs of one of its procedures for them to tick."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import get_random_string

from bench.filling import open_steps, session_of
from contacts.models import Membership, Person, Role, Team, User
from procedures.models import Procedure


def main(people: str, steps: str) -> dict[str, Any]:
    """The cookies of each of the people, and run and step of each of the open steps (whole runs one after another)."""
    number, now, token = int(people), timezone.now(), get_random_string(32)
    team = Team.objects.order_by("pk")[0]
    users = User.objects.bulk_create(User(username=f"crowd-{n}", password="!") for n in range(number))
    crowd = Person.objects.bulk_create(Person(user=user, name=f"Crowd {n}") for n, user in enumerate(users))
    Membership.objects.bulk_create(Membership(person=one, team=team, role=Role.OPERATOR) for one in crowd)
    procedure = Procedure.objects.filter(service__team=team, category="daily").order_by("-pk")[0]
    backend = settings.AUTHENTICATION_BACKENDS[0]
    names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
    return {
        "csrf": token,
        "cookies": [dict(zip(names, (session_of(one, backend), token), strict=True)) for one in crowd],
        "steps": open_steps(procedure, crowd[0], int(steps), now),
    }
