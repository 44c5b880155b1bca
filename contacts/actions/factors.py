"""Changes to somebody's second factors. Secrets never reach the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.db import transaction
from django.utils.crypto import constant_time_compare

from contacts.actions.administrators import not_above
from contacts.factors import Factors, obliged, passkeys, strong_factors
from contacts.models import LoginSession, Person, User
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError, Conflict

PERIOD = 30  # seconds that a code is shown (RFC 6238, 5.2)
DRIFT = (0, -1, 1)  # periods that the clock of a phone may be off
LONGEST_NAME = 60


class NoLogin(ActionError):
    message = "This person has no login."


class WrongCode(ActionError):
    message = "This code does not fit. Type the six digits that the app shows now; the phone's clock must be right."


class AppThere(Conflict):
    message = "An authenticator app is set up already; remove it first."


class StillRequired(ActionError):
    message = "Your team asks managers and admins for a second factor. Add another one before you remove this."


class NothingToRecover(ActionError):
    message = "Recovery codes stand in for a second factor, and there is none yet."


class NoFactors(ActionError):
    message = "This person has no second factor."


def add_app(*, person: Person, secret: str, code: str, now: datetime) -> list[str]:
    """Set up an authenticator app by its Base32 `secret`, proved by the `code` it shows.

    Returns recovery codes to show once, none if there are some already. Raises WrongCode, AppThere, NoLogin.
    """
    user = _user(person)
    counter = _counter(secret, code, now, after=0)
    if counter is None:
        raise WrongCode
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists():
            raise AppThere
        app = TOTP.activate(user, secret).instance
        _note_use(app, now, counter)
        record(verb="factor.added", subject=person, actor=person, now=now, factor="authenticator app")
        return _first_codes(person, user, now)


def add_passkey(*, person: Person, name: str, credential: dict[str, Any], now: datetime) -> list[str]:
    """Keep a passkey whose `credential` the browser made and allauth has checked; recovery codes as in `add_app`."""
    user, name = _user(person), name.strip()[:LONGEST_NAME] or "Passkey"
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        passkeys().WebAuthn.add(user, name, credential)
        record(verb="factor.added", subject=person, actor=person, now=now, factor="passkey", name=name)
        return _first_codes(person, user, now)


def renew_codes(*, person: Person, now: datetime) -> list[str]:
    """New recovery codes, to show once; those before them no longer work. Raises NothingToRecover, NoLogin."""
    user = _user(person)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if not strong_factors(user.pk).exists():
            raise NothingToRecover
        Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).delete()
        codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
        record(verb="factor.codes_renewed", subject=person, actor=person, now=now)
    return codes


def remove_factor(*, person: Person, factor: int, now: datetime) -> bool:
    """Remove one's own app or passkey; with the last go the recovery codes. False if it was gone already.

    Raises StillRequired where a team asks for one.
    """
    user = _user(person)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        found = strong_factors(user.pk).filter(pk=factor).first()
        if found is None:
            return False
        last = strong_factors(user.pk).count() == 1
        if last and Person.objects.filter(obliged(), pk=person.pk).exists():
            raise StillRequired
        told = describe(found)
        found.delete()
        if last:
            Authenticator.objects.filter(user_id=user.pk).delete()
        record(verb="factor.removed", subject=person, actor=person, now=now, **told)
    return True


def take_factors(*, person: Person, by: Person, now: datetime) -> int:
    """Take all second factors from somebody who lost theirs, and end their sessions; returns how many there were.

    Raises NoFactors, and AboveYou.
    """
    not_above(person, by)
    user = _user(person)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        count = strong_factors(user.pk).count()
        if not count:
            raise NoFactors
        Authenticator.objects.filter(user_id=user.pk).delete()
        User.objects.filter(pk=user.pk).update(session_round=user.session_round + 1)
        LoginSession.objects.filter(user_id=user.pk).delete()
        record(verb="factor.taken", subject=person, actor=by, now=now, factors=count)
    return count


def use_code(*, person: Person, code: str, now: datetime) -> Authenticator | None:
    """The factor of which this is a code that was not used yet, and now is; None if it fits none.

    A recovery code that was used, and a code that fits nothing, are written down.
    """
    user = _user(person)
    with transaction.atomic():
        rows = Authenticator.objects.select_for_update().filter(user_id=user.pk)
        row: Authenticator
        for row in rows.exclude(type=Authenticator.Type.WEBAUTHN):
            if _fits(row, code, now):
                if row.type == Authenticator.Type.RECOVERY_CODES:
                    row.refresh_from_db()
                    left = len(RecoveryCodes(row).get_unused_codes())
                    record(verb="factor.code_used", subject=person, actor=person, now=now, left=left)
                return row
        note_refusal(person=person, now=now)
    return None


def note_refusal(*, person: Person, now: datetime) -> None:
    """Write down that somebody who knew the password did not have the second factor."""
    with transaction.atomic():
        record(verb="factor.refused", subject=person, actor=None, now=now)


def describe(factor: Authenticator) -> dict[str, str]:
    """What a factor is, for people and the audit trail."""
    if factor.type == Authenticator.Type.WEBAUTHN:
        return {"factor": "passkey", "name": str(factor.data.get("name", ""))}
    return {"factor": "authenticator app" if factor.type == Authenticator.Type.TOTP else "recovery codes"}


def _fits(row: Authenticator, code: str, now: datetime) -> bool:
    try:
        if row.type == Authenticator.Type.RECOVERY_CODES:
            return bool(RecoveryCodes(row).validate_code(code))
        secret = Factors().decrypt(row.data["secret"])
    except ValueError:  # encrypted under a SECRET_KEY that the server no longer has
        return False
    counter = _counter(secret, code, now, after=int(row.data.get("counter", 0)))
    if counter is not None:
        _note_use(row, now, counter)
    return counter is not None


def _counter(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """The period (RFC 6238) whose code this is, near `now` and later than the last one used; a code works once."""
    typed = normalize_user_code(code)
    at = int(now.timestamp()) // PERIOD
    for counter in (at + drift for drift in DRIFT):
        if counter > after and constant_time_compare(format_hotp_value(hotp_value(secret, counter)), typed):
            return counter
    return None


def _note_use(row: Authenticator, now: datetime, counter: int) -> None:
    row.data["counter"] = counter
    row.last_used_at = now
    row.save(update_fields=["data", "last_used_at"])


def _first_codes(person: Person, user: User, now: datetime) -> list[str]:
    has = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).exists()
    return [] if has else renew_codes(person=person, now=now)


def _user(person: Person) -> User:
    if person.user is None:
        raise NoLogin
    return person.user
