"""Edit records in place: each save is a revision of the document."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts.access import PortalRequest, allow, can, require
from opsportal.lib.errors import ActionError
from opsportal.lib.htmx import partial, wants_partial
from opsportal.lib.typed import typed, typed_id
from opsportal.runbooks import actions
from opsportal.runbooks.actions.records import ChangedMeanwhile, words
from opsportal.runbooks.desk import Desk
from opsportal.runbooks.diff import side_by_side
from opsportal.runbooks.document import decode
from opsportal.runbooks.editing import RecordForm
from opsportal.runbooks.mapping import SERVICE, clean
from opsportal.runbooks.models import RecordChange, Revision
from opsportal.runbooks.steps import StepRows
from opsportal.runbooks.steps.preview import sights
from services.models import Service

SHOWN_HISTORY = 100


@allow("runbook.edit")
@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: PortalRequest, slug: str, kind: str, pk: int | None = None) -> HttpResponse:
    """A record's form; `pk` None adds one. A refused save keeps everything that was typed."""
    desk = Desk.open(request, slug, kind, pk)
    if request.method == "GET":
        return _page(request, desk, desk.form(), StepRows.of(desk.stored))
    form, rows = desk.form(request.POST), StepRows.posted(request.POST)
    if order := typed(request.POST, "do"):
        rows.act(order, typed(request.POST, f"{order.partition(':')[2]}-place"))
        return _moved(request, desk, form, rows)
    if taken := typed(request.POST, "take"):
        return _took(request, desk, form, rows, taken)
    nodes = rows.nodes(desk.stored) if desk.with_steps else None
    if not form.is_valid() or rows.refused:
        return _page(request, desk, form, rows, status=422)
    return _save(request, desk, form, rows, desk.edit(form, nodes))


def _save(request: PortalRequest, desk: Desk, form: RecordForm, rows: StepRows, wanted: actions.Edit) -> HttpResponse:
    """Show the difference, propose or publish, as the pressed button says."""
    try:
        if desk.gone and wanted.seen_revision != desk.revision:
            raise ChangedMeanwhile("Somebody removed this record while you were writing. Saving again adds it anew.")
        if "diff" in request.POST:
            return _difference(request, desk, form, rows, wanted)
        propose = "propose" in request.POST
        revision = actions.save_record(edit=wanted, person=request.person, now=timezone.now(), propose=propose)
    except ChangedMeanwhile as error:
        return _conflict(request, Desk.open(request, desk.service.slug, desk.mapping.kind.value, _pk(desk)), error)
    except ActionError as error:
        form.add_error(None, str(error))
        return _page(request, desk, form, rows, status=error.status)
    return _saved(request, desk, revision)


def _pk(desk: Desk) -> int | None:
    return desk.row.pk if desk.row is not None else None


def _moved(request: PortalRequest, desk: Desk, form: RecordForm, rows: StepRows) -> HttpResponse:
    """The form as typed, without complaints: a step was only moved or added."""
    if wants_partial(request):
        context = desk.context(form, rows) | {"sights": sights(form.typed(), rows)}
        order = typed(request.POST, "do").partition(":")[0]
        context["keeps_focus"] = order in ("up", "down", "to")  # on the button, which moved along
        return partial(request, "runbooks/_steps.html", context)
    return _page(request, desk, desk.form(initial=form.typed(everything=True)), rows)


def _took(request: PortalRequest, desk: Desk, form: RecordForm, rows: StepRows, taken: str) -> HttpResponse:
    """One field as it stands now in the place of what was typed; the rest of the conflict stays in sight."""
    typed_now = form.typed(everything=True)
    if taken == "steps":
        rows = StepRows.of(desk.stored)
    elif taken in desk.texts:
        typed_now[taken] = desk.texts[taken]
    again = desk.form(initial=typed_now | {"seen": desk.revision, "known": desk.known})
    return _both(request, desk, again, rows, "Taken over. Save when the rest is as you want it.", status=200)


def _conflict(request: PortalRequest, desk: Desk, error: ActionError) -> HttpResponse:
    """Both versions: what was typed stays in the fields, what stands now is shown beside; saving again then counts."""
    again = desk.form(initial=desk.form(request.POST).typed(everything=True))
    return _both(request, desk, again, StepRows.posted(request.POST), str(error), status=409)


