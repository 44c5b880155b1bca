"""API tokens: `ops_<key 12>_<secret 40>`, of which the database holds the key and an HMAC of the secret."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction

from contacts.models import ApiToken, Person, Role
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError
from opsportal.lib.prepared import Prepared

SCOPES = ("read", "contacts:read", "contacts:phone")
PHONE_SCOPE = "contacts:phone"
PHONE_ROLES = frozenset({Role.OPERATOR, Role.MANAGER})  # those that contacts.access lets see phone numbers
DEFAULT_LIFE = timedelta(days=90)
LONGEST_LIFE = timedelta(days=3650)
LONGEST_NAME = 100
SHAPE = re.compile(r"ops_([A-Za-z0-9]{12})_([A-Za-z0-9]{40})")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
TOUCH_AFTER = timedelta(minutes=1)


class UnknownScope(ActionError):
    message = "A token may only have these scopes: " + ", ".join(SCOPES) + "."


class ScopeMissing(ActionError):
    message = "Say what the token may do: name at least one scope."


class ScopeBeyondRole(ActionError):
    message = "Your role may not see phone numbers, so your token may not either: leave out contacts:phone."


class BadTokenName(ActionError):
    message = f"Give the token a name of at most {LONGEST_NAME} characters, such as the script that uses it."


class BadTokenLife(ActionError):
    message = f"A token lives for at least a moment and at most {LONGEST_LIFE.days} days."


class PersonLeft(ActionError):
    message = "This person has left or may not log in; they get no token."


@dataclass(frozen=True, slots=True)
class TokenOwner:
    """A usable token and the person whose it is; `name` and `user_id` are the person's, as the audit trail wants."""

    token: int
    key: str
    token_name: str
    scopes: frozenset[str]
    person: int
    name: str
    user_id: int | None


def create_token(
    *,
    person: Person,
    name: str,
    scopes: Iterable[str],
    now: datetime,
    life: timedelta = DEFAULT_LIFE,
    trusted: bool = False,
) -> tuple[ApiToken, str]:
    """Make a token; the second value is the text to show once, it cannot be read again.

    People who make their own get no scope beyond their role; `trusted` is for whoever runs the portal's machine.
    Raises UnknownScope, ScopeMissing, ScopeBeyondRole, BadTokenName, BadTokenLife, PersonLeft.
    """
    wanted = sorted(set(scopes))
    name = name.strip()
    _check(person, name, wanted, life)
    if PHONE_SCOPE in wanted and not trusted and PHONE_ROLES.isdisjoint(person.roles.values()):
        raise ScopeBeyondRole
    key, secret = _random(12), _random(40)
    with transaction.atomic():
        token = ApiToken.objects.create(
            person=person,
            name=name,
            key=key,
            digest=_digest(secret, settings.SECRET_KEY),
            scopes=wanted,
            created_at=now,
            expires_at=now + life,
        )
        record(verb="token.created", subject=token, actor=person, now=now, scopes=wanted)
    return token, f"ops_{key}_{secret}"


def _check(person: Person, name: str, scopes: list[str], life: timedelta) -> None:
    if not scopes:
        raise ScopeMissing
    if not set(scopes) <= set(SCOPES):
        raise UnknownScope
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadTokenName
    if not timedelta(0) < life <= LONGEST_LIFE:
        raise BadTokenLife
    if person.left_at is not None or (person.user is not None and not person.user.is_active):
        raise PersonLeft


def revoke_token(*, token: ApiToken, person: Person, now: datetime) -> bool:
    """Stop a token for good; False if it already was."""
    with transaction.atomic():
        revoked = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)
        if revoked:
            record(verb="token.revoked", subject=token, actor=person, now=now)
    return bool(revoked)


BY_KEY = Prepared(
    lambda: (
        ApiToken.objects.filter(key="{key}", revoked_at=None, person__left_at=None)
        .exclude(person__user__is_active=False)
        .values_list(
            "id",
            "key",
            "name",
            "scopes",
            "person_id",
            "person__name",
            "person__user_id",
            "digest",
            "expires_at",
            "last_used_at",
        )
    )
)


def token_owner(*, text: str, now: datetime) -> TokenOwner | None:
    """The owner of the usable token written as `text`; None if there is none. Notes the use, once a minute."""
    match = SHAPE.fullmatch(text)
    rows = BY_KEY.rows(key=match[1]) if match else []
    if match is None or not rows:
        return None
    token, key, token_name, scopes, person, name, user_id, digest, expires_at, last_used_at = rows[0]
    if not _matches(match[2], digest) or _utc(expires_at) <= now:
        return None
    if last_used_at is None or now - _utc(last_used_at) > TOUCH_AFTER:
        ApiToken.objects.filter(pk=token).update(last_used_at=now)
    return TokenOwner(token, key, token_name, frozenset(json.loads(scopes)), person, name, user_id)


def _matches(secret: str, digest: str) -> bool:
    """Whether the secret has this digest, under the server's key or one it had before (SECRET_KEY_FALLBACKS)."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(digest, _digest(secret, key)) for key in keys)


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _digest(secret: str, key: str) -> str:
    return hmac.new(key.encode(), b"api-token:" + secret.encode(), hashlib.sha256).hexdigest()
