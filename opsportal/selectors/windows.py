"""Maintenance windows for the pages: lists, one with all that belongs to it, and what a runbook suggests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import QuerySet

from contacts.models import Person
from opsportal.lib.recurrence import RuleError, next_after
from opsportal.lib.recurrence.sentence import sentence
from opsportal.runbooks import phrases
from procedures.models import Occurrence
from services.models import MaintenanceWindow, Service, Window, WindowSeries, WindowState

MOST = 50
USUAL = timedelta(hours=2)


@dataclass(slots=True)
class Board:
    """The windows page: what waits for approval, is under way, comes, and is over; each list at most fifty long."""

    waiting: list[Window]
    series_waiting: list[WindowSeries]
    under_way: list[Window]
    coming: list[Window]
    past: list[Window]
    series: list[WindowSeries]


def board(person: Person, now: datetime, *, everything: bool, slug: str = "") -> Board:
    """The windows of the person's teams' services, of all, or of one service."""
    windows = _shown(Window.objects.all(), person, everything, slug)
    series = _shown(WindowSeries.objects.all(), person, everything, slug)
    standing = list(windows.filter(state__in=Window.STANDING, ends_at__gt=now).order_by("starts_at")[: 3 * MOST])
    return Board(
        waiting=[one for one in standing if one.waits][:MOST],
        series_waiting=list(series.filter(state=WindowState.REQUESTED).order_by("requested_at")[:MOST]),
        under_way=[one for one in standing if not one.waits and one.starts_at <= now][:MOST],
        coming=[one for one in standing if not one.waits and one.starts_at > now][:MOST],
        past=list(windows.exclude(state__in=Window.STANDING, ends_at__gt=now).order_by("-starts_at")[:MOST]),
        series=list(series.filter(state=WindowState.APPROVED).order_by("title")[:MOST]),
    )


def _shown(rows: QuerySet[Any], person: Person, everything: bool, slug: str) -> QuerySet[Any]:
    if slug:
        rows = rows.filter(services__slug=slug)
    elif not everything:
        rows = rows.filter(services__team__in=list(person.roles))
    return rows.select_related("requested_by", "approved_by").prefetch_related("services").distinct()


def planned_meanwhile(window: Window) -> list[Occurrence]:
    """Scheduled work on the window's services that falls into it, at most fifty."""
    return list(
        Occurrence.objects.waiting()
        .filter(service__in=window.services.all(), at__gte=window.starts_at, at__lt=window.ends_at)
        .select_related("schedule", "service")
        .order_by("at")[:MOST]
    )


def words_of(series: WindowSeries) -> str:
    """The rule of a series as a sentence."""
    try:
        return sentence(series.plain_rule())
    except (RuleError, ValueError):
        return series.rrule


def suggestion(record: MaintenanceWindow, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """What the runbook's window fills into the form: its next date, its rule, its texts."""
    facts = record.rule or {}
    filled: dict[str, Any] = {
        "title": f"Maintenance of {record.service}",
        "notification": record.notification,
        "rollback": record.rollback,
        "rrule": facts.get("rrule") or "",
        "repeat": "own" if facts.get("rrule") else "",
        "zone": _zone(facts.get("tz"), zone),
    }
    begins = facts.get("time") or "22:00"
    length = timedelta(seconds=facts.get("window") or phrases.seconds(record.duration).max or USUAL.total_seconds())
    start = datetime.fromisoformat(f"2000-01-01T{begins}")
    return filled | {
        "begins": f"{start:%H:%M}",
        "until": f"{start + length:%H:%M}",
        "on": _next_day(filled, start, now),
    }


def _zone(name: object, otherwise: ZoneInfo) -> str:
    try:
        return ZoneInfo(str(name)).key if name else otherwise.key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return otherwise.key


def _next_day(filled: dict[str, Any], start: datetime, now: datetime) -> str:
    """The local date of the rule's next slot, or of tomorrow."""
    zone = ZoneInfo(filled["zone"])
    today = now.astimezone(zone).date()
    if filled["rrule"]:
        # the start gives the rhythm only; the day is found by the rule
        rule = WindowSeries(rrule=filled["rrule"], times=f"{start:%H:%M}", zone=zone.key, starts_on=today).plain_rule()
        try:
            slot = next_after(rule, now)
        except RuleError:
            slot = None
        if slot is not None:
            return slot.local.date().isoformat()
    return (today + timedelta(days=1)).isoformat()


def service_of(slug: str) -> Service | None:
    """A service by slug or by its name, as people type it."""
    found = Service.objects.select_related("team")
    return found.filter(slug=slug).first() or found.filter(name__iexact=slug).order_by("pk").first()
