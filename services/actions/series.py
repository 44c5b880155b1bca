"""Recurring maintenance windows: approved once, planned sixty days ahead."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from contacts.models import Person
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError
from opsportal.lib.recurrence import Rule, RuleError, Slot, between
from opsportal.lib.recurrence.validate import validate
from services.actions.windows import NotToBeDecided, OwnRequest, Work, check_work, next_notice, plan_columns
from services.models import Service, Window, WindowSeries, WindowState

HORIZON = timedelta(days=60)
MOST = 200  # windows of one series in the horizon
LONGEST = timedelta(days=2)


def request_series(*, work: Work, rule: Rule, duration: timedelta, person: Person, now: datetime) -> WindowSeries:
    """Ask for windows that recur by the rule, each `duration` long (a minute to two days).

    Raises ActionError for a rule that cannot be kept, with the sentence of the recurrence engine.
    """
    check_work(work)
    if not timedelta(minutes=1) <= duration <= LONGEST:
        raise ActionError("Each window of a series lasts between a minute and two days.")
    try:
        validate(rule)
        coming = between(rule, now, now + HORIZON)
    except RuleError as error:
        raise ActionError(str(error)) from error
    if len(coming) > MOST:
        raise ActionError(f"That would be {len(coming)} windows in sixty days; {MOST} are the most.")
    with transaction.atomic():
        series = WindowSeries.objects.create(
            **plan_columns(work),
            rrule=rule.rrule,
            times=" ".join(f"{time:%H:%M}" for time in rule.times),
            zone=rule.zone,
            starts_on=rule.start,
            non_business=rule.non_business.value,
            month_end=rule.month_end.value,
            duration=int(duration.total_seconds()),
            requested_by=person,
            requested_at=now,
        )
        series.services.set(work.services)
        slugs = [service.slug for service in work.services]
        record(verb="window_series.requested", subject=series, actor=person, now=now, rule=rule.rrule, services=slugs)
    return series


def approve_series(*, series: WindowSeries, person: Person, now: datetime, words: str = "") -> WindowSeries:
    """Approve a series of somebody else and plan its windows. Raises OwnRequest, NotToBeDecided."""
    if series.requested_by_id == person.pk:
        raise OwnRequest
    with transaction.atomic():
        columns = {"approved_by": person, "decided_at": now, "decision": words.strip()}
        approved = _move(series, WindowState.APPROVED, (WindowState.REQUESTED,), now, person, **columns)
        plan_series(series=approved, now=now)
    return approved


def reject_series(*, series: WindowSeries, person: Person, now: datetime, words: str) -> WindowSeries:
    """Refuse a series, with a reason. Raises NotToBeDecided, ActionError."""
    if not words.strip():
        raise ActionError("Say why the windows are rejected, so that better ones can be asked for.")
    columns = {"decided_at": now, "decision": words.strip()}
    return _move(series, WindowState.REJECTED, (WindowState.REQUESTED,), now, person, **columns)


def end_series(*, series: WindowSeries, person: Person, now: datetime, words: str) -> WindowSeries:
    """No more windows of the series: those that have not begun are cancelled. Raises NotToBeDecided, ActionError."""
    if not words.strip():
        raise ActionError("Say why the windows end.")
    columns = {"decided_at": now, "decision": words.strip()}
    standing = (WindowState.REQUESTED, WindowState.APPROVED)
    with transaction.atomic():
        ended = _move(series, WindowState.CANCELLED, standing, now, person, **columns)
        Window.objects.filter(series=series, state__in=standing, starts_at__gt=now).update(
            state=WindowState.CANCELLED, decision=words.strip(), decided_at=now, notify_at=None
        )
    return ended


def plan_series(*, series: WindowSeries, now: datetime) -> int:
    """Write the rows of an approved series up to sixty days ahead; returns how many are new. Any number may do so."""
    since = series.planned_until or now
    until = now + HORIZON
    if since >= until:
        return 0
    slots = between(series.plain_rule(), since, until)
    services = list(series.services.all())
    with transaction.atomic():
        written = sum(_planned(series, slot, services, now) for slot in slots)
        WindowSeries.objects.filter(pk=series.pk).update(planned_until=until)
    return written


def _planned(series: WindowSeries, slot: Slot, services: list[Service], now: datetime) -> bool:
    """The window of a slot, unless it has one; the unique key decides between two planners."""
    window, made = Window.objects.get_or_create(
        series=series,
        slot=slot.key,
        defaults={
            "title": series.title,
            "reason": series.reason,
            "notification": series.notification,
            "rollback": series.rollback,
            "notify_before": series.notify_before,
            "record": series.record,
            "state": WindowState.APPROVED,
            "requested_by": series.requested_by,
            "requested_at": series.requested_at,
            "approved_by": series.approved_by,
            "decided_at": series.decided_at,
            "starts_at": slot.at_utc,
            "ends_at": slot.at_utc + timedelta(seconds=series.duration),
            "notes": list(slot.notes),
            "notify_at": next_notice(slot.at_utc, series.notify_before, now),
        },
    )
    if made:
        window.services.set(services)
    return made


def _move(
    series: WindowSeries, state: str, since: tuple[str, ...], now: datetime, person: Person, **columns: object
) -> WindowSeries:
    with transaction.atomic():
        if not WindowSeries.objects.filter(pk=series.pk, state__in=since).update(state=state, **columns):
            raise NotToBeDecided
        changed = WindowSeries.objects.get(pk=series.pk)
        record(verb=f"window_series.{state}", subject=changed, actor=person, now=now, words=str(columns["decision"]))
    return changed
