"""Whom to call, and where is what: contacts, escalation, search."""

from __future__ import annotations

from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contacts.access import PortalRequest, allow
from contacts.models import Contact, EscalationLevel
from incidents.models import KnownIssue
from opsportal.lib.typed import typed
from procedures.models import Procedure
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
    """Services, procedures, people and known issues by their words."""
    q = typed(request.GET, "q")
    context: dict[str, object] = {"q": q, "nav": "search"}
    if q:
        context |= {
            "services": Service.objects.filter(Q(name__icontains=q) | Q(slug__icontains=q)).order_by("name")[:MOST],
            "procedures": Procedure.objects.current()
            .filter(title__icontains=q)
            .select_related("service")
            .order_by("title")[:MOST],
            "issues": KnownIssue.objects.filter(Q(title__icontains=q) | Q(symptoms__icontains=q))
            .select_related("service")
            .order_by("title")[:MOST],
            "people": Contact.objects.filter(Q(name__icontains=q) | Q(role__icontains=q))
            .select_related("directory__service")
            .order_by("name")[:MOST],
        }
        context["found"] = any(context[name] for name in ("services", "procedures", "issues", "people"))
    return render(request, "opsportal/search.html", context)
