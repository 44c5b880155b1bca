"""People and their logins, as an administrator keeps them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from contacts.actions.administrators import not_above, one_stays
from contacts.models import ApiToken, LoginSession, Person, User
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError, Conflict

# Without letters and digits that look alike. 4 × 4 of 31 signs are 79 bits.
SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"
GROUPS = 4


class LoginTaken(Conflict):
    message = "Somebody else logs in under this name."


class AddressTaken(Conflict):
    message = "Somebody else has this e-mail address."


class HasLogin(Conflict):
    message = "This person has a login already."


class NoLogin(ActionError):
    message = "This person has no login, or it is switched off."


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of a person; `time_zone` is an IANA name, `phone` has the country code."""

    name: str
    email: str = ""
    phone: str = ""
    time_zone: str = "UTC"


def add_person(*, details: Details, by: Person, now: datetime, username: str = "") -> tuple[Person, str]:
    """Add somebody; with a `username` they get a login. The second value is its password, to be shown once ("" = none).

    Raises AddressTaken, LoginTaken.
    """
    with transaction.atomic():
        _free_address(details.email)
        person = Person.objects.create(**_values(details))
        record(verb="person.added", subject=person, actor=by, now=now)
        password = give_login(person=person, username=username, by=by, now=now) if username.strip() else ""
    return person, password


def change_person(*, person: Person, details: Details, by: Person, now: datetime) -> list[str]:
    """Change name, address, number or zone; returns what changed. The login's address follows the person's.

    The trail gets the names of the fields only: it cannot forget, and values are personal. Raises AddressTaken, and
    AboveYou for the address of a superuser, to which a new password could be sent.
    """
    values = _values(details)
    with transaction.atomic():
        current = Person.objects.select_related("user").select_for_update(of=("self",)).get(pk=person.pk)
        changed = [name for name, value in values.items() if getattr(current, name) != value]
        if not changed:
            return []
        if "email" in changed:
            not_above(current, by)
            _free_address(details.email, but=current)
        Person.objects.filter(pk=person.pk).update(**values)
        if current.user_id is not None and "email" in changed:
            User.objects.filter(pk=current.user_id).update(email=values["email"])
        current.refresh_from_db()
        record(verb="person.changed", subject=current, actor=by, now=now, fields=changed)
    return changed


def give_login(*, person: Person, username: str, by: Person, now: datetime) -> str:
    """Let a person log in; returns the password they have to change at once. Raises HasLogin, LoginTaken."""
    if person.user_id is not None:
        raise HasLogin
    username, password = username.strip(), _password()
    with transaction.atomic():
        if User.objects.filter(username__iexact=username).exists():
            raise LoginTaken
        user = User(username=username, email=person.email, password_given=True)
        user.set_password(password)
        user.save()
        person.user = user
        person.save(update_fields=["user"])
        record(verb="person.login_given", subject=person, actor=by, now=now)
    return password


def give_password(*, person: Person, by: Person, now: datetime) -> str:
    """A new password for somebody who lost theirs; it ends their sessions. Raises NoLogin, AboveYou."""
    not_above(person, by)
    if person.user is None or not person.user.is_active:
        raise NoLogin
    password = _password()
    with transaction.atomic():
        person.user.set_password(password)
        person.user.password_given = True
        person.user.save(update_fields=["password", "password_given"])
        LoginSession.objects.filter(user=person.user).delete()
        record(verb="person.password_given", subject=person, actor=by, now=now)
    return password


def mark_left(*, person: Person, by: Person, now: datetime) -> bool:
    """Somebody has left: no login, no sessions, no tokens, no calls any more; False if they had left already.

    Their name stays on what they did. Raises LastAdministrator, AboveYou.
    """
    not_above(person, by)
    with transaction.atomic(), one_stays():
        if not Person.objects.filter(pk=person.pk, left_at=None).update(left_at=now):
            return False
        User.objects.filter(person=person).update(is_active=False, session_round=F("session_round") + 1)
        LoginSession.objects.filter(user__person=person).delete()
        tokens = ApiToken.objects.filter(person=person, revoked_at=None).update(revoked_at=now)
        record(verb="person.left", subject=person, actor=by, now=now, tokens=tokens)
    return True


def take_back(*, person: Person, by: Person, now: datetime) -> bool:
    """Somebody is back, in the teams they were in; tokens stay revoked. False if they had not left.

    Raises AddressTaken when somebody else has their address by now, and AboveYou.
    """
    not_above(person, by)
    with transaction.atomic():
        _free_address(person.email, but=person)
        if not Person.objects.filter(pk=person.pk).exclude(left_at=None).update(left_at=None):
            return False
        User.objects.filter(person=person).update(is_active=True)
        record(verb="person.returned", subject=person, actor=by, now=now)
    return True


def end_sessions(*, person: Person, now: datetime, but: int | None = None) -> User:
    """End all sessions of the person's login, everywhere; returns the login as it is now. Raises NoLogin.

    The session of row `but` (LoginSession) stays in the list: the view gives it the new round.
    """
    if person.user is None:
        raise NoLogin
    with transaction.atomic():
        User.objects.filter(pk=person.user.pk).update(session_round=F("session_round") + 1)
        LoginSession.objects.filter(user=person.user).exclude(pk=but or 0).delete()
        record(verb="person.sessions_ended", subject=person, actor=person, now=now)
    return User.objects.get(pk=person.user.pk)


def _values(details: Details) -> dict[str, str]:
    return {
        "name": details.name.strip(),
        "email": details.email.strip(),
        "phone": details.phone.strip(),
        "time_zone": details.time_zone,
    }


def _free_address(email: str, but: Person | None = None) -> None:
    """Refuse an address that somebody who has not left has, under their name or to log in with."""
    if not email.strip():
        return
    people = Person.objects.filter(email__iexact=email.strip(), left_at=None)
    users = User.objects.filter(email__iexact=email.strip(), is_active=True)
    if but is not None:
        people, users = people.exclude(pk=but.pk), users.exclude(person=but)
    if people.exists() or users.exists():
        raise AddressTaken


def _password() -> str:
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(4)) for _ in range(GROUPS))
