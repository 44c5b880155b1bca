"""Edit records in place: each save is a revision of the document."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from contacts.access import PortalRequest, allow, require
from opsportal.lib.errors import ActionError
from opsportal.lib.htmx import partial, wants_partial
from opsportal.lib.typed import typed_id
from opsportal.runbooks.actions.records import ChangedMeanwhile, remove_record, save_record, words
from opsportal.runbooks.actions.revisions import active_revision
from opsportal.runbooks.document import Kind
from opsportal.runbooks.editing import RecordForm, StepRows
from opsportal.runbooks.mapping import BY_KIND, PROCEDURE, SERVICE, Mapping
from opsportal.runbooks.models import Revision
from opsportal.runbooks.plan import stored_nodes
from opsportal.runbooks.trees import Node
from services.models import Service

PLACES = {
    Kind.METRIC: "metrics",
    Kind.ALERT: "monitoring",
    Kind.MAINTENANCE: "maintenance",
    Kind.MAINTENANCE_WINDOW: "maintenance",
    Kind.CONTACT: "contacts",
    Kind.ESCALATION: "escalation",
    Kind.SEVERITY_LEVEL: "escalation",
    Kind.EXTERNAL_DEPENDENCY: "external",
    Kind.ISSUE: "issues",
    Kind.COMMAND: "management",
    Kind.PROCEDURE: "procedures",
    Kind.CHANGE: "changes",
    Kind.SECTION: "more",
}


@allow("runbook.edit")
@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: PortalRequest, slug: str, kind: str, pk: int | None = None) -> HttpResponse:
    """A record's form; `pk` None adds one. A refused save keeps everything that was typed."""
    service, mapping = _place(request, slug, kind)
    row = _row(mapping, service, pk)
    stored = _stored(mapping, row)
    if request.method == "GET":
        form = RecordForm(initial=_initial(mapping, service, row), kind=mapping.kind, new=row is None)
        return _page(request, service, mapping, row, form, StepRows.of(stored))
    form = RecordForm(request.POST, kind=mapping.kind, new=row is None)
    steps = StepRows.posted(request.POST)
    if request.POST.get("do"):
        if wants_partial(request):
            return partial(request, "runbooks/_steps.html", {"steps": steps, "service": service})
        return _page(request, service, mapping, row, _unchecked(form), steps)
    if not form.is_valid():
        return _page(request, service, mapping, row, form, steps, status=422)
    try:
        revision = save_record(
            service=service,
            kind=mapping.kind,
            row=row,
            texts=_whole(mapping, row, form.texts()),
            person=request.person,
            now=timezone.now(),
            seen_revision=form.cleaned_data["seen"],
            note=form.cleaned_data["note"],
            nodes=steps.nodes(stored) if mapping is PROCEDURE else None,
        )
    except ChangedMeanwhile as error:
        return _conflict(request, service, mapping, row, form, steps, error)
    except ActionError as error:
        form.add_error(None, str(error))
        return _page(request, service, mapping, _row(mapping, service, pk), form, steps, status=error.status)
    return _saved(request, service, mapping, revision)


