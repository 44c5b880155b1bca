"""What a maintenance window meets: other windows, dependencies, freezes, days off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from opsportal.lib.recurrence import RuleError
from services.models import Dependency, Freeze, HolidayCalendar, Service, Window

MOST = 50
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Collision:
    """One thing in the way. `grave` ones speak against the window, the others are to be known."""

    kind: str
    words: str
    href: str = ""
    grave: bool = False


def collisions(window: Window, zone: ZoneInfo) -> list[Collision]:
    """Everything that the window meets, the grave first; days off are counted in `zone`."""
    services = list(window.services.all())
    found = [
        *_windows(window, services),
        *_freezes(window, services),
        *_days_off(window, zone),
    ]
    return sorted(found, key=lambda one: not one.grave)[:MOST]


def _windows(window: Window, services: Sequence[Service]) -> Iterator[Collision]:
    """Windows at the same time of the same services, and of services that these need or that need these."""
    own = {service.pk for service in services}
    arrows = Dependency.objects.filter(Q(service__in=own) | Q(needs__in=own)).values_list("service", "needs")
    beside = {pk for arrow in arrows for pk in arrow} - own
    others = (
        Window.objects.standing()
        .between(window.starts_at, window.ends_at)
        .exclude(pk=window.pk)
        .filter(services__in=own | beside)
        .prefetch_related("services")
        .distinct()
        .order_by("starts_at")[:MOST]
    )
    for other in others:
        names = {service.pk: service.name for service in other.services.all()}
        same = [name for pk, name in names.items() if pk in own]
        near = [name for pk, name in names.items() if pk in beside]
        if same:
            words = f"“{other.title}” works on {', '.join(same)} at the same time."
        else:
            words = f"“{other.title}” takes {', '.join(near)} down at the same time, which is connected."
        yield Collision("window", words, other.get_absolute_url(), grave=bool(same))


def _freezes(window: Window, services: Sequence[Service]) -> Iterator[Collision]:
    teams = {service.team_id for service in services if service.team_id}
    freezes = Freeze.objects.filter(Q(team=None) | Q(team__in=teams), starts_at__lt=window.ends_at)
    for freeze in freezes.filter(ends_at__gt=window.starts_at).select_related("team")[:MOST]:
        who = freeze.team.name if freeze.team else "everybody"
        yield Collision("freeze", f"Change freeze for {who}: {freeze.title}.", "/windows/freezes/", grave=True)


def _days_off(window: Window, zone: ZoneInfo) -> Iterator[Collision]:
    """Public holidays of the calendars the portal knows; a weekend is what windows are made for."""
    first, last = (moment.astimezone(zone).date() for moment in (window.starts_at, window.ends_at))
    days = [first + DAY * number for number in range((last - first).days + 1)]
    for calendar in HolidayCalendar.objects.prefetch_related("dates").order_by("name")[:MOST]:
        try:
            reasons = [(day, calendar.days_off().reason_off(day)) for day in days]
        except RuleError:
            continue
        for day, reason in reasons:
            if reason and reason != "weekend":
                yield Collision("holiday", f"{day:%A %d %B} is {reason} ({calendar.name}): who is there?")


def holding_back(service: Service, now: datetime) -> Window | None:
    """The window that holds back pages of the service at `now`, if any; measurements go on."""
    return Window.objects.under_way(now).filter(services=service).order_by("-ends_at").first()
