"""The audit log: who did what and when, and whether the chain is whole."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from contacts.access import PortalRequest, allow, can
from opsportal.audit.models import AuditEvent
from opsportal.audit.trail import Verdict, read_chain, verify
from opsportal.lib.sheets import sheet
from opsportal.selectors.audit import AuditFilter, all_of, page_of
from opsportal.selectors.audit_words import DID, sentence

HEADER = ("number", "at (UTC)", "person", "did", "object", "name", "verb", "data", "hash")
FAMILIES = sorted({verb.split(".")[0] for verb in DID})
Day = forms.DateInput(attrs={"type": "date"})


class AuditForm(forms.Form):
    """The filter; every field may be empty."""

    person = forms.CharField(required=False, max_length=100)
    verb = forms.CharField(
        required=False, max_length=60, label="What", widget=forms.TextInput(attrs={"list": "verbs", "size": 14})
    )
    object = forms.CharField(required=False, max_length=120, label="Object or its name")
    since = forms.DateField(required=False, label="From", widget=Day)
    until = forms.DateField(required=False, label="Up to", widget=Day)

    def filter(self) -> AuditFilter:
        return AuditFilter(**self.cleaned_data)


@allow("audit.read")
@never_cache
@require_safe
def audit(request: PortalRequest) -> HttpResponse:
    """Events newest first, fifty a page, filtered."""
    return _page(request)


@allow("audit.read")
@require_POST
def check(request: PortalRequest) -> HttpResponse:
    """Walk the whole chain and say whether it is whole, or where it breaks."""
    return _page(request, verdict=verify(read_chain()))


@allow("audit.read")
@require_safe
def download(request: PortalRequest) -> HttpResponseBase:
    """The filtered events as CSV, as many as there are."""
    form = AuditForm(request.GET)
    if not form.is_valid():
        return _page(request)
    return sheet("audit", HEADER, (_cells(event) for event in all_of(form.filter().apply(request.person))))


def _cells(event: AuditEvent) -> tuple[object, ...]:
    at, did = event.at.isoformat(timespec="seconds"), sentence(event.verb, event.data)
    data = json.dumps(event.data, ensure_ascii=False) if event.data else ""
    return event.seq, at, event.actor_name, did, event.subject, event.label, event.verb, data, event.hash


def _page(request: PortalRequest, *, verdict: Verdict | None = None) -> HttpResponse:
    form = AuditForm(request.GET)
    context: dict[str, Any] = {"form": form, "verdict": verdict, "verbs": [*FAMILIES, *sorted(DID)], "nav": "more"}
    context["whole"] = can(request.person, "portal.manage")
    if not form.is_valid():
        return render(request, "opsportal/audit/audit.html", context, status=422)
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    rows, before = page_of(form.filter().apply(request.person), request.GET.get("before", ""))
    context |= {"rows": rows, "before": before, "filtered": bool(chosen), "query": urlencode(chosen)}
    return render(request, "opsportal/audit/audit.html", context)
