"""Sessions as their owner sees them: where a login is open. The session itself carries the id of its row."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.http import HttpRequest

from contacts.models import LoginSession, User

ROW = "login_session"  # the key in the session under which it carries the id of its row
TOUCH_EVERY = 60  # seconds
MOST_KNOWN = 5000
LONGEST_BROWSER = 300

_touched: dict[int, float] = {}  # when this process last wrote down that a row was seen, in seconds since 1970


def note_login(*, request: HttpRequest, user: User, address: str, now: datetime) -> LoginSession:
    """Write down where the login was just opened; rows of sessions that are over go."""
    if request.session.session_key is None:
        request.session.save()
    key = str(request.session.session_key)
    forget_ended(user)
    row, _ = LoginSession.objects.update_or_create(
        key=key,
        defaults={
            "user": user,
            "browser": request.headers.get("User-Agent", "")[:LONGEST_BROWSER],
            "address": address,
            "created_at": now,
            "last_seen_at": now,
        },
    )
    request.session[ROW] = row.pk
    _know(row.pk, now)
    return row


def row_of(request: HttpRequest) -> int | None:
    """The id of this session's row; None for a session from before there were rows."""
    session = getattr(request, "session", None)
    row = session.get(ROW) if session is not None else None
    return row if isinstance(row, int) else None


def touch(request: HttpRequest, now: datetime) -> None:
    """Write down, at most once a minute, that the session is in use. Reading goes on where nothing can be written."""
    row = row_of(request)
    if row is None or abs(now.timestamp() - _touched.get(row, 0)) < TOUCH_EVERY:
        return
    _know(row, now)
    with suppress(DatabaseError):
        LoginSession.objects.filter(pk=row, last_seen_at__lt=now).update(last_seen_at=now)


def _know(row: int, now: datetime) -> None:
    if len(_touched) >= MOST_KNOWN:
        _touched.clear()
    _touched[row] = now.timestamp()


def keep_row(request: HttpRequest) -> None:
    """The session goes on under another key: after a change of the password."""
    row = row_of(request)
    if row is not None and request.session.session_key:
        LoginSession.objects.filter(pk=row).update(key=request.session.session_key)


def forget_session(request: HttpRequest) -> None:
    """The session is over by its owner's wish."""
    row = row_of(request)
    if row is not None:
        LoginSession.objects.filter(pk=row).delete()


def forget_ended(user: User) -> None:
    """Remove rows whose session ran out or was ended."""
    keys = list(LoginSession.objects.filter(user=user).values_list("key", flat=True))
    alive = set(Session.objects.filter(session_key__in=keys).values_list("session_key", flat=True))
    LoginSession.objects.filter(user=user, key__in=set(keys) - alive).delete()


def end(row: LoginSession) -> None:
    """End the session at once: the next request with it finds no login."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    store(row.key).delete(row.key)
    row.delete()
