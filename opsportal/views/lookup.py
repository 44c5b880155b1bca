"""Whom to call, and where is what: contacts, escalation, search."""

from __future__ import annotations

from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contacts.access import PortalRequest, allow
from contacts.models import Contact, EscalationLevel
from opsportal.lib.typed import typed
from opsportal.selectors.search import search as find
from services.models import Service

MOST = 20


@allow("portal.read")
@require_safe
def contacts(request: PortalRequest) -> HttpResponse:
    """By service or person: contacts and the ladder from L1 up."""
    q = typed(request.GET, "q")
    found = Service.objects.select_related("team", "directory").prefetch_related(
        Prefetch("directory__contacts", Contact.objects.select_related("person").order_by("position")),
        Prefetch("directory__levels", EscalationLevel.objects.select_related("contact_role").order_by("position")),
    )
    if q:
        in_directory = Q(directory__contacts__name__icontains=q) | Q(directory__contacts__role__icontains=q)
        found = found.filter(Q(name__icontains=q) | Q(slug__icontains=q) | in_directory).distinct()
    services = list(found.order_by("name", "pk")[: MOST + 1])
    context = {"services": services[:MOST], "more": len(services) > MOST, "q": q, "nav": "contacts"}
    return render(request, "opsportal/contacts.html", context)


@allow("portal.read")
@require_safe
def search(request: PortalRequest) -> HttpResponse:
    """Everything by its words: services, procedures, steps, issues, contacts, commands, people, runs, help."""
    q = typed(request.GET, "q")
    context = {"q": q, "nav": "search", "groups": find(q, request.person) if q else []}
    return render(request, "opsportal/search.html", context)