def _both(
    request: PortalRequest, desk: Desk, form: RecordForm, rows: StepRows, sentence: str, *, status: int
) -> HttpResponse:
    both, steps = desk.differences(form), desk.steps_beside(rows)
    return _page(request, desk, form, rows, status, conflict=sentence, both=both, both_steps=steps)


def _difference(
    request: PortalRequest, desk: Desk, form: RecordForm, rows: StepRows, wanted: actions.Edit
) -> HttpResponse:
    """The document before and after the edit, beside the form that is still open."""
    before, after = actions.draft_record(edit=wanted, person=request.person, now=timezone.now())
    lines = side_by_side(clean(decode(before)), clean(decode(after)))
    return _page(request, desk, form, rows, diff=lines, with_diff=True)


def _page(
    request: PortalRequest, desk: Desk, form: RecordForm, rows: StepRows, status: int = 200, **more: Any
) -> HttpResponse:
    context = desk.context(form, rows) | more
    if desk.with_steps:
        context["sights"] = sights(form.typed(), rows)
    template = "runbooks/procedure_edit.html" if desk.with_steps else "runbooks/edit.html"
    return render(request, template, context, status=status)


@allow("runbook.edit")
@require_POST
def check(request: PortalRequest, slug: str, kind: str, pk: int | None = None) -> HttpResponse:
    """While somebody writes: how the step they are at will look, and what the linter says. Changes nothing."""
    desk = Desk.open(request, slug, kind, pk)
    if not desk.with_steps:
        raise Http404
    rows = StepRows.posted(request.POST)
    seen = sights(desk.form(request.POST).typed(), rows)
    row = next((row for row in rows.rows if row.rid == typed(request.GET, "row")), None)
    context = {"row": row, "sight": seen.of(row) if row else None, "sights": seen, "steps": rows}
    return partial(request, "runbooks/_checked.html", context)


@allow("runbook.edit")
@require_http_methods(["GET", "POST"])
def remove(request: PortalRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """Ask, then take the record out."""
    desk, error = Desk.open(request, slug, kind, pk), ""
    if desk.row is None or desk.mapping is SERVICE:
        raise Http404
    title = getattr(desk.row, desk.mapping.title)
    if request.method == "POST":
        seen = typed_id(request.POST, "seen")
        try:
            revision = actions.remove_record(
                service=desk.service,
                kind=desk.mapping.kind,
                row=desk.row,
                person=request.person,
                now=timezone.now(),
                seen_revision=-1 if seen is None else seen,
            )
            return _saved(request, desk, revision)
        except ActionError as refusal:
            error = str(refusal)
    context = {"service": desk.service, "mapping": desk.mapping, "title": title, "error": error}
    context |= {"word": words(desk.mapping.kind), "pk": pk, "back": desk.back, "seen": desk.revision}
    return render(request, "runbooks/remove.html", context, status=409 if error else 200)


@allow("portal.read")
@require_safe
def record_history(request: PortalRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """Who changed this record when, newest first; numbers are for those who may call or write."""
    service = get_object_or_404(Service, slug=slug)
    may_edit = can(request.person, "runbook.edit", service.team_id)
    if not may_edit:
        require(request.person, "contact.phone", service.team_id)
    changes = list(
        RecordChange.objects.filter(revision__service=service, kind=kind, record=pk)
        .exclude(revision__state__in=[Revision.State.PROPOSED, Revision.State.REJECTED])
        .select_related("revision__author", "revision__decided_by")
        .defer("revision__source", "revision__spans", "before")
        .order_by("-revision__number")[:SHOWN_HISTORY]
    )
    first = Revision.objects.filter(service=service, number=1).defer("source", "spans").select_related("author").first()
    context = {"service": service, "changes": changes, "first": first, "may_edit": may_edit, "nav": "services"}
    context |= {"kind": kind, "pk": pk, "name": changes[0].name if changes else "", "word": kind.replace("_", " ")}
    return render(request, "runbooks/record_history.html", context)


def _saved(request: PortalRequest, desk: Desk, revision: Revision | None) -> HttpResponse:
    if revision is None:
        messages.info(request, "Nothing was different; the runbook stays as it is.")
        return redirect(desk.back)
    address = reverse("revision", args=[desk.service.slug, revision.number])
    if revision.state == Revision.State.PROPOSED:
        messages.info(request, f"Saved as revision {revision.number}, which waits for approval by another person.")
        return redirect(address)
    sentence = 'Saved as revision {}. <a href="{}">Look at it or undo it</a>'
    messages.success(request, format_html(sentence, revision.number, address))
    return redirect(desk.back)
