"""What the clock does to maintenance windows: tells people, begins, ends, lets lapse, plans on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import Q

from contacts.actions import enqueue
from contacts.models import Team
from opsportal.audit.trail import record
from services.actions.series import HORIZON, plan_series
from services.actions.windows import NotToBeDecided, begin_window, finish_window
from services.models import Service, Window, WindowSeries, WindowState

log = logging.getLogger(__name__)

AHEAD = timedelta(days=1)  # a series is planned on when its horizon has shrunk by this
AT_ONCE = 200

Row = TypeVar("Row", Window, WindowSeries)


def turn_windows(*, now: datetime) -> int:
    """Do what is due; returns how many windows were touched. Any number of clocks may turn at once.

    One that raises is logged and left for the next turn; the others are not held up.
    """
    approved = Window.objects.filter(state=WindowState.APPROVED)
    ended = Window.objects.filter(state__in=[WindowState.APPROVED, WindowState.IN_PROGRESS], ends_at__lte=now)
    lapsed = Window.objects.filter(state=WindowState.REQUESTED, ends_at__lte=now)
    work: list[tuple[Iterable[Window], Callable[[Window, datetime], object]]] = [
        (ended, _end),
        (lapsed, _lapse),
        (approved.filter(starts_at__lte=now, ends_at__gt=now), _begin),
        (approved.filter(notify_at__lte=now), notify),
    ]
    done = 0
    for windows, act in work:
        for window in list(windows)[:AT_ONCE]:
            done += _guarded(act, window, now)
    shrunk = Q(planned_until=None) | Q(planned_until__lt=now + HORIZON - AHEAD)
    for series in WindowSeries.objects.filter(shrunk, state=WindowState.APPROVED)[:AT_ONCE]:
        done += _guarded(lambda one, at: plan_series(series=one, now=at), series, now)
    return done


def _guarded(act: Callable[[Row, datetime], object], row: Row, now: datetime) -> int:
    try:
        with transaction.atomic():
            act(row, now)
    except NotToBeDecided:
        return 0
    except Exception:
        log.exception("the clock could not turn %s %s", type(row).__name__, row.pk)
        return 0
    return 1


def _begin(window: Window, now: datetime) -> None:
    begin_window(window=window, person=None, now=now)


def _end(window: Window, now: datetime) -> None:
    finish_window(window=window, person=None, now=now, outcome="")


def _lapse(window: Window, now: datetime) -> None:
    moved = Window.objects.filter(pk=window.pk, state=WindowState.REQUESTED).update(state=WindowState.LAPSED)
    if moved:
        record(verb="window.lapsed", subject=window, actor=None, now=now)


def notify(window: Window, now: datetime) -> None:
    """Tell the teams of the services, and those whose services need them, once for each time; then the next time."""
    due = [one for one in window.notify_before if window.starts_at - timedelta(seconds=one) <= now]
    later = [window.starts_at - timedelta(seconds=one) for one in window.notify_before if one not in due]
    claimed = Window.objects.filter(pk=window.pk, notify_at=window.notify_at).update(
        notify_at=min(later) if later else None
    )
    if not claimed or not due:
        return
    names = ", ".join(window.services.order_by("name").values_list("name", flat=True))
    for team in told(window):
        enqueue(
            key=f"window:{window.pk}:{min(due)}:{team.pk}",
            to=team,
            subject=f"Maintenance of {names[:120]}: {window.title[:100]}",
            text=_text(window, names),
            url=window.get_absolute_url(),
            now=now,
        )


def told(window: Window) -> list[Team]:
    """The teams that are told: those of the window's services and of services that need them."""
    services = window.services.all()
    dependents = Service.objects.filter(needs__needs__in=services)
    touched = Q(services__in=services) | Q(services__in=dependents)
    return list(Team.objects.filter(touched).distinct().order_by("name"))


def _text(window: Window, names: str) -> str:
    parts = [
        f"From {window.starts_at:%a %d %b %Y %H:%M} to {window.ends_at:%a %d %b %H:%M} UTC: {window.title}.",
        f"Services: {names}.",
        window.reason,
        f"Rollback: {window.rollback}" if window.rollback else "",
    ]
    return "\n\n".join(part for part in parts if part)
