"""Request, approve, begin and finish a maintenance window; freezes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from contacts.models import Person, Team
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError, Conflict
from services.models import Freeze, MaintenanceWindow, Service, Window, WindowState

LONGEST = timedelta(days=31)
MOST_SERVICES = 100


class OwnRequest(ActionError):
    message = "Somebody else has to approve this: you asked for it yourself."


class NotToBeDecided(Conflict):
    message = "This window is no longer waiting for that; look at it again."


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done in a window: texts as typed, services, seconds before the start at which teams are told."""

    title: str
    services: Sequence[Service]
    reason: str = ""
    notification: str = ""
    rollback: str = ""
    notify_before: Sequence[int] = field(default=(86_400,))
    record: MaintenanceWindow | None = None


def request_window(*, work: Work, starts_at: datetime, ends_at: datetime, person: Person, now: datetime) -> Window:
    """Ask for a window. Raises ActionError for one without a service, in the past, backwards or over 31 days long."""
    check_work(work)
    _check_times(starts_at, ends_at, now)
    with transaction.atomic():
        window = Window.objects.create(
            **plan_columns(work), starts_at=starts_at, ends_at=ends_at, requested_by=person, requested_at=now
        )
        window.services.set(work.services)
        record(
            verb="window.requested",
            subject=window,
            actor=person,
            now=now,
            starts_at=starts_at,
            ends_at=ends_at,
            services=[service.slug for service in work.services],
        )
    return window


def check_work(work: Work) -> None:
    """Raises ActionError for work without a title or services, or with too many of them."""
    if not work.title.strip():
        raise ActionError("Say in a few words what is done in the window.")
    if not work.services:
        raise ActionError("Choose at least one service.")
    if len(work.services) > MOST_SERVICES:
        raise ActionError(f"A window can have {MOST_SERVICES} services at most; make several.")
    if any(before < 0 for before in work.notify_before):
        raise ActionError("People can be told before the start, not after it.")


def plan_columns(work: Work) -> dict[str, object]:
    """The columns of `services.models.windows.Plan` that the work fills."""
    return {
        "title": work.title.strip(),
        "reason": work.reason.strip(),
        "notification": work.notification.strip(),
        "rollback": work.rollback.strip(),
        "notify_before": sorted(set(work.notify_before), reverse=True),
        "record": work.record,
    }


def _check_times(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at <= starts_at:
        raise ActionError("The window ends before it begins.")
    if ends_at - starts_at > LONGEST:
        raise ActionError("A window can be 31 days long at most; is the end right?")
    if ends_at <= now:
        raise ActionError("The window lies in the past.")


def approve_window(*, window: Window, person: Person, now: datetime, words: str = "") -> Window:
    """Approve a window of somebody else. Raises OwnRequest, NotToBeDecided."""
    if window.requested_by_id == person.pk:
        raise OwnRequest
    return _move(
        window,
        "approved",
        now,
        person,
        since=(WindowState.REQUESTED,),
        approved_by=person,
        decided_at=now,
        decision=words.strip(),
        notify_at=next_notice(window.starts_at, window.notify_before, now),
    )


def reject_window(*, window: Window, person: Person, now: datetime, words: str) -> Window:
    """Refuse a window, with a reason. Raises NotToBeDecided, ActionError."""
    _need(words, "Say why the window is rejected, so that a better one can be asked for.")
    return _move(
        window, "rejected", now, person, since=(WindowState.REQUESTED,), decided_at=now, decision=words.strip()
    )


def cancel_window(*, window: Window, person: Person, now: datetime, words: str) -> Window:
    """Call off a window that has not begun, with a reason. Raises NotToBeDecided, ActionError."""
    _need(words, "Say why the window is called off.")
    before = (WindowState.REQUESTED, WindowState.APPROVED)
    return _move(window, "cancelled", now, person, since=before, decided_at=now, decision=words.strip(), notify_at=None)


def begin_window(*, window: Window, person: Person | None, now: datetime) -> Window:
    """The work begins, at most an hour before its time; nobody (None) when its time has come.

    Raises NotToBeDecided, ActionError.
    """
    if now < window.starts_at - timedelta(hours=1):
        raise ActionError("The window begins later; cancel it and ask for another time.")
    return _move(
        window,
        "in_progress",
        now,
        person,
        since=(WindowState.APPROVED,),
        begun_at=now,
        begun_by=person,
        starts_at=min(window.starts_at, now),
        notify_at=None,
    )


def finish_window(*, window: Window, person: Person | None, now: datetime, outcome: str = "") -> Window:
    """The work is done: pages of the services go out again. Nobody (None) when its end has come."""
    return _move(
        window,
        "done",
        now,
        person,
        since=(WindowState.APPROVED, WindowState.IN_PROGRESS) if person is None else (WindowState.IN_PROGRESS,),
        finished_at=now,
        finished_by=person,
        outcome=outcome.strip(),
        notify_at=None,
    )


def next_notice(starts_at: datetime, before: Sequence[int], now: datetime) -> datetime | None:
    """When the next notice is due: at once for those whose time has passed while the window has not begun."""
    if starts_at <= now or not before:
        return None
    passed = [one for one in before if starts_at - timedelta(seconds=one) <= now]
    coming = [starts_at - timedelta(seconds=one) for one in before if starts_at - timedelta(seconds=one) > now]
    return now if passed else min(coming)


def _need(words: str, otherwise: str) -> None:
    if not words.strip():
        raise ActionError(otherwise)


def _move(
    window: Window, state: str, now: datetime, person: Person | None, *, since: Sequence[str], **columns: object
) -> Window:
    """Compare and set: only from one of the states `since`. Raises NotToBeDecided."""
    with transaction.atomic():
        moved = Window.objects.filter(pk=window.pk, state__in=since).update(state=state, **columns)
        if not moved:
            raise NotToBeDecided
        changed = Window.objects.get(pk=window.pk)
        words = {name: str(columns[name]) for name in ("decision", "outcome") if columns.get(name)}
        record(verb=f"window.{state}", subject=changed, actor=person, now=now, **words)
    return changed


def add_freeze(
    *, title: str, team: Team | None, starts_at: datetime, ends_at: datetime, person: Person, now: datetime
) -> Freeze:
    """A time in which nothing is to be changed. Raises ActionError for one without words or backwards."""
    _need(title, "Say why nothing may be changed.")
    if ends_at <= starts_at:
        raise ActionError("The freeze ends before it begins.")
    with transaction.atomic():
        freeze = Freeze.objects.create(title=title.strip(), team=team, starts_at=starts_at, ends_at=ends_at, by=person)
        record(verb="freeze.added", subject=freeze, actor=person, now=now, starts_at=starts_at, ends_at=ends_at)
    return freeze


def remove_freeze(*, freeze: Freeze, person: Person, now: datetime) -> None:
    """Take a freeze away; the audit log keeps that it was there."""
    with transaction.atomic():
        record(verb="freeze.removed", subject=freeze, actor=person, now=now, ends_at=freeze.ends_at)
        freeze.delete()
