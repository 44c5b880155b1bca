"""Whose work a report is about: the teams its reader manages, one of them, one service; in a period of local days.

An occurrence belongs to the local day of its schedule's zone, so a report counts the same for every reader.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from contacts.access import can
from contacts.models import Person, Team
from opsportal.lib.periods import Period
from procedures.models import Occurrence

FURTHEST = timedelta(hours=15)  # no local day begins or ends further than this from the day in UTC


def readable_teams(person: Person) -> list[Team]:
    """The teams whose reports the person may read, by name: all for administrators, else those they manage."""
    if can(person, "portal.manage"):
        return list(Team.objects.order_by("name"))
    return [one.team for one in person.member_of if can(person, "report.read", one.team_id)]


@dataclass(frozen=True, slots=True)
class Scope:
    """`teams` are those the reader may read, `everything` says that this is all there is, services without a team
    included; `team` and `service` (a slug) narrow it down."""

    teams: list[Team]
    everything: bool = False
    team: Team | None = None
    service: str = ""
    more: Q = field(default_factory=Q)

    def of(self, path: str = "service") -> Q:
        """The condition on rows that reach their service over `path`."""
        found = Q()
        if self.team is not None:
            found &= Q(**{f"{path}__team": self.team})
        elif not self.everything:
            found &= Q(**{f"{path}__team__in": [team.pk for team in self.teams]})
        return found & Q(**{f"{path}__slug": self.service}) if self.service else found

    def occurrences(self, days: Period) -> QuerySet[Occurrence]:
        """What was planned for a local day of the period, annotated with this `day` as text."""
        return within(Occurrence.objects.filter(self.of(), self.more), days)

    @property
    def name(self) -> str:
        if self.service:
            return self.service
        return str(self.team) if self.team else "All teams" if self.everything else "My teams"


def within(rows: QuerySet[Occurrence], days: Period) -> QuerySet[Occurrence]:
    """Rows of the local days; the instants around them let the database use its index."""
    begin = datetime.combine(days.first, time(), tzinfo=UTC) - FURTHEST
    end = datetime.combine(days.last, time(), tzinfo=UTC) + timedelta(days=1) + FURTHEST
    near = rows.filter(at__gte=begin, at__lt=end).annotate(day=Left("local", 10))
    return near.filter(day__gte=days.first.isoformat(), day__lte=days.last.isoformat())