@allow("runbook.edit")
@require_http_methods(["GET", "POST"])
def remove(request: PortalRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """Ask, then take the record out."""
    service, mapping = _place(request, slug, kind)
    row = _row(mapping, service, pk)
    if row is None or mapping is SERVICE:
        raise Http404
    title, error = getattr(row, mapping.title), ""
    if request.method == "POST":
        seen = typed_id(request.POST, "seen")
        try:
            revision = remove_record(
                service=service,
                kind=mapping.kind,
                row=row,
                person=request.person,
                now=timezone.now(),
                seen_revision=-1 if seen is None else seen,
            )
            return _saved(request, service, mapping, revision)
        except ActionError as refusal:
            error = str(refusal)
    context = {"service": service, "mapping": mapping, "title": title, "error": error, "seen": _number(service)}
    context |= {"word": words(mapping.kind), "pk": pk, "back": _back(service, mapping)}
    return render(request, "runbooks/remove.html", context, status=409 if error else 200)


def _place(request: PortalRequest, slug: str, kind: str) -> tuple[Service, Mapping]:
    service = get_object_or_404(Service.objects.select_related("directory", "team"), slug=slug)
    require(request.person, "runbook.edit", service.team_id)
    mapping = next((known for name, known in BY_KIND.items() if name.value == kind), None)
    if mapping is None:
        raise Http404
    return service, mapping


def _row(mapping: Mapping, service: Service, pk: int | None) -> models.Model | None:
    if mapping is SERVICE:
        return service
    return get_object_or_404(mapping.rows_of(service), pk=pk) if pk is not None else None


def _stored(mapping: Mapping, row: models.Model | None) -> list[Node]:
    return stored_nodes(mapping, [row]).get(row.pk, []) if mapping is PROCEDURE and row is not None else []


def _number(service: Service) -> int:
    active = active_revision(service)
    return active.number if active else 0


def _initial(mapping: Mapping, service: Service, row: models.Model | None) -> dict[str, Any]:
    texts = {column: getattr(row, column) for column in mapping.columns.values()} if row is not None else {}
    return {**texts, "seen": _number(service)}


def _whole(mapping: Mapping, row: models.Model | None, typed: dict[str, str]) -> dict[str, str]:
    """What was typed, with the columns that the form does not ask for as they stand."""
    kept = {column: getattr(row, column) for column in mapping.columns.values()} if row is not None else {}
    return kept | typed


def _unchecked(form: RecordForm) -> RecordForm:
    """The form as typed but without complaints: a step was only moved or added."""
    typed = {name: form.data.get(name, "") for name in form.fields}
    return RecordForm(initial=typed, kind=form.kind, new="category" in form.fields)


def _conflict(
    request: PortalRequest,
    service: Service,
    mapping: Mapping,
    row: models.Model | None,
    form: RecordForm,
    steps: StepRows,
    error: ActionError,
) -> HttpResponse:
    """Both versions: what was typed stays in the fields, what stands now is shown beside; saving again then counts."""
    typed = form.texts()
    fresh = _row(mapping, service, row.pk if row is not None else None)
    both = [
        (form.fields[column].label, getattr(fresh, column), text)
        for column, text in typed.items()
        if fresh is not None and getattr(fresh, column) != text
    ]
    again = RecordForm(initial={**form.cleaned_data, "seen": _number(service)}, kind=mapping.kind, new=row is None)
    return _page(request, service, mapping, fresh, again, steps, status=409, conflict=str(error), both=both)


def _page(
    request: PortalRequest,
    service: Service,
    mapping: Mapping,
    row: models.Model | None,
    form: RecordForm,
    steps: StepRows,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "service": service,
        "mapping": mapping,
        "row": row,
        "form": form,
        "steps": steps,
        "with_steps": mapping is PROCEDURE,
        "word": words(mapping.kind),
        "back": _back(service, mapping),
        "nav": "services",
        "removable": row is not None and mapping is not SERVICE,
        **more,
    }
    return render(request, "runbooks/edit.html", context, status=status)


def _back(service: Service, mapping: Mapping) -> str:
    return f"{service.get_absolute_url()}#{PLACES.get(mapping.kind, 'overview')}"


def _saved(request: PortalRequest, service: Service, mapping: Mapping, revision: Revision | None) -> HttpResponse:
    if revision is None:
        messages.info(request, "Nothing was different; the runbook stays as it is.")
    elif revision.state == Revision.State.PROPOSED:
        messages.info(request, f"Saved as revision {revision.number}, which waits for approval by another person.")
        return redirect("revision", service.slug, revision.number)
    else:
        messages.success(request, f"Saved as revision {revision.number}.")
    return redirect(_back(service, mapping))
