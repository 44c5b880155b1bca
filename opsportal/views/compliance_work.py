"""What the work of a team consists of, and how its checklists are ticked."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from contacts.access import PortalRequest, allow
from opsportal.lib.typed import typed_id
from opsportal.selectors.compliance_ticks import MOST_BUNCHED, dwell_of_steps, ticks_by
from opsportal.selectors.compliance_work import (
    AGES,
    backlog,
    durations,
    planned_and_not,
    runs_of,
    troubled,
    who_and_what,
)
from opsportal.views.compliance_filter import ChosenTeam
from procedures.models import Procedure


@allow("report.read")
@never_cache
@require_safe
def work(request: PortalRequest) -> HttpResponse:
    """Planned against unplanned, the backlog, failing steps, who does what, durations; each with its table."""
    now = timezone.now()
    chosen = ChosenTeam(request, timezone.localdate(now))
    context: dict[str, Any] = {"chosen": chosen, "now": now, "nav": "more", "ages": AGES}
    if chosen.days is None:
        return render(request, "opsportal/compliance/work.html", context, status=422)
    steps, trouble = troubled(chosen.scope, chosen.days)
    context |= {
        "split": planned_and_not(chosen.scope, chosen.days),
        "waiting": backlog(chosen.scope, now),
        "steps": steps,
        "trouble": trouble,
        "matrix": who_and_what(chosen.scope, chosen.days),
        "took": durations(chosen.scope, chosen.days),
    }
    return render(request, "opsportal/compliance/work.html", context)


@allow("report.read")
@never_cache
@require_safe
def honesty(request: PortalRequest) -> HttpResponse:
    """Dwell times, ticks within two seconds, bunched runs and ticks after the due time, by procedure."""
    chosen = ChosenTeam(request, timezone.localdate())
    context: dict[str, Any] = {"chosen": chosen, "nav": "more"}
    if chosen.days is None:
        return render(request, "opsportal/compliance/ticks.html", context, status=422)
    runs = runs_of(chosen.scope, chosen.days)
    pk = typed_id(request.GET, "procedure")
    if pk is not None:
        runs = runs.filter(procedure=pk)
        procedure = Procedure.objects.filter(chosen.scope.of(), pk=pk).select_related("service").first()
        context |= {"procedure": procedure, "steps": dwell_of_steps(runs)}
    found, cut = ticks_by(runs, "procedure")
    rows = sorted(found.values(), key=lambda row: (row.service, row.title))
    bunched = sorted(((run, at, row) for row in rows for run, at in row.bunched), key=lambda one: one[1], reverse=True)
    context |= {"rows": rows, "cut": cut, "bunched": bunched[:MOST_BUNCHED], "bunched_count": len(bunched)}
    return render(request, "opsportal/compliance/ticks.html", context)
