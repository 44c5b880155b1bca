"""The figures of the compliance page: counted in the database, folded here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BooleanField, Count, DateField, ExpressionWrapper, F, FloatField, Q, QuerySet, Value
from django.db.models.functions import Cast, NullIf, TruncWeek

from opsportal.lib.charts import Spark, spark
from opsportal.lib.periods import Period
from opsportal.lib.shares import Shares, shares
from opsportal.selectors.compliance_scope import Scope
from opsportal.selectors.compliance_tally import TARGET, Tally, kinds, overdue
from procedures.models import Occurrence

TREND_WEEKS = 26
SPARK_WEEKS = 12
MOST_SERVICES = 25
ENOUGH_DAYS = 7


@dataclass(slots=True)
class Week:
    """A calendar week that begins on `monday`."""

    monday: date
    tally: Tally = field(default_factory=Tally)


@dataclass(slots=True)
class Figures:
    """`total` counts the period, `weeks` the last 26 (or as many as the period has), oldest first.

    `since` is the first day with anything in it, None when there is nothing.
    """

    total: Tally
    weeks: list[Week]
    since: date | None
    today: date

    @property
    def trend(self) -> Shares | None:
        return shares([(f"{week.monday:%-d %b}", week.tally.share) for week in self.weeks], target=TARGET)

    @property
    def enough(self) -> bool:
        """Whether there are seven days to judge by."""
        return self.since is not None and (self.today - self.since).days >= ENOUGH_DAYS


def figures(scope: Scope, days: Period, now: datetime, today: date) -> Figures:
    """One query: groups of day, state and reason over the period and the weeks of the trend."""
    begin = min(days.first, _monday(days.last) - timedelta(weeks=TREND_WEEKS - 1))
    rows = grouped(scope.occurrences(Period(begin, days.last)), now, "day")
    total, weeks, since = Tally(), _weeks(begin, days.last), None
    for day_text, state, reason, past_due, count in rows:
        day = date.fromisoformat(day_text)
        since = min(since or day, day)
        weeks[_monday(day)].tally.add(state, reason, past_due, count)
        if day >= days.first:
            total.add(state, reason, past_due, count)
    return Figures(total, list(weeks.values())[-max(TREND_WEEKS, days.days // 7) :], since, today)


def grouped(rows: QuerySet[Occurrence], now: datetime, *by: str) -> Iterable[tuple[Any, ...]]:
    """(…by, state, reason, whether past due, count) for each group."""
    groups = rows.annotate(past_due=overdue(now)).order_by().values_list(*by, "state", "reason", "past_due")
    return groups.annotate(count=Count("*"))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _weeks(first: date, last: date) -> dict[date, Week]:
    begin = _monday(first)
    mondays = (begin + timedelta(weeks=number) for number in range((last - begin).days // 7 + 1))
    return {monday: Week(monday) for monday in mondays}


@dataclass(slots=True)
class ServiceRow:
    """A service's figures in the period, and the shares of its last twelve weeks."""

    slug: str
    name: str
    team: str
    total: Tally = field(default_factory=Tally)
    weeks: dict[date, Tally] = field(default_factory=dict)

    @property
    def spark(self) -> Spark | None:
        known = [tally.share for _, tally in sorted(self.weeks.items())]
        return spark([share for share in known if share is not None], low=TARGET, high=None)


def by_service(scope: Scope, days: Period, now: datetime, most: int = MOST_SERVICES) -> list[ServiceRow]:
    """The services with the lowest share on time, at most so many. One query: the worst are chosen inside it."""
    monday = _monday(days.last) - timedelta(weeks=SPARK_WEEKS - 1)
    worst = ranked(scope.occurrences(days), now).values("service")[:most]
    rows = scope.occurrences(Period(min(days.first, monday), days.last)).filter(service__in=worst)
    rows = rows.annotate(week=TruncWeek(Cast("day", DateField())), counts=_flag(Q(day__gte=days.first.isoformat())))
    names = ("service__slug", "service__name", "service__team__name")
    found: dict[str, ServiceRow] = {}
    for slug, name, team, week, counts, *group in grouped(rows, now, *names, "week", "counts"):
        row = found.setdefault(slug, ServiceRow(slug, name, team or ""))
        if week >= monday:
            row.weeks.setdefault(week, Tally()).add(*group)
        if counts:
            row.total.add(*group)
    return sorted(found.values(), key=lambda row: (101 if row.total.share is None else row.total.share, row.name))


def ranked(rows: QuerySet[Occurrence], now: datetime) -> QuerySet[Any, Any]:
    """Services of the rows, the lowest share on time first; those with nothing due last."""
    kind = kinds(now)
    due, on_time = Count(Value(1), filter=kind["due"][1]), Count(Value(1), filter=kind["on_time"][1])
    services = rows.order_by().values("service").annotate(due=due, on_time=on_time)
    share = ExpressionWrapper(F("on_time") * 1.0 / NullIf(F("due"), 0), output_field=FloatField())
    return services.annotate(share=share).order_by(F("share").asc(nulls_last=True), "-due", "service")


def _flag(condition: Q) -> ExpressionWrapper[Q]:
    return ExpressionWrapper(condition, output_field=BooleanField())
