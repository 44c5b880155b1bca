"""The filter that every report has: a period, a team of the reader's, a service."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.utils.http import urlencode

from contacts.access import PortalRequest, can
from contacts.models import Team
from opsportal.lib.periods import CHOICES, LONGEST, Period, period
from opsportal.lib.typed import typed
from opsportal.selectors.compliance_scope import Scope, readable_teams

DEFAULT = "90"
Day = forms.DateInput(attrs={"type": "date"})


class PeriodForm(forms.Form):
    """A named period, or dates; the dates count only where the period says so."""

    period = forms.ChoiceField(choices=CHOICES, required=False)
    since = forms.DateField(required=False, label="From", widget=Day)
    until = forms.DateField(required=False, label="To", widget=Day)

    def __init__(self, data: QueryDict, today: date) -> None:
        super().__init__(data if data.keys() & self.base_fields.keys() else {"period": DEFAULT}, label_suffix="")
        self._today = today

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        key = values.get("period") or ("dates" if values.get("since") or values.get("until") else DEFAULT)
        if self.errors:
            return values
        values["days"] = self._dates(values) if key == "dates" else period(key, self._today)
        return values

    def _dates(self, values: dict[str, Any]) -> Period:
        last = values["until"] or self._today
        first = values["since"] or last
        if first > last:
            self.add_error("since", "The first day is after the last.")
        elif (last - first).days >= LONGEST:
            self.add_error("since", f"Choose at most {LONGEST} days.")
        return Period(first, last)


class Chosen:
    """What the address chooses. `days` is None when the dates cannot be read. Raises PermissionDenied for a team
    that is not among the reader's."""

    def __init__(self, request: PortalRequest, today: date) -> None:
        self.form = PeriodForm(request.GET, today)
        self.days: Period | None = self.form.cleaned_data["days"] if self.form.is_valid() else None
        teams = readable_teams(request.person)
        self.scope = Scope(
            teams=teams,
            everything=can(request.person, "portal.manage"),
            team=_team(typed(request.GET, "team"), teams),
            service=typed(request.GET, "service"),
        )

    @property
    def kept(self) -> dict[str, str]:
        """The filter as fields of an address."""
        team, service = self.scope.team, self.scope.service
        fields = {name: self.form.data.get(name, "") for name in ("period", "since", "until")}
        if fields["period"] not in ("", "dates"):
            fields |= {"since": "", "until": ""}
        fields |= {"team": team.slug if team else "", "service": service}
        return {name: value for name, value in fields.items() if value}

    @property
    def query(self) -> str:
        return urlencode(self.kept)


class ChosenTeam(Chosen):
    """The filter of reports that read many rows: one team at a time, at first the reader's own."""

    def __init__(self, request: PortalRequest, today: date) -> None:
        super().__init__(request, today)
        scope = self.scope
        if scope.team is None and not scope.service and scope.teams:
            own = next((team for team in scope.teams if team.pk in request.person.roles), scope.teams[0])
            self.scope = replace(scope, team=own)


def _team(slug: str, teams: list[Team]) -> Team | None:
    if not slug:
        return None
    found = next((team for team in teams if team.slug == slug), None)
    if found is None:
        raise PermissionDenied
    return found
