"""Today: who is on call, one's own runs, cards with one button, and what an empty day says."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contacts.models import Contact, Person, Role, Team
from opsportal import health
from opsportal.models import Heartbeat
from opsportal.tasks import beat
from procedures.models import Procedure, Run
from services.models import Service
from tests.factories import make_completed_run, make_person, make_procedure, make_run, make_service, visitor
from tests.pages.test_weight import body


def plan(procedure: Procedure, *, opens: timedelta, due: timedelta, state: str = "planned") -> Run:
    now = timezone.now()
    return Run.objects.create(
        procedure=procedure,
        version_id=procedure.current_version_id or 0,
        state=state,
        slot=f"{opens} {due}"[:20],
        opens_at=now + opens,
        due_at=now + due,
    )


@pytest.fixture
def ledger(crew: Team) -> Service:
    return make_service("Ledger", team=crew)


@pytest.fixture
def procedure(ledger: Service) -> Procedure:
    return make_procedure(ledger)


HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def main(client: Client, path: str = "/") -> str:
    page = body(client.get(path)).decode()
    return page[page.index("<main") :]


def test_every_card_has_exactly_one_button(reader: Client, procedure: Procedure, mia: Person, crew: Team) -> None:
    plan(procedure, opens=-3 * HOUR, due=-HOUR)
    plan(procedure, opens=-HOUR, due=SECOND * 60)
    plan(procedure, opens=SECOND, due=2 * HOUR)
    plan(procedure, opens=-30 * HOUR, due=-29 * HOUR, state="missed")
    make_completed_run(procedure, mia)
    make_run(procedure, mia)
    viewer = visitor(make_person("Vi Viewer", role=Role.VIEWER, team=crew))
    for client in (reader, viewer):
        cards = re.findall(r'<ul class="jobs.*?</ul>', main(client), re.DOTALL)
        jobs = [job for card in cards for job in card.split("<li>")[1:]]
        assert len(jobs) == 6
        assert [job.count('class="btn') for job in jobs] == [1] * 6
    assert "procedures/" not in "".join(re.findall(r'action="([^"]*)"', main(viewer)))


def test_there_is_one_primary_button_and_it_is_the_most_urgent(reader: Client, procedure: Procedure) -> None:
    late = plan(procedure, opens=-3 * HOUR, due=-HOUR)
    plan(procedure, opens=-2 * HOUR, due=-SECOND)
    plan(procedure, opens=-HOUR, due=HOUR)
    page = main(reader)
    assert page.count(" pri") == 1
    assert f'name="run" value="{late.pk}"><button class="btn wide pri"' in page


def test_own_open_runs_stand_above_with_how_far_they_are(reader: Client, procedure: Procedure, mia: Person) -> None:
    other = make_person("Bo Lind", team=procedure.service.team)
    assert "Your open runs" not in main(reader)
    run = make_run(procedure, mia)
    make_run(procedure, other)
    page = main(reader)
    assert "You are in 1 run." in page
    own = page[page.index("Your open runs") : page.index("</nav>", page.index("Your open runs"))]
    assert f'href="{run.get_absolute_url()}"' in own
    assert "Ledger, 0 of 3" in own


def name_on_call(service: Service, name: str, role: str = "On-Call Engineer", *, left: bool = False) -> Person:
    person = Person.objects.create(name=name, left_at=timezone.now() if left else None)
    Contact.objects.create(
        directory=service.directory, position=Contact.objects.count(), role=role, name=name, person=person
    )
    return person


def test_the_person_whom_the_teams_runbooks_name_on_call_is_in_the_head(reader: Client, ledger: Service) -> None:
    name_on_call(ledger, "Anna Berg")
    name_on_call(make_service("Archive", team=ledger.team), "Someone Gone", left=True)
    name_on_call(make_service("Foreign"), "Not Ours")
    name_on_call(ledger, "Elena Rossi", role="Engineering Manager")
    page = body(reader.get("/")).decode()
    head = page[: page.index("<main")]
    assert "On call: " in head
    assert "Anna Berg" in head
    for name in ("Someone Gone", "Not Ours", "Elena Rossi"):
        assert name not in page


@pytest.mark.parametrize("role", ["On call", "oncall lead", "Primary on-call", "ON-CALL ENGINEER"])
def test_the_role_may_be_written_in_any_way(reader: Client, ledger: Service, role: str) -> None:
    name_on_call(ledger, "Anna Berg", role=role)
    assert "Anna Berg" in main(reader)


def test_without_anybody_on_call_the_page_says_so(reader: Client, ledger: Service) -> None:
    assert "No runbook of your teams names a person on call" in main(reader)


def test_a_portal_without_procedures_offers_the_import_to_those_who_may(reader: Client, crew: Team) -> None:
    assert "Import your runbook" in main(reader)
    viewer = main(visitor(make_person("Vi Viewer", role=Role.VIEWER, team=crew)))
    assert "Import your runbook" not in viewer
    assert "Ask an editor" in viewer


def test_a_quiet_day_says_when_the_next_run_is_due(reader: Client, procedure: Procedure) -> None:
    tomorrow = plan(procedure, opens=timedelta(days=1, hours=1), due=timedelta(days=1, hours=2))
    plan(procedure, opens=timedelta(days=3), due=timedelta(days=4))
    assert tomorrow.opens_at is not None
    assert f"Nothing is due until {tomorrow.opens_at:%a} {tomorrow.opens_at.day}" in main(reader)


def test_a_team_without_work_is_shown_the_way_to_all_teams(reader: Client) -> None:
    make_procedure(make_service("Foreign", team=Team.objects.create(name="Other", slug="other")))
    page = main(reader)
    assert "Nothing is due for your teams." in page
    assert 'href="?all=1"' in page


def test_a_loop_that_is_silent_is_named_on_every_page(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "STARTED", time.monotonic() - 3600)
    now = timezone.now()
    Heartbeat.objects.mark(beat.name, now)
    Heartbeat.objects.mark("opsportal.tasks.clockwork", now)
    assert "Checks running, " in body(reader.get("/services/")).decode()
    Heartbeat.objects.mark("opsportal.tasks.clockwork", now - timedelta(minutes=14))
    page = body(reader.get("/services/")).decode()
    assert "Schedules and windows silent 14 min" in page
    assert "Checks running" not in page
    Heartbeat.objects.mark(beat.name, now - timedelta(minutes=5))
    assert "Clockwork silent 5 min, schedules are not running" in body(reader.get("/services/")).decode()


def test_the_strip_tells_the_day_in_words(reader: Client, procedure: Procedure, mia: Person) -> None:
    assert 'class="day"' not in main(reader)
    plan(procedure, opens=-3 * HOUR, due=-HOUR)
    make_run(procedure, mia)
    assert re.search(
        r'aria-label="The day at a glance, now \d\d:\d\d: 1 overdue, 1 due now, 0 later, 0 done', main(reader)
    )
