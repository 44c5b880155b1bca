"""Signed reports for auditors: make one, print it, take it along."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from contacts.access import PortalRequest, allow, can, require
from contacts.models import Team
from opsportal.actions.evidence import sign_month
from opsportal.lib.errors import ActionError
from opsportal.lib.signed import Broken, fingerprint, public_key, verified
from opsportal.lib.typed import as_id, typed
from opsportal.models import SignedReport
from opsportal.selectors.compliance_evidence import COLUMNS, check_content
from opsportal.selectors.compliance_month import read_month
from opsportal.selectors.compliance_scope import readable_teams
from services.models import Service

PAGE = 50


class EvidenceForm(forms.Form):
    """A team of the reader's, a whole month, and perhaps one service of that team."""

    team = forms.ModelChoiceField(Team.objects.none(), to_field_name="slug", empty_label=None)
    month = forms.CharField(widget=forms.TextInput(attrs={"type": "month"}), max_length=7)
    service = forms.CharField(required=False, max_length=250, label="Only the service (as in its address)")

    def __init__(self, *args: Any, teams: list[Team], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        field = self.fields["team"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Team.objects.filter(pk__in=[team.pk for team in teams]).order_by("name")

    def clean_month(self) -> Any:
        month = read_month(self.cleaned_data["month"], self._today)
        if month is None:
            raise forms.ValidationError("Write a month that has been, such as 2026-10.")
        return month

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        slug = values.get("service", "").strip()
        values["service"] = Service.objects.filter(slug=slug, team=values.get("team")).first() if slug else None
        if slug and values["service"] is None:
            self.add_error("service", "The team has no such service.")
        return values


@allow("report.read")
@never_cache
@require_safe
def evidence_list(request: PortalRequest) -> HttpResponse:
    """The signed reports of the reader's teams, latest first, and a form for another."""
    return _list(request, _new_form(request))


@allow("report.read")
@require_POST
def make(request: PortalRequest) -> HttpResponse:
    """Freeze and sign a month."""
    form = _new_form(request, request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    try:
        made = sign_month(person=request.person, now=timezone.now(), **form.cleaned_data)
    except ActionError as error:
        form.add_error("month", str(error))
        return _list(request, form, status=error.status)
    messages.success(request, f"The evidence of {made} is signed.")
    return redirect("signed_report", pk=made.pk)


@allow("report.read")
@require_safe
def page(request: PortalRequest, pk: int) -> HttpResponse:
    """A signed report as it was frozen, to print; its signature is checked anew each time."""
    evidence = _of_reader(request, pk)
    context: dict[str, Any] = {"evidence": evidence, "nav": "more"}
    try:
        signed = verified(evidence.body)
        check_content(signed.content)
    except Broken as error:
        context["broken"] = str(error)
        return render(request, "opsportal/compliance/evidence.html", context)
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in signed.content["rows"]]
    ours = signed.public_key in {public_key(one) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)}
    context |= {"report": signed.content, "signed": signed, "rows": rows, "ours": ours}
    return render(request, "opsportal/compliance/evidence.html", context)


@allow("report.read")
@require_safe
def download(request: PortalRequest, pk: int) -> HttpResponse:
    """The signed document itself, for `manage.py verify_evidence`."""
    evidence = _of_reader(request, pk)
    name = f"evidence-{evidence.team.slug}-{evidence.month:%Y-%m}-{evidence.pk}.json"
    response = HttpResponse(evidence.body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _of_reader(request: PortalRequest, pk: int) -> SignedReport:
    evidence = get_object_or_404(SignedReport.objects.select_related("team", "service", "made_by"), pk=pk)
    if not can(request.person, "portal.manage"):
        require(request.person, "report.read", evidence.team_id)
    return evidence


def _new_form(request: PortalRequest, data: Any = None) -> EvidenceForm:
    today = timezone.localdate()
    last = read_month("", today)
    initial = {"month": f"{last.first:%Y-%m}" if last else ""}
    return EvidenceForm(data, initial=initial, teams=readable_teams(request.person), today=today, label_suffix="")


def _list(request: PortalRequest, form: EvidenceForm, status: int = 200) -> HttpResponse:
    teams = [team.pk for team in readable_teams(request.person)]
    found = SignedReport.objects.filter(team__in=teams).select_related("team", "service", "made_by").defer("body")
    before = as_id(typed(request.GET, "before"))
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-pk")[: PAGE + 1])
    context = {
        "form": form,
        "rows": rows[:PAGE],
        "before": rows[PAGE - 1].pk if len(rows) > PAGE else "",
        "fingerprint": fingerprint(public_key(settings.SECRET_KEY)),
        "nav": "more",
    }
    return render(request, "opsportal/compliance/evidence_list.html", context, status=status)
