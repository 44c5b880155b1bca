"""API tokens: `ops_<key 12><secret 40>`, of which the database holds the key and an HMAC of the secret."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from contacts.models import ApiToken, Person
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError

SCOPES = ("read", "contacts:read", "contacts:phone")
DEFAULT_LIFE = timedelta(days=90)
SHAPE = re.compile(r"ops_([A-Za-z0-9]{12})_([A-Za-z0-9]{40})")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
TOUCH_AFTER = timedelta(minutes=1)


class UnknownScope(ActionError):
    message = "A token may only have these scopes: " + ", ".join(SCOPES) + "."


def create_token(
    *, person: Person, name: str, scopes: Iterable[str], now: datetime, life: timedelta = DEFAULT_LIFE
) -> tuple[ApiToken, str]:
    """Make a token; the second value is the text to show once, it cannot be read again.

    Raises UnknownScope.
    """
    wanted = sorted(set(scopes))
    if not set(wanted) <= set(SCOPES):
        raise UnknownScope
    key, secret = _random(12), _random(40)
    with transaction.atomic():
        token = ApiToken.objects.create(
            person=person,
            name=name,
            key=key,
            digest=_digest(secret),
            scopes=wanted,
            created_at=now,
            expires_at=now + life,
        )
        record(verb="token.created", subject=token, actor=person, now=now, scopes=wanted)
    return token, f"ops_{key}_{secret}"


def revoke_token(*, token: ApiToken, person: Person, now: datetime) -> bool:
    """Stop a token for good; False if it already was."""
    with transaction.atomic():
        revoked = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)
        if revoked:
            record(verb="token.revoked", subject=token, actor=person, now=now)
    return bool(revoked)


def token_owner(*, text: str, now: datetime) -> ApiToken | None:
    """The usable token written as `text`, with its person and user; None if there is none."""
    match = SHAPE.fullmatch(text)
    if match is None:
        return None
    token = ApiToken.objects.usable(now).select_related("person__user").filter(key=match[1]).first()
    if token is None or not hmac.compare_digest(token.digest, _digest(match[2])):
        return None
    user = token.person.user
    if token.person.left_at is not None or (user is not None and not user.is_active):
        return None
    if token.last_used_at is None or now - token.last_used_at > TOUCH_AFTER:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _digest(secret: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), b"api-token:" + secret.encode(), hashlib.sha256).hexdigest()
