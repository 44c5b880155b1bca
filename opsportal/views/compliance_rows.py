"""The occurrences behind a figure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from contacts.access import PortalRequest, allow
from opsportal.lib.sheets import sheet
from opsportal.lib.typed import typed, typed_id
from opsportal.selectors.compliance_rows import all_of, page_of
from opsportal.selectors.compliance_tally import kinds
from opsportal.views.compliance_filter import Chosen
from procedures.models import Occurrence

HEADER = (
    *("planned for (local)", "due (UTC)", "service", "team", "what", "state", "reason", "explanation"),
    *("assigned to", "done by", "ended (UTC)", "hours after due", "address"),
)
IDS = {"schedule": "schedule", "procedure": "schedule__procedure", "assignee": "assignee", "by": "ended_by"}


class Picked(Chosen):
    """The filter of reports, and beside it a kind of row (`what`) and a schedule, procedure or person by id."""

    def __init__(self, request: PortalRequest, now: datetime) -> None:
        super().__init__(request, timezone.localdate(now))
        self.kinds = kinds(now)
        self.what = typed(request.GET, "what")
        self.ids = {name: request.GET[name] for name in IDS if typed_id(request.GET, name) is not None}

    @property
    def kept(self) -> dict[str, str]:
        more = {"what": self.what} if self.what in self.kinds else {}
        return {**super().kept, **more, **self.ids}

    @property
    def title(self) -> str:
        return self.kinds[self.what][0] if self.what in self.kinds else "All occurrences"

    @property
    def narrowed(self) -> bool:
        return bool(self.kept.keys() - {"period"})

    def rows(self) -> QuerySet[Occurrence]:
        if self.days is None:
            return Occurrence.objects.none()
        wanted = self.kinds[self.what][1] if self.what in self.kinds else Q()
        ids = Q(**{IDS[name]: value for name, value in self.ids.items()})
        return self.scope.occurrences(self.days).filter(wanted, ids)


@allow("report.read")
@never_cache
@require_safe
def occurrences(request: PortalRequest) -> HttpResponse:
    """Rows latest first, fifty a page."""
    now = timezone.now()
    picked = Picked(request, now)
    rows, before = page_of(picked.rows(), typed(request.GET, "before"))
    context: dict[str, Any] = {
        "chosen": picked,
        "rows": rows,
        "before": before,
        "older": urlencode({**picked.kept, "before": before}),
        "now": now,
        "nav": "more",
    }
    status = 422 if picked.days is None else 200
    return render(request, "opsportal/compliance/occurrences.html", context, status=status)


@allow("report.read")
@require_safe
def download(request: PortalRequest) -> HttpResponseBase:
    """The rows as CSV, as many as there are."""
    picked = Picked(request, timezone.now())
    return sheet("occurrences", HEADER, (cells(row, request) for row in all_of(picked.rows())))


def cells(row: Occurrence, request: HttpRequest) -> tuple[object, ...]:
    """A row as it stands in a sheet; times in UTC, the planned one as the schedule's local time."""
    run = getattr(row, "run", None)
    address = request.build_absolute_uri(run.get_absolute_url()) if run else ""
    words = (row.get_state_display(), row.get_reason_display() if row.reason else "", row.explanation)
    late = f"{(row.ended_at - row.due_at).total_seconds() / 3600:.1f}" if row.ended_at else ""
    ended = row.ended_at.isoformat(timespec="minutes") if row.ended_at else ""
    people = (row.assignee or "", row.ended_by or "")
    due = row.due_at.isoformat(timespec="minutes")
    return (
        row.local,
        due,
        row.service,
        row.service.team or "",
        row.schedule.title,
        *words,
        *people,
        ended,
        late,
        address,
    )
