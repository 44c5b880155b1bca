"""Make and revoke the addresses that calendar programs read."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from contacts.models import Person, Team
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError
from procedures.models import CalendarFeed
from services.models import Service

SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
MOST = 50  # of one person
TOUCH_AFTER = timedelta(hours=1)


class TooManyFeeds(ActionError):
    message = f"You have {MOST} calendar addresses; revoke one that you no longer use first."


def create_feed(
    *, person: Person, now: datetime, team: Team | None = None, service: Service | None = None
) -> tuple[CalendarFeed, str]:
    """Make an address for the person's own work, a team's or a service's; the second value is its secret, shown once.

    Raises ActionError for both at once, TooManyFeeds.
    """
    if team is not None and service is not None:
        raise ActionError("A calendar address is for a team or for a service, not for both.")
    with transaction.atomic():
        if CalendarFeed.objects.filter(person=person, revoked_at=None).count() >= MOST:
            raise TooManyFeeds
        secret = secrets.token_urlsafe(32)
        feed = CalendarFeed.objects.create(
            person=person,
            kind="team" if team else "service" if service else "person",
            team=team,
            service=service,
            name=str(team or service or "My work")[:100],
            digest=digest_of(secret),
            created_at=now,
        )
        record(verb="feed.created", subject=feed, actor=person, now=now, kind=feed.kind)
    return feed, secret


def revoke_feed(*, feed: CalendarFeed, person: Person, now: datetime) -> bool:
    """The address stops working; False if it had before."""
    with transaction.atomic():
        revoked = CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=now)
        if revoked:
            record(verb="feed.revoked", subject=feed, actor=person, now=now)
    return bool(revoked)


def feed_of(secret: str, now: datetime) -> CalendarFeed | None:
    """The feed of a secret, if it works and its owner is still here; notes at most once an hour that it was read."""
    if not SECRET.fullmatch(secret):
        return None
    feeds = CalendarFeed.objects.filter(digest__in=digests_of(secret), revoked_at=None, person__left_at=None)
    feed = feeds.select_related("person", "team", "service").first()
    if feed is not None:
        unread = Q(last_read_at=None) | Q(last_read_at__lt=now - TOUCH_AFTER)
        CalendarFeed.objects.filter(unread, pk=feed.pk).update(last_read_at=now)
    return feed


def digest_of(secret: str, key: str = "") -> str:
    """HMAC-SHA256 hex of the secret with the server's key, apart from every other use of that key."""
    return hmac.new(f"feed:{key or settings.SECRET_KEY}".encode(), secret.encode(), hashlib.sha256).hexdigest()


def digests_of(secret: str) -> list[str]:
    """Under the server's key, and those it had before."""
    return [digest_of(secret, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
