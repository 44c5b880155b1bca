"""Import, history and approval of runbooks."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from contacts.access import PortalRequest, allow, require
from opsportal.lib.errors import ActionError
from opsportal.lib.typed import typed, typed_id
from opsportal.runbooks import actions
from opsportal.runbooks.actions.imports import Preview, preview
from opsportal.runbooks.document import Problem
from opsportal.runbooks.forms import ImportForm
from opsportal.runbooks.mapping import clean
from opsportal.runbooks.models import Draft, Revision
from opsportal.runbooks.plan import summary
from opsportal.runbooks.report import report
from services.models import Service

PAGE = 50
LINES = 200
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
    if look.service is not None and look.service.team_id is not None:
        require(request.person, "runbook.edit", look.service.team_id)
    problems = look.document.problems
    counts = {name: count for name, count in report(look.slug, look.document)["counts"].items() if count}
    return {
        "draft": draft,
        "look": look,
        "error": error,
        "counts": counts,
        "summary": summary(look.changes),
        "changes": Paginator(look.changes, PAGE).get_page(request.GET.get("changes")),
        "problems": Paginator(problems, PAGE).get_page(request.GET.get("findings")),
        "severities": Counter(problem.severity.value for problem in problems),
        "nav": "more",
    }


@allow("runbook.edit")
@require_safe
def import_lines(request: PortalRequest, pk: int) -> HttpResponse:
    """The draft's text with line numbers, the findings below their lines; `?line=` opens the part that holds it."""
    draft = get_object_or_404(Draft, pk=pk, person=request.person)
    look = preview_of(draft)
    texts = clean(look.document.text).splitlines()
    pages = Paginator(range(1, len(texts) + 1), LINES)
    wanted = typed_id(request.GET, "line")
    page = pages.get_page((wanted - 1) // LINES + 1 if wanted else request.GET.get("page"))
    findings: dict[int, list[Problem]] = {}
    for problem in look.document.problems:
        findings.setdefault(problem.line, []).append(problem)
    lines = [(number, texts[number - 1], findings.get(number, [])) for number in page]
    context = {"draft": draft, "look": look, "page": page, "lines": lines, "nav": "more"}
    return render(request, "runbooks/import_lines.html", context)
