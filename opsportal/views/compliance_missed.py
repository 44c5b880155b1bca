"""Missed work: a manager accepts it with a reason or gives it a new time, singly or many at once, and can undo."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from contacts.access import PortalRequest, allow, can, require
from opsportal.lib.errors import ActionError
from opsportal.lib.typed import typed
from opsportal.selectors.compliance_rows import page_of
from opsportal.selectors.compliance_scope import readable_teams
from opsportal.views.compliance_filter import Chosen
from procedures.actions import decisions
from procedures.models import Occurrence

State, Reason = Occurrence.State, Occurrence.Reason
DECIDED = (Q(state=State.EXCUSED) & ~Q(reason=Reason.DECIDED)) | Q(state=State.OPEN, reason=Reason.DECIDED)
DONE = {
    "accept": "{} accepted as missed.",
    "move": "{} given a new time.",
    "undo": "{} missed again.",
}


class DecisionForm(forms.Form):
    """Which rows, what is decided, why, and for a new time when it is due (in the reader's zone)."""

    pick = forms.TypedMultipleChoiceField(coerce=int, required=False)
    do = forms.ChoiceField(choices=[(name, name) for name in DONE])
    reason = forms.CharField(max_length=decisions.LONGEST, required=False, label="Reason")
    due = forms.DateTimeField(
        required=False,
        label="New due time",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        pick = self.fields["pick"]
        if isinstance(pick, forms.TypedMultipleChoiceField) and self.is_bound:
            sent = self.data.getlist("pick") if hasattr(self.data, "getlist") else []
            pick.choices = [(one, one) for one in sent if one.isdecimal() and len(one) < 19]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("do") == "move" and not values.get("due") and "due" not in self.errors:
            self.add_error("due", "Say when it is to be done.")
        return values


@allow("report.read")
@never_cache
@require_safe
def missed(request: PortalRequest) -> HttpResponse:
    """Missed rows to decide on, or (`show=decided`) those that were decided on."""
    return _page(request)


@allow("run.excuse")
@require_POST
def decide(request: PortalRequest) -> HttpResponse:
    """Accept, move or undo the chosen rows, each of a team that the person manages."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    values, now = form.cleaned_data, timezone.now()
    rows = list(Occurrence.objects.filter(pk__in=values["pick"]).select_related("schedule__task", "service"))
    for team in {row.service.team_id for row in rows}:
        require(request.person, "run.excuse", team or 0)
    try:
        count = _apply(values, rows, request, now)
    except ActionError as error:
        form.add_error(None, str(error))
        return _page(request, form=form, status=error.status)
    if count < len(rows):
        messages.warning(request, f"{len(rows) - count} had changed meanwhile and stay as they are.")
    messages.success(request, DONE[values["do"]].format(count))
    query = {name: typed(request.GET, name) for name in request.GET if name != "before"}
    return redirect(f"{reverse('missed')}?{urlencode(query)}")


def _apply(values: dict[str, Any], rows: list[Occurrence], request: PortalRequest, now: Any) -> int:
    common: dict[str, Any] = {"occurrences": rows, "person": request.person, "now": now}
    if values["do"] == "undo":
        return decisions.take_back(**common)
    if values["do"] == "accept":
        return decisions.accept_missed(**common, reason=values["reason"])
    return decisions.reschedule_missed(**common, reason=values["reason"], due_at=values["due"])


def _page(request: PortalRequest, *, form: DecisionForm | None = None, status: int = 200) -> HttpResponse:
    now = timezone.now()
    chosen = Chosen(request, timezone.localdate(now))
    decided = request.GET.get("show") == "decided"
    rows: list[Occurrence] = []
    before = ""
    if chosen.days is not None:
        found = chosen.scope.occurrences(chosen.days).filter(DECIDED if decided else Q(state=State.MISSED))
        rows, before = page_of(found, typed(request.GET, "before"))
    mine = {team.pk for team in readable_teams(request.person) if can(request.person, "run.excuse", team)}
    context: dict[str, Any] = {
        "chosen": chosen,
        "rows": rows,
        "picked": set(form.cleaned_data.get("pick", [])) if form is not None else set(),
        "form": form or DecisionForm(),
        "decided": decided,
        "before": before,
        "older": urlencode({**chosen.kept, "before": before, **({"show": "decided"} if decided else {})}),
        "mine": mine,
        "now": now,
        "nav": "more",
    }
    return render(request, "opsportal/compliance/missed.html", context, status=status if chosen.days else 422)
