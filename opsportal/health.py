"""Is the portal alive, and is it able to work? For load balancers and watchers outside."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from contacts.access import public
from contacts.models import Message
from opsportal.lib.database import database_now
from opsportal.models import Heartbeat
from opsportal.tasks import beat
from opsportal.watch import findings

STARTED = time.monotonic()
OVERDUE = timedelta(minutes=2)
MOST_COUNTED = 1000


@public
@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers; touches nothing else."""
    return JsonResponse({"status": "ok"})


@public
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and the clockwork ran lately, else 503 with which of them does not."""
    try:
        state = _clockwork(timezone.now())
    except DatabaseError:
        state = {"database": "down", "clockwork": "unknown"}
    return JsonResponse(state, status=200 if set(state.values()) == {"ok"} else 503)


def _clockwork(now: datetime) -> dict[str, str | int]:
    """That the database answers, and when the clockwork was heard. Raises DatabaseError."""
    heard = Heartbeat.objects.heard(beat.name)
    if not silent(heard, now):
        return {"database": "ok", "clockwork": "ok"}
    said = f"silent since {heard.isoformat(timespec='seconds')}" if heard else "never ran"
    return {"database": "ok", "clockwork": said}


@public
@never_cache
@require_safe
def deep(request: HttpRequest) -> JsonResponse:
    """For watchers outside: as `ready`, and 503 also while anything is due and untouched for more than two
    minutes, or messages were lost.

    A load balancer must not ask here: a lost mail is no reason to take the portal off the net.
    """
    now = timezone.now()
    try:
        state = _clockwork(now) | {
            "overdue_messages": Message.objects.overdue(now - OVERDUE)[:MOST_COUNTED].count(),
            "findings": len(findings(database_now())),
            "lost_messages": Message.objects.lost()[:MOST_COUNTED].count(),
        }
    except DatabaseError:
        state = {"database": "down", "clockwork": "unknown"}
    return JsonResponse(state, status=200 if set(state.values()) <= {"ok", 0} else 503)


def silent(heard: datetime | None, now: datetime) -> bool:
    """As `overdue`, but the embedded portal, which starts its clockwork by itself, is given time to sound first."""
    just_started = time.monotonic() - STARTED < settings.CLOCKWORK_SILENCE
    return overdue(heard, now) and not (settings.EMBEDDED and just_started)


def overdue(heard: datetime | None, now: datetime) -> bool:
    """Was the last heartbeat more than `CLOCKWORK_SILENCE` seconds before `now`, or never?"""
    return heard is None or now - heard > timedelta(seconds=settings.CLOCKWORK_SILENCE)
