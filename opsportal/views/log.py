"""The operations log: read it, write into it, take it along."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from contacts.access import PortalRequest, allow, can, require
from contacts.models import Person, Team
from opsportal.lib.errors import ActionError
from opsportal.lib.sheets import sheet
from opsportal.lib.typed import typed, typed_id
from opsportal.selectors.log import LogFilter, all_of, page_of
from opsportal.selectors.log_sources import KINDS, Row
from procedures.actions.log import add_entry
from procedures.models import LogEntry, Run
from services.models import Service

HEADER = ("at (UTC)", "team", "kind", "what", "person", "text", "remark", "service", "address")
SUGGESTED = 50  # services offered while one is typed
LONGEST = 4_000


class EntryForm(forms.Form):
    """An entry to one of the teams in which the person works."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label="What happened",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "The entry is empty; say what you saw or did."},
    )
    kind = forms.ChoiceField(choices=LogEntry.Kind.choices, widget=forms.RadioSelect, initial=LogEntry.Kind.NOTE)
    team = forms.ModelChoiceField(Team.objects.none(), empty_label=None)
    service = forms.CharField(
        required=False, max_length=250, label="About the service", widget=forms.TextInput(attrs={"list": "services"})
    )
    run = forms.ModelChoiceField(Run.objects.exclude(started_at=None), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, teams: Iterable[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Team.objects.filter(pk__in=[team.pk for team in teams]).order_by("name")

    def clean_service(self) -> Service | None:
        """The service by its name or slug."""
        words = self.cleaned_data["service"].strip()
        if not words:
            return None
        found = Service.objects.filter(slug=words).first() or Service.objects.filter(name__iexact=words).first()
        if found is None:
            raise forms.ValidationError(f"No service is called “{words}”. Write its whole name, or leave it empty.")
        return found


@allow("portal.read")
@never_cache
@require_safe
def log(request: PortalRequest) -> HttpResponse:
    """The stream of the person's teams, of one team, or of all, fifty rows a page."""
    return _page(request)


@allow("run.work")
@require_POST
def add(request: PortalRequest) -> HttpResponse:
    form = EntryForm(request.POST, teams=_teams_to_write(request.person))
    if not form.is_valid():
        return _page(request, form=form, status=422)
    values = form.cleaned_data
    require(request.person, "run.work", values["team"])
    try:
        add_entry(person=request.person, now=timezone.now(), **values)
    except ActionError as error:
        form.add_error("text", str(error))
        return _page(request, form=form, status=error.status)
    messages.success(request, f"Written into the log of {values['team']}.")
    back = {"service": values["service"].slug} if values["service"] else {"team": values["team"].slug}
    return redirect(f"{reverse('log')}?{urlencode(back)}")


@allow("portal.read")
@require_safe
def download(request: PortalRequest) -> HttpResponseBase:
    """The filtered log as CSV, as long as it is."""
    chosen = Chosen(request.GET, request.person)
    rows = all_of(chosen.filter())
    return sheet("log", HEADER, (_cells(row, request.build_absolute_uri("/").rstrip("/")) for row in rows))


def _cells(row: Row, host: str) -> tuple[object, ...]:
    at = row.at.isoformat(timespec="seconds")
    address = f"{host}{row.href}" if row.href else ""
    return at, row.team, row.kind, row.word, row.person, row.text, row.remark, row.service, address


class Chosen:
    """What the address chooses: a team (`all` for every one; none: the person's own), a service, a kind, words."""

    def __init__(self, query: QueryDict, person: Person) -> None:
        self.values = {name: typed(query, name) for name in ("q", "team", "service", "kind")}
        self.teams = list(Team.objects.order_by("name"))
        self.team = next((team for team in self.teams if team.slug == self.values["team"]), None)
        slug = self.values["service"]
        self.service = Service.objects.select_related("team").filter(slug=slug).first() if slug else None
        self._own = tuple(person.roles)

    @property
    def of_all(self) -> bool:
        """Whether every team's rows are shown: asked for, of one service, or the person is in no team."""
        asked = self.values["team"] == "all" or (self.values["service"] and self.team is None)
        return bool(asked) or (self.team is None and not self._own)

    @property
    def unknown(self) -> bool:
        """Whether the address names a team, service or kind that there is not; nothing fits then."""
        team, service, kind = (self.values[name] for name in ("team", "service", "kind"))
        lost_team = team not in ("", "all") and self.team is None
        return bool(lost_team or (service and self.service is None) or (kind and kind not in KINDS))

    def filter(self) -> LogFilter:
        if self.unknown:
            return LogFilter(service=0)
        teams = None if self.of_all else (self.team.pk,) if self.team else self._own
        service = self.service.pk if self.service else None
        return LogFilter(teams, service, self.values["kind"], self.values["q"])


def _teams_to_write(person: Person) -> list[Team]:
    own = Team.objects.filter(pk__in=list(person.roles)).order_by("name")
    return [team for team in own if can(person, "run.work", team)]


def _new_form(request: PortalRequest, chosen: Chosen, teams: list[Team]) -> EntryForm | None:
    """An empty form, prefilled with the service or run that the address names; None who may write in no team."""
    if not teams:
        return None
    runs = Run.objects.exclude(started_at=None).select_related("procedure__service__team")
    pk = typed_id(request.GET, "run")
    run = runs.filter(pk=pk).first() if pk is not None else None
    service = run.procedure.service if run else chosen.service
    wanted = chosen.team or (service.team if service else None)
    team = wanted if wanted in teams else teams[0]
    initial = {"op": uuid4(), "kind": LogEntry.Kind.NOTE, "team": team, "service": service or "", "run": run}
    return EntryForm(initial=initial, teams=teams)


def _page(request: PortalRequest, *, form: EntryForm | None = None, status: int = 200) -> HttpResponse:
    chosen = Chosen(request.GET, request.person)
    rows, before = page_of(chosen.filter(), request.GET.get("before", ""))
    teams = _teams_to_write(request.person)
    kept = {name: value for name, value in chosen.values.items() if value}
    context: dict[str, Any] = {
        "rows": rows,
        "before": before,
        "chosen": chosen,
        "kinds": KINDS.items(),
        "form": form or _new_form(request, chosen, teams),
        "suggested": Service.objects.filter(team__in=teams).order_by("name")[:SUGGESTED] if teams else [],
        "filtered": bool(kept),
        "query": urlencode(kept),
        "nav": "more",
    }
    return render(request, "opsportal/log/log.html", context, status=status)
