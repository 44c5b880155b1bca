"""What a month was for a team: figures, the month before, each service, what was missed and who decided about it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from contacts.models import Person, Team
from opsportal.lib.periods import Period, month_of
from opsportal.selectors.compliance import ServiceRow, by_service, grouped
from opsportal.selectors.compliance_rows import all_of
from opsportal.selectors.compliance_scope import Scope
from opsportal.selectors.compliance_tally import TARGET, Tally, kinds
from opsportal.selectors.compliance_ten import TenPercent, ten_percent
from opsportal.selectors.compliance_work import Split, planned_and_not
from procedures.models import Occurrence

MOST_MISSED = 50


@dataclass(frozen=True, slots=True)
class MonthReport:
    """A calendar month of a team."""

    team: Team
    month: Period
    total: Tally
    before: Tally
    services: list[ServiceRow]
    missed: list[Occurrence]
    ten: TenPercent
    split: Split

    @property
    def name(self) -> str:
        return f"{self.month.first:%B %Y}"

    @property
    def change(self) -> float | None:
        """Points that the share on time rose (or fell) since the month before."""
        shares = (self.total.share, self.before.share)
        return None if shares[0] is None or shares[1] is None else shares[0] - shares[1]

    @property
    def text(self) -> str:
        """The report as the lines of a message."""
        return "\n".join(_lines(self))


def month_report(team: Team, month: Period, now: datetime) -> MonthReport:
    """Eight queries, whatever the month holds; at most fifty missed rows, latest first."""
    scope = Scope([team], team=team)
    missed = scope.occurrences(month).filter(kinds(now)["missed"][1])
    latest: list[Occurrence] = []
    for row in all_of(missed):
        latest.append(row)
        if len(latest) == MOST_MISSED:
            break
    return MonthReport(
        team=team,
        month=month,
        total=tally_of(scope, month, now),
        before=tally_of(scope, month_of(month.first - timedelta(days=1)), now),
        services=by_service(scope, month, now, most=1000),
        missed=latest,
        ten=ten_percent(scope, month, now),
        split=planned_and_not(scope, month),
    )


def tally_of(scope: Scope, days: Period, now: datetime) -> Tally:
    """Everything of the period. One query."""
    total = Tally()
    for group in grouped(scope.occurrences(days), now):
        total.add(*group)
    return total


def zone_of(team: Team) -> ZoneInfo:
    """The zone in which most of the team's people live; the portal's own for an empty team. One query."""
    people = Person.objects.filter(teams=team, left_at=None).order_by("time_zone")
    zones = Counter(people.values_list("time_zone", flat=True)).most_common(1)
    try:
        return ZoneInfo(zones[0][0] if zones else settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


def read_month(text: str, today: date) -> Period | None:
    """The month that "2026-10" names, or the last whole one for ""; None for anything else, and for one to come."""
    if not text:
        return month_of(today.replace(day=1) - timedelta(days=1))
    try:
        first = date.fromisoformat(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        return None
    return month_of(first) if first is not None and first <= today else None


def _lines(report: MonthReport) -> list[str]:
    total, share = report.total, report.total.share
    lines = [f"{report.team}, {report.name}: {total.due} due, {total.on_time} on time, {total.late} late,"]
    lines.append(f"{total.missed} missed ({total.system} while the portal was down), {total.excused} excused.")
    if share is not None:
        lines.append(f"Share on time {share:.1f} %, target {TARGET:.0f} %.")
    if report.change is not None:
        lines.append(f"The month before it was {report.before.share:.1f} %.")
    if total.outage and total.share_without_outages is not None:
        lines.append(f"Without outages of the portal {total.share_without_outages:.1f} %.")
    if report.ten.due:
        lines.append(f"10 % rule: {report.ten.within} of {report.ten.due} tasks with long intervals.")
    below = [row for row in report.services if row.total.below]
    lines += ["", "Services below the target:"] if below else []
    lines += [f"  {row.name}: {row.total.share:.1f} % of {row.total.due}" for row in below]
    return lines
