"""A team with one of each thing, and every address at which one of them can be reached: what it asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from contacts.access import MATRIX
from contacts.models import Channel, Contact, Message, Person, Role, Team
from incidents.models import KnownIssue
from opsportal.actions.evidence import sign_month
from opsportal.runbooks.models import Revision
from opsportal.selectors.compliance_month import read_month
from procedures.actions.evidence import keep_evidence
from procedures.actions.schedules import make_schedule, pause_schedule
from procedures.models import MaintenanceTask, Procedure, StepReport
from services.actions.series import request_series
from services.actions.windows import Work, request_window
from services.models import ExternalDependency, Freeze, Metric, Service
from tests.factories import make_person, make_procedure, make_run, make_runbook, make_team, runbook, steps_of
from tests.lib.schedules import rule

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 40
READ = "portal.read"
MEMBER = "any role in the team"
ROLES = {**MATRIX, MEMBER: frozenset(Role)}
ADMINS_EVERYWHERE = {MEMBER, "delivery.manage", "report.read"}  # what an admin of one team may in all


@dataclass(frozen=True)
class Door:
    """An address by its name: its method, the permission that opens it, what goes into it and with it."""

    name: str
    permission: str
    where: tuple[str, ...] = ()
    method: str = "get"
    body: dict[str, Any] = field(default_factory=dict)


def _post(door: str, permission: str, /, *where: str, **body: Any) -> Door:
    return Door(door, permission, where, "post", body)


def _get(name: str, *where: str, permission: str = READ) -> Door:
    return Door(name, permission, where)


# Doors to a thing of a team. What a body says of itself ("$op") is filled in.
DOORS = [
    _get("service", "slug"),
    _get("history", "slug"),
    _get("procedure", "procedure"),
    _get("procedure_figures", "procedure"),
    _get("run", "run"),
    _get("run_changes", "run"),
    _get("evidence", "run", "evidence"),
    _get("issue", "issue"),
    _get("schedule", "schedule"),
    _get("schedule_edit", "schedule", permission="runbook.edit"),
    _get("window", "window"),
    _get("window_series", "series"),
    _get("record_new", "slug", "kind", permission="runbook.edit"),
    _get("record_edit", "slug", "kind", "metric", permission="runbook.edit"),
    _get("record_remove", "slug", "kind", "metric", permission="runbook.edit"),
    _get("service_settings", "slug", permission="runbook.approve"),
    _get("delivery", "message", permission=MEMBER),
    _get("signed_report", "signed", permission="report.read"),
    _get("signed_report_json", "signed", permission="report.read"),
    _get("step_wrong", "run", "step", permission="run.work"),
    _post("phone", "contact.phone", "slug", "contact"),
    _post("supplier_phone", "contact.phone", "slug", "supplier"),
    _post("delivery_again", "delivery.manage", "message"),
    _post("channel_test", "delivery.manage", "channel"),
    _post("channel_switch", "delivery.manage", "channel"),
    _post("channel_secret", "delivery.manage", "channel"),
    _post("channel_remove", "delivery.manage", "channel"),
    _post("issue_start", "run.work", "issue"),
    _post("procedure_start", "run.work", "procedure"),
    _post("run_note", "run.work", "run", op="$op", note="Calm"),
    _post("step_answer", "run.work", "run", "step", op="$op", state="done"),
    _post("step_answer", "run.excuse", "run", "step", op="$op", state="excused", note="Not today"),
    _post("step_undo", "run.work", "run", "step", op="$op", note="By mistake"),
    _post("step_confirm", "run.work", "run", "step", op="$op"),
    _post("step_happened", "run.work", "run", "step", op="$op"),
    _post("step_wrong", "run.work", "run", "step", op="$op", text="Blurred"),
    _post("evidence_add", "run.work", "run", "step", op="$op"),
    _post("report_resolve", "runbook.edit", "procedure", "report"),
    _post("procedure_review", "runbook.edit", "procedure", review_by="2031-02-01"),
    _post("record_new", "runbook.edit", "slug", "kind", name="Crates lost", seen="1"),
    _post("record_edit", "runbook.edit", "slug", "kind", "metric", name="Crates lost", seen="1"),
    _post("record_new_check", "runbook.edit", "slug", "with_steps"),
    _post("record_check", "runbook.edit", "slug", "with_steps", "procedure"),
    _post("record_remove", "runbook.edit", "slug", "kind", "metric", seen="1"),
    _post("service_settings", "runbook.approve", "slug", requires_approval="on"),
    _post("revision_approve", "runbook.approve", "slug", "proposal"),
    _post("revision_reject", "runbook.approve", "slug", "proposal", reason="Not so"),
    _post("revision_undo", "runbook.edit", "slug", "proposal"),
    _post("schedule_edit", "runbook.edit", "schedule", preview="1"),
    _post("schedule_pause", "runbook.edit", "schedule", first="2031-02-01", last="2031-02-02", reason="Away"),
    _post("schedule_resume", "runbook.edit", "pause"),
    _post("occurrence_done", "run.work", "occurrence"),
    _post("occurrence_undo", "run.work", "occurrence", reason="By mistake"),
    _post("occurrence_move", "run.excuse", "occurrence", to="2031-02-01T09:00", reason="Later"),
    _post("occurrence_skip", "run.excuse", "occurrence", reason="Not needed"),
    _post("occurrence_excuse", "run.excuse", "occurrence", reason="Not needed"),
    _post("schedule_end", "runbook.edit", "schedule", reason="Over"),
    _post("window_approve", "window.approve", "window"),
    _post("window_reject", "window.approve", "window", words="Not then"),
    _post("window_begin", "window.request", "window"),
    _post("window_finish", "window.request", "window", words="Done"),
    _post("window_cancel", "window.request", "window", words="Not needed"),
    _post("window_series_approve", "window.approve", "series"),
    _post("window_series_reject", "window.approve", "series", words="Not then"),
    _post("window_series_end", "window.approve", "series"),
    _post("freeze_remove", "window.approve", "freeze"),
    _post("run_complete", "run.work", "run", summary="Calm"),
    _post("run_stop", "run.work", "run", summary="Not today"),
]  # fmt: skip
# Documents with telephone numbers in them: for those who may see these, or who write the document.
NUMBERED = [
    _get("runbook", "slug"),
    _get("record_history", "slug", "kind", "metric"),
    _get("revision", "slug", "proposal"),
    _get("revision_source", "slug", "proposal"),
]
# Doors to what is one person's own, or to people, whom administrators look after; tested where they belong.
OTHERS = {
    "channel_prove", "token_revoke", "session_end",
    "factor_remove", "feed", "feed_revoke", "import_preview", "import_apply",
    "import_discard", "import_lines", "team", "person", "person_role", "person_login", "person_password",
    "person_factors", "person_left", "person_back",
}  # fmt: skip


@dataclass(frozen=True)
class Things:
    """One of each thing of a team: `ids` by what the doors call them."""

    team: Team
    service: Service
    ids: dict[str, Any]

    def address(self, door: Door) -> list[Any]:
        return [self.ids[name] for name in door.where]


def body_of(door: Door) -> dict[str, Any]:
    return {name: str(uuid4()) if value == "$op" else value for name, value in door.body.items()}


def make_things(name: str, number: str) -> Things:
    """A team of that name with a service, whose contact has the number; somebody of theirs works on everything."""
    team = make_team(f"{name} crew")
    service = make_runbook(runbook(f"{name} Desk", team=team.name)).service
    Service.objects.filter(pk=service.pk).update(team=team)
    service.refresh_from_db()
    worker = make_person(f"{name}worker Olsen", role=Role.EDITOR, team=team)
    Contact.objects.filter(directory=service.directory).update(phone=number)
    proposal = Revision.objects.create(
        service=service,
        number=2,
        state=Revision.State.PROPOSED,
        origin=Revision.Origin.IMPORT,
        source=runbook(f"{name} Desk", team=f"{name} crew", rows=3).encode(),
        sha256="0" * 64,
        author=worker,
        created_at=timezone.now(),
    )
    procedure = make_procedure(service, title=f"{name} look", steps=["Attach the report (file)", "Look"])
    ids: dict[str, Any] = {
        "slug": service.slug,
        "kind": "metric",
        "with_steps": "procedure",
        "proposal": proposal.number,
    }
    ids |= _messages(team) | _work(procedure, worker) | _windows(service, worker) | _records(service)
    ids |= _schedule(service, worker)
    return Things(team, service, ids)


def _messages(team: Team) -> dict[str, Any]:
    now = timezone.now()
    channel = Channel.objects.create(
        team=team, kind="webhook", lane="x", sealed_address="x", sealed_secret="x", created_at=now, verified_at=now
    )
    lost = Message.objects.create(
        key=f"test:{team.pk}", team=team, to_name=team.name, subject="Look", state="dead", ended_at=now,
        created_at=now, wanted_at=now, not_before=now,
    )  # fmt: skip
    return {"channel": channel.pk, "message": lost.pk}


def _work(procedure: Procedure, worker: Person) -> dict[str, Any]:
    run = make_run(procedure, worker)
    step = steps_of(run)[0]
    upload: Any = SimpleUploadedFile("tray.png", PNG, "image/png")
    kept = keep_evidence(step=step, file=upload, person=worker, op=uuid4(), now=timezone.now())
    report = StepReport.objects.create(
        op=uuid4(), step=step.step, run=run, person=worker, at=timezone.now(), text="Blurred"
    )
    return {"procedure": procedure.pk, "run": run.pk, "step": step.pk, "evidence": kept.pk, "report": report.pk}


def _schedule(service: Service, worker: Person) -> dict[str, Any]:
    now = timezone.now()
    task = MaintenanceTask.objects.create(service=service, task="Rotate keys")
    values = {"rrule": "FREQ=DAILY", "times": "09:00", "starts_on": now.date()}
    schedule = make_schedule(service=service, task=task, values=values, person=worker, now=now)
    away = now.date() + timedelta(days=20)
    pause = pause_schedule(schedule=schedule, first=away, last=away, reason="Away", person=worker, now=now)
    occurrence = schedule.occurrences.order_by("at")[0]
    return {"schedule": schedule.pk, "pause": pause.pk, "occurrence": occurrence.pk}


def _windows(service: Service, worker: Person) -> dict[str, Any]:
    now = timezone.now()
    work = Work(title=f"Patch of {service}", services=[service])
    day = timedelta(days=1)
    window = request_window(work=work, starts_at=now + day, ends_at=now + day * 2, person=worker, now=now)
    series = request_series(
        work=work, rule=rule("FREQ=WEEKLY;BYDAY=SU"), duration=timedelta(hours=1), person=worker, now=now
    )
    freeze = Freeze.objects.create(
        title="Quarter's end", team=service.team, starts_at=now + day * 9, ends_at=now + day * 10, by=worker
    )
    month = read_month("2026-01", now.date())
    assert service.team is not None
    assert month is not None
    signed = sign_month(team=service.team, service=None, month=month, person=worker, now=now)
    return {"signed": signed.pk, "window": window.pk, "series": series.pk, "freeze": freeze.pk}


def _records(service: Service) -> dict[str, Any]:
    first = {
        "metric": Metric.objects.filter(service=service),
        "issue": KnownIssue.objects.filter(service=service),
        "supplier": ExternalDependency.objects.filter(service=service),
        "contact": Contact.objects.filter(directory=service.directory),
    }
    return {name: rows.order_by("pk")[0].pk for name, rows in first.items()}
