"""When a procedure is to be looked over again, and whether it was tried."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from contacts.access import PortalRequest, allow, require
from opsportal.lib.errors import ActionError
from procedures import actions
from procedures.models import Procedure
from procedures.trials import is_tried


class ReviewForm(forms.Form):
    review_by = forms.DateField(
        required=False, error_messages={"invalid": "Enter a date as year-month-day, such as 2027-03-01."}
    )


@allow("runbook.edit")
@require_POST
def review(request: PortalRequest, pk: int) -> HttpResponse:
    """Say by when the procedure is to be looked over; empty takes the date away."""
    procedure = get_object_or_404(Procedure.objects.select_related("service"), pk=pk)
    require(request.person, "runbook.edit", procedure.service.team_id)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["review_by"][0]))
        return redirect("procedure", pk)
    on = form.cleaned_data["review_by"]
    try:
        actions.set_review(procedure=procedure, on=on, person=request.person, now=timezone.now())
    except ActionError as error:
        messages.error(request, str(error))
    return redirect("procedure", pk)


def trial_context(procedure: Procedure, today: date) -> dict[str, Any]:
    """For the procedure's page: whether its review is overdue, and whether its version waits for a dry run."""
    version = procedure.current_version
    return {
        "review_over": is_past(procedure, today),
        "untried": version is not None and procedure.retired_at is None and not is_tried(version),
    }


def is_past(procedure: Procedure, today: date) -> bool:
    return procedure.review_by is not None and procedure.review_by < today
