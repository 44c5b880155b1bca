"""Import, history and approval of runbooks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from contacts.access import PortalRequest, allow, can, require
from contacts.actions import note_reading
from opsportal.lib.errors import ActionError
from opsportal.lib.typed import typed, typed_id
from opsportal.runbooks import actions
from opsportal.runbooks.actions.imports import Preview, preview
from opsportal.runbooks.diff import side_by_side
from opsportal.runbooks.document import decode
from opsportal.runbooks.exporter import export
from opsportal.runbooks.forms import DecisionForm, ImportForm
from opsportal.runbooks.mapping import clean
from opsportal.runbooks.models import Draft, Revision
from opsportal.runbooks.plan import summary
from opsportal.runbooks.report import report
from services.models import Service

SHOWN_FINDINGS = 200
SHOWN_CHANGES = 300
LONGEST_NOTE = 500


@allow("runbook.edit")
def import_page(request: PortalRequest) -> HttpResponse:
    """Send a runbook; what comes back is a preview, nothing is changed yet."""
    chosen = typed(request.GET, "service")
    form = ImportForm(request.POST or None, request.FILES or None, initial={"service": chosen})
    if request.method == "POST" and form.is_valid():
        data, now = form.cleaned_data["data"], timezone.now()
        file_name = form.cleaned_data["file_name"]
        try:
            preview(data=data, now=now, slug=form.target, file_name=file_name)
        except ActionError as error:
            form.refuse(error)
        else:
            draft = actions.keep_draft(person=request.person, data=data, file_name=file_name, slug=form.target, now=now)
            return redirect("import_preview", draft.pk)
    drafts = Draft.objects.filter(person=request.person).defer("source").order_by("-created_at")[:5]
    status = 422 if form.is_bound else 200
    return render(request, "runbooks/import.html", {"form": form, "drafts": drafts}, status=status)


@allow("runbook.edit")
@require_safe
def import_preview(request: PortalRequest, pk: int) -> HttpResponse:
    """What the draft would change, and what the reader found in it."""
    draft = get_object_or_404(Draft, pk=pk, person=request.person)
    return render(request, "runbooks/preview.html", _look(request, draft))


@allow("runbook.edit")
@require_POST
def import_apply(request: PortalRequest, pk: int) -> HttpResponse:
    """Apply a draft that was previewed, if the runbook still stands as it did then."""
    draft = get_object_or_404(Draft, pk=pk, person=request.person)
    _may_edit(request, draft.slug or preview_of(draft).slug)
    seen = typed_id(request.POST, "seen_revision")  # a form without it has seen nothing, and is out of date
    try:
        done = actions.import_runbook(
            data=bytes(draft.source),
            person=request.person,
            now=timezone.now(),
            slug=draft.slug,
            file_name=draft.file_name,
            note=typed(request.POST, "note", LONGEST_NOTE),
            seen_revision=-1 if seen is None else seen,
        )
    except ActionError as error:
        return render(request, "runbooks/preview.html", _look(request, draft, str(error)), status=error.status)
    actions.drop_draft(draft=draft)
    if done.revision.state == Revision.State.PROPOSED:
        messages.info(request, f"Revision {done.revision.number} waits for approval by another person.")
        return redirect("revision", done.service.slug, done.revision.number)
    messages.success(request, f"Revision {done.revision.number} is active. {len(done.changes)} differences applied.")
    return redirect(done.service)


@allow("runbook.edit")
@require_POST
def import_discard(request: PortalRequest, pk: int) -> HttpResponse:
    actions.drop_draft(draft=get_object_or_404(Draft, pk=pk, person=request.person))
    messages.info(request, "The draft was thrown away; nothing was changed.")
    return redirect("import")


def _may_edit(request: PortalRequest, slug: str) -> None:
    service = Service.objects.filter(slug=slug).first()
    if service is not None and service.team_id is not None:
        require(request.person, "runbook.edit", service.team_id)


def preview_of(draft: Draft) -> Preview:
    return preview(data=bytes(draft.source), now=timezone.now(), slug=draft.slug, file_name=draft.file_name)


def _look(request: PortalRequest, draft: Draft, error: str = "") -> dict[str, Any]:
    look = preview_of(draft)
    _may_edit(request, look.slug)
    problems = look.document.problems
    counts = {name: count for name, count in report(look.slug, look.document)["counts"].items() if count}
    return {
        "draft": draft,
        "look": look,
        "error": error,
        "counts": counts,
        "summary": summary(look.changes),
        "changes": look.changes[:SHOWN_CHANGES],
        "more_changes": max(0, len(look.changes) - SHOWN_CHANGES),
        "problems": problems[:SHOWN_FINDINGS],
        "more_problems": max(0, len(problems) - SHOWN_FINDINGS),
    }


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


@allow("portal.read")
@require_safe
def proposals(request: PortalRequest) -> HttpResponse:
    """Everything that waits for approval, oldest first."""
    waiting = (
        Revision.objects.filter(state=Revision.State.PROPOSED)
        .defer("source", "spans")
        .select_related("author", "service")
        .order_by("created_at")[:200]
    )
    return render(request, "runbooks/proposals.html", {"revisions": waiting})


@allow("runbook.approve")
@require_POST
def approve(request: PortalRequest, slug: str, number: int) -> HttpResponse:
    found = get_object_or_404(Revision.objects.select_related("service"), service__slug=slug, number=number)
    require(request.person, "runbook.approve", found.service.team_id)
    try:
        actions.approve(revision=found, person=request.person, now=timezone.now())
    except ActionError as error:
        return render(
            request,
            "runbooks/revision.html",
            _revision_context(request, slug, number, error=str(error)),
            status=error.status,
        )
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
        return render(
            request,
            "runbooks/revision.html",
            _revision_context(request, slug, number, error=str(error)),
            status=error.status,
        )
    messages.info(request, f"Revision {number} was turned down.")
    return redirect("history", slug)


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
