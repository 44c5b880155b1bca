"""The catalogue: the list, a service's page, emergencies."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from contacts.access import PortalRequest, allow, can, require
from contacts.actions import note_reading, reveal_phone
from contacts.models import Contact, Team
from opsportal.lib.htmx import partial, wants_partial
from opsportal.lib.typed import typed
from opsportal.selectors.runbook_page import SERVICE, service_page
from opsportal.selectors.services import page_of, service_list
from procedures.models import Category, Procedure
from services.models import Service

MOST_EMERGENCIES = 200


@allow("portal.read")
@require_safe
def services(request: PortalRequest) -> HttpResponse:
    """All services, fifty a page, with search and filters."""
    filters = {name: typed(request.GET, name) for name in ("q", "team", "readiness")}
    found, after = page_of(service_list(**filters), request.GET.get("after", ""))
    context: dict[str, object] = {"services": found, "after": after, "nav": "services", **filters}
    context |= {"teams": Team.objects.order_by("name"), "filtered": any(filters.values())}
    return render(request, "opsportal/services.html", context)


@allow("portal.read")
@require_safe
def service(request: PortalRequest, slug: str) -> HttpResponse:
    """The runbook, live: every section as records."""
    found = SERVICE.first(slug=slug)
    if found is None:
        raise Http404
    context = service_page(found, timezone.localdate())
    context |= {
        "service": found,
        "nav": "services",
        "may_work": can(request.person, "run.work", found.team_id),
        "may_edit": can(request.person, "runbook.edit", found.team_id),
        "may_set": can(request.person, "runbook.approve", found.team_id),
        "may_phone": can(request.person, "contact.phone", found.team_id),
    }
    numbers = any(contact.phone for contact in context["contacts"])
    context["may_download"] = context["may_edit"] or context["may_phone"] or not numbers
    return render(request, "opsportal/service.html", context)


@allow("contact.phone")
@never_cache
@require_POST
def reveal(request: PortalRequest, slug: str, pk: int) -> HttpResponse:
    """Show a contact's number; who looked is written down."""
    found = get_object_or_404(Service.objects.select_related("directory"), slug=slug)
    require(request.person, "contact.phone", found.team_id)
    contact = get_object_or_404(Contact.objects.select_related("person"), pk=pk, directory=found.directory)
    number = reveal_phone(contact=contact, person=request.person, now=timezone.now())
    context = {"contact": contact, "number": number, "service": found}
    if wants_partial(request):
        return partial(request, "opsportal/_phone.html", context)
    return render(request, "opsportal/phone.html", context)


@allow("contact.phone")
@never_cache
@require_POST
def reveal_supplier(request: PortalRequest, slug: str, pk: int) -> HttpResponse:
    """Show how a supplier is reached; who looked is written down."""
    found = get_object_or_404(Service, slug=slug)
    require(request.person, "contact.phone", found.team_id)
    supplier = get_object_or_404(found.external_dependencies, pk=pk)
    note_reading(subject=supplier, person=request.person, now=timezone.now(), path=request.path)
    context = {"supplier": supplier, "service": found, "numbers": True}
    if wants_partial(request):
        return partial(request, "opsportal/_supplier.html", context)
    return render(request, "opsportal/supplier.html", context)


@allow("portal.read")
@require_safe
def emergency(request: PortalRequest) -> HttpResponse:
    """Every emergency procedure, by service, each one button away from running."""
    q = typed(request.GET, "q")
    procedures = (
        Procedure.objects.current()
        .filter(category=Category.EMERGENCY)
        .select_related("service__team")
        .annotate(total=Count("current_version__steps", filter=Q(current_version__steps__parent=None)))
        .order_by("service__name", "service_id", "position")
    )
    if q:
        procedures = procedures.filter(Q(title__icontains=q) | Q(service__name__icontains=q))
    context = {"procedures": procedures[:MOST_EMERGENCIES], "q_emergency": q}
    return render(request, "opsportal/emergency.html", context)
