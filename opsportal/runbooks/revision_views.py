"""The revisions of a runbook: look, compare, approve, turn down, undo; and what changed lately everywhere."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from contacts.access import PortalRequest, allow, can, require
from contacts.actions import note_reading
from opsportal.lib.errors import ActionError
from opsportal.lib.typed import typed
from opsportal.runbooks import actions
from opsportal.runbooks.actions import undoable
from opsportal.runbooks.diff import side_by_side
from opsportal.runbooks.document import decode
from opsportal.runbooks.exporter import export
from opsportal.runbooks.forms import DecisionForm
from opsportal.runbooks.mapping import clean
from opsportal.runbooks.models import Revision
from services.models import Service

PAGE = 50
MOST_WAITING = 200


@allow("portal.read")
@require_safe
def proposals(request: PortalRequest) -> HttpResponse:
    """What waits for approval, the reader's own part first, and what was decided lately. `?service=` narrows both."""
    revisions = Revision.objects.defer("source", "spans").select_related("author", "decided_by", "service")
    slug = typed(request.GET, "service")
    if slug:
        revisions = revisions.filter(service__slug=slug)
    waiting = list(revisions.filter(state=Revision.State.PROPOSED).order_by("created_at", "pk")[:MOST_WAITING])
    own = [revision for revision in waiting if revision.author_id == request.person.pk]
    mine = [r for r in waiting if r not in own and can(request.person, "runbook.approve", r.service.team_id)]
    lately = revisions.exclude(state=Revision.State.PROPOSED).order_by("-created_at", "-pk")
    context = {
        "decide": mine,
        "own": own,
        "others": [revision for revision in waiting if revision not in own and revision not in mine],
        "page": Paginator(lately, PAGE).get_page(request.GET.get("page")),
        "chosen": Service.objects.filter(slug=slug).first() if slug else None,
        "slug": slug,
        "nav": "more",
    }
    return render(request, "runbooks/proposals.html", context)


@allow("portal.read")
@require_safe
def download(request: PortalRequest, slug: str) -> HttpResponse:
    """The runbook as Markdown, as it stands now."""
    service = get_object_or_404(Service.objects.select_related("directory"), slug=slug)
    _may_read(request, service)
    return _markdown(export(service), f"{slug}.md")


@allow("portal.read")
@require_safe
def history(request: PortalRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(Service, slug=slug)
    revisions = (
        Revision.objects.filter(service=service)
        .defer("source", "spans")
        .select_related("author", "decided_by")
        .order_by("-number")[:200]
    )
    return render(request, "runbooks/history.html", {"service": service, "revisions": revisions})


@allow("portal.read")
@require_safe
def revision(request: PortalRequest, slug: str, number: int) -> HttpResponse:
    """A revision beside the one before it, or, while it waits, beside the active one."""
    return render(request, "runbooks/revision.html", _revision_context(request, slug, number))


@allow("portal.read")
@require_safe
def revision_source(request: PortalRequest, slug: str, number: int) -> HttpResponse:
    found = get_object_or_404(Revision.objects.select_related("service"), service__slug=slug, number=number)
    _may_read(request, found.service)
    return _markdown(bytes(found.source), f"{slug}-r{number}.md")


@allow("runbook.edit")
@require_POST
def undo(request: PortalRequest, slug: str, number: int) -> HttpResponse:
    """A new revision in which the record that this one edited says again what it said before."""
    found = get_object_or_404(Revision.objects.select_related("service__directory"), service__slug=slug, number=number)
    require(request.person, "runbook.edit", found.service.team_id)
    try:
        done = actions.undo_edit(revision=found, person=request.person, now=timezone.now())
    except ActionError as error:
        return _refused(request, slug, number, error)
    if done is None:
        messages.info(request, "Nothing was different; the runbook stays as it is.")
    elif done.state == Revision.State.PROPOSED:
        messages.info(request, f"The undo is revision {done.number}, which waits for approval by another person.")
    else:
        messages.success(request, f"Undone: revision {done.number} says what stood before revision {number}.")
    return redirect("revision", slug, done.number if done else number)


@allow("runbook.approve")
@require_POST
def approve(request: PortalRequest, slug: str, number: int) -> HttpResponse:
    found = get_object_or_404(Revision.objects.select_related("service"), service__slug=slug, number=number)
    require(request.person, "runbook.approve", found.service.team_id)
    try:
        actions.approve(revision=found, person=request.person, now=timezone.now())
    except ActionError as error:
        return _refused(request, slug, number, error)
    messages.success(request, f"Revision {number} is active.")
    return redirect(found.service)


@allow("portal.read")
@require_POST
def reject(request: PortalRequest, slug: str, number: int) -> HttpResponse:
    """Turn a proposal down; its author may withdraw it."""
    found = get_object_or_404(Revision.objects.select_related("service"), service__slug=slug, number=number)
    if found.author_id != request.person.pk:
        require(request.person, "runbook.approve", found.service.team_id)
    form = DecisionForm(request.POST)
    try:
        if not form.is_valid():
            raise ActionError(str(form.errors["reason"][0]))
        actions.reject(revision=found, person=request.person, now=timezone.now(), reason=form.cleaned_data["reason"])
    except ActionError as error:
        return _refused(request, slug, number, error)
    messages.info(request, f"Revision {number} was turned down.")
    return redirect("history", slug)


def _refused(request: PortalRequest, slug: str, number: int, error: ActionError) -> HttpResponse:
    context = _revision_context(request, slug, number, error=str(error))
    return render(request, "runbooks/revision.html", context, status=error.status)


def _revision_context(request: PortalRequest, slug: str, number: int, error: str = "") -> dict[str, Any]:
    service = get_object_or_404(Service, slug=slug)
    found = Revision.objects.filter(service=service, number=number).select_related("author", "decided_by").first()
    if found is None:
        raise Http404
    _may_read(request, service)
    others = Revision.objects.filter(service=service)
    if found.state == Revision.State.PROPOSED:
        base = others.filter(state=Revision.State.ACTIVE).first()
    else:
        kept = others.filter(number__lt=number).exclude(state__in=[Revision.State.REJECTED, Revision.State.PROPOSED])
        base = kept.order_by("-number").first()
    before = clean(decode(bytes(base.source))) if base else ""
    mine = found.author_id == request.person.pk
    return {
        "service": service,
        "revision": found,
        "base": base,
        "rows": side_by_side(before, clean(decode(bytes(found.source)))),
        "error": error,
        "waits": found.state == Revision.State.PROPOSED,
        "mine": mine,
        "may_approve": not mine and can(request.person, "runbook.approve", service.team_id),
        "undoable": undoable(found) if can(request.person, "runbook.edit", service.team_id) else None,
        "nav": "services",
    }


def _may_read(request: PortalRequest, service: Service) -> None:
    """The document shows its phone numbers in clear: for those who may call and those who write it. It is noted."""
    numbers = service.directory.contacts.exclude(phone="").exists()
    if not numbers:
        return
    if not can(request.person, "runbook.edit", service.team_id):
        require(request.person, "contact.phone", service.team_id)
    note_reading(subject=service, person=request.person, now=timezone.now(), path=request.path)


def _markdown(data: bytes, name: str) -> HttpResponse:
    """Always a download: the text of a runbook is never shown as a page of ours."""
    response = HttpResponse(data, content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
