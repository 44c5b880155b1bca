"""One of everything a page can show, in a small portal."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from contacts.actions import enqueue
from contacts.actions.channels import add_channel
from contacts.actions.leases import claim_due
from contacts.models import Message, Person, Role
from opsportal.runbooks.actions import keep_draft
from procedures.models import Procedure, Run
from services.models import Service
from tests.factories import (
    answer,
    make_completed_run,
    make_person,
    make_procedure,
    make_run,
    make_runbook,
    make_service,
    make_team,
    runbook,
    steps_of,
)

LONG = "Write-down-the-name-of-" + "the-very-long-" * 8 + "machine"
MIXED = (
    "Enter the lag in seconds (limit 10 s)",
    "Name the primary node (one of: db-1, db-2)",
    "Stop the old belt (critical)",
    f"{LONG} and press `{LONG}`",
    "If the belt stands: press reset",
    "Enter the day of the last oil (date)",
    "Close the board",
)


def make_portal() -> tuple[Person, dict[str, str]]:
    """A manager, and the addresses of states that links do not lead to."""
    crew = make_team()
    mia = make_person("Mia Manager", role=Role.MANAGER, team=crew)
    ed = make_person("Ed Editor", role=Role.EDITOR, team=crew)
    desk = make_runbook(runbook(rows=3), person=mia).service
    make_service("Bare", team=crew)
    Service.objects.filter(pk=desk.pk).update(requires_approval=True)
    make_runbook(runbook(rows=2), person=ed)
    draft = keep_draft(person=mia, data=runbook("New desk").encode(), file_name="new.md", slug="", now=timezone.now())
    mixed = make_procedure(desk, title="Mixed " + "long title " * 6, steps=MIXED)
    _messages(mia)
    return mia, {
        "nothing sent": "/deliveries/?q=xyzzy",
        "confirm an address": "/settings/notifications/prove/x/",
        "fresh run": make_run(make_procedure(desk, title="Fresh"), mia).get_absolute_url(),
        "mixed run": _mixed(mixed, mia).get_absolute_url(),
        "closed run": make_completed_run(make_procedure(desk, title="Closed"), mia).get_absolute_url(),
        "planned": _plan(make_procedure(desk, title="Planned")),
        "procedure": f"/procedures/{mixed.pk}/",
        "bare service": "/services/bare/",
        "nothing found": "/services/?q=xyzzy",
        "search": "/search/?q=e",
        "empty search": "/search/?q=xyzzy",
        "menu": "/menu/",
        "found by the menu": "/menu/?q=start e",
        "nothing for the menu": "/menu/?q=xyzzy",
        "nobody": "/contacts/?q=xyzzy",
        "no emergency": "/emergency/?q=xyzzy",
        "preview": f"/import/{draft.pk}/",
        "import": "/import/",
        "proposal": "/services/parcel-desk/history/2/",
        "missing": "/services/nowhere/",
        "not allowed": "/import/99999/",
    }


def _messages(person: Person) -> None:
    """A channel of a person and of a team, a message that was lost, and one under way for the second time."""
    now = timezone.now()
    for owner, kind in ((person, "webhook"), (person.teams.get(), "chat")):
        add_channel(owner=owner, kind=kind, address=f"https://hooks.example/{LONG}", name="pager", by=person, now=now)
    claim_due(now=now, limit=1)
    with transaction.atomic():
        enqueue(key="lost", to=person, subject=f"Late: {LONG}"[:200], text=LONG, url="/", now=now)
    Message.objects.filter(key="lost").update(state="dead", ended_at=now, error=f"550 {LONG}"[:300])


def _mixed(procedure: Procedure, person: Person) -> Run:
    """Out of range, done, skipped, failed; the fifth step is current."""
    run = make_run(procedure, person)
    lag, node, belt, long, *_ = steps_of(run)
    answer(lag, person, value="99")
    answer(node, person, value="db-1")
    answer(belt, person, "skipped", note=LONG)
    answer(long, person, "failed", note="does not react")
    return run


def _plan(procedure: Procedure) -> str:
    """A run that is late, one that is due, one for later and one that was missed."""
    now = timezone.now()
    for number, (state, hours) in enumerate([("planned", -3), ("planned", 0), ("planned", 1), ("missed", -30)]):
        due = now + timedelta(hours=hours, minutes=30)
        Run.objects.create(
            procedure=procedure,
            version_id=procedure.current_version_id or 0,
            state=state,
            slot=f"slot-{number}",
            opens_at=due - timedelta(minutes=45),
            due_at=due,
        )
    return "/?all=1"
