"""Send each team the report of the month that has ended, once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.http import urlencode

from contacts.actions.messages import enqueue
from contacts.models import Message, Team
from opsportal.lib.periods import Period, month_of
from opsportal.selectors.compliance_month import month_report, zone_of

FIRST_DAYS = (
    7  # of a month, on which the report of the last one is still sent: on the first, unless the portal was down
)


def send_month_reports(*, now: datetime) -> int:
    """From the first local day of a month on, tell each team how the last one was; returns how many were told.

    The message's unique key makes a second call, or one at the same time, harmless. A month in which nothing was due
    is not told of.
    """
    if FIRST_DAYS + 1 < now.day < 28:  # it is the first week in no zone
        return 0
    due = [(team, month) for team in Team.objects.order_by("pk") if (month := _month_to_tell(team, now)) is not None]
    keys = {team.pk: key_of(team, month) for team, month in due}
    told = set(Message.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    return sum(_send(team, month, now) for team, month in due if keys[team.pk] not in told)


def key_of(team: Team, month: Period) -> str:
    return f"report:{team.slug}:{month.first:%Y-%m}"


def _month_to_tell(team: Team, now: datetime) -> Period | None:
    today = now.astimezone(zone_of(team)).date()
    return month_of(today.replace(day=1) - timedelta(days=1)) if today.day <= FIRST_DAYS else None


def _send(team: Team, month: Period, now: datetime) -> bool:
    report = month_report(team, month, now)
    if not report.total.due:
        return False
    page = f"{reverse('month_report')}?{urlencode({'team': team.slug, 'month': f'{month.first:%Y-%m}'})}"
    with transaction.atomic():
        return enqueue(
            key=key_of(team, month),
            to=team,
            subject=f"{team}: the work of {report.name}",
            text=report.text,
            now=now,
            url=page,
            quiet=True,
        )
