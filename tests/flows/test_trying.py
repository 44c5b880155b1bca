"""Dry runs, versions that nobody but their author has tried, and days of review."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from contacts.models import Person
from opsportal.audit.models import AuditEvent
from opsportal.runbooks.actions.ready import facts_of
from procedures.actions import complete_run, start_run
from procedures.insight import series_of, year_of
from procedures.models import Procedure, ProcedureVersion, Run, Step
from procedures.trials import is_tried
from services.models import Service
from tests.factories import answer, make_procedure, steps_of, visitor
from tests.flows.sending import text


@pytest.fixture
def written(procedure: Procedure, mia: Person) -> Procedure:
    """A procedure whose version Mia wrote."""
    ProcedureVersion.objects.filter(procedure=procedure).update(author=mia)
    return Procedure.objects.get(pk=procedure.pk)


def ask(procedure: Procedure, person: Person, **fields: str) -> Any:
    return visitor(person).post(f"/procedures/{procedure.pk}/start/", fields, follow=True)


def try_out(procedure: Procedure, person: Person, *, practice: bool = True) -> Run:
    """A run, dry unless said otherwise, done from start to end."""
    now = timezone.now()
    run = start_run(procedure=procedure, person=person, now=now, practice=practice)
    for step in steps_of(run):
        answer(step, person, value="42")
    complete_run(run=run, person=person, now=now)
    return run


def next_version(procedure: Procedure, author: Person) -> Procedure:
    version = ProcedureVersion.objects.create(
        procedure=procedure, number=2, digest="1" * 64, created_at=timezone.now(), author=author
    )
    Step.objects.create(version=version, position=1, number="1", text="Look anew")
    Procedure.objects.filter(pk=procedure.pk).update(current_version=version)
    return Procedure.objects.get(pk=procedure.pk)


def test_a_dry_run_is_started_beside_a_real_one_and_says_what_it_is(written: Procedure, ada: Person) -> None:
    ask(written, ada)
    page = text(ask(written, ada, practice="1"))
    assert "<b>Dry run.</b>" in page
    assert Run.objects.filter(practice=True).count() == 1
    assert Run.objects.count() == 2
    assert AuditEvent.objects.filter(verb="run.practised").count() == 1
    assert "<b>Dry run</b>" in text(visitor(ada).get("/"))


def test_a_dry_run_counts_nowhere(written: Procedure, ada: Person) -> None:
    run = try_out(written, ada)
    now = timezone.now()
    assert series_of(written) == []
    assert not year_of(written, now, ZoneInfo("UTC"))[1]
    later = start_run(procedure=written, person=ada, now=now)
    assert "last 42" not in text(visitor(ada).get(later.get_absolute_url()))
    today = text(visitor(ada).get("/"))
    assert "<b>0</b> done" in today
    assert run.get_absolute_url() not in text(visitor(ada).get("/log/"))


def test_a_planned_run_stays_planned_when_a_dry_run_is_asked_for(written: Procedure, ada: Person) -> None:
    now = timezone.now()
    planned = Run.objects.create(
        procedure=written, version_id=written.current_version_id or 0, state="planned", slot="x", opens_at=now,
        due_at=now + timedelta(hours=1),
    )  # fmt: skip
    ask(written, ada, practice="1", run=str(planned.pk))
    planned.refresh_from_db()
    assert planned.state == "planned"


def test_a_version_is_tried_when_another_than_its_author_completed_it(
    written: Procedure, mia: Person, ada: Person
) -> None:
    version = written.versions.get()
    try_out(written, mia)
    assert not is_tried(version)
    assert "Nobody but its author, Mia Manager," in text(visitor(ada).get(f"/procedures/{written.pk}/"))
    start_run(procedure=written, person=ada, now=timezone.now(), practice=True)
    assert not is_tried(version)
    try_out(written, ada)
    assert is_tried(version)
    assert "Nobody but its author" not in text(visitor(ada).get(f"/procedures/{written.pk}/"))


def test_where_a_trial_is_asked_for_runs_follow_the_newest_version_that_was_tried(
    written: Procedure, service: Service, mia: Person, ada: Person
) -> None:
    Service.objects.filter(pk=service.pk).update(requires_trial=True)
    refused = text(ask(written, ada))
    assert "asks for that first" in refused
    assert Run.objects.count() == 0
    try_out(written, ada)
    assert start_run(procedure=written, person=ada, now=timezone.now()).version.number == 1
    newer = next_version(written, mia)
    run = start_run(procedure=newer, person=ada, now=timezone.now())
    assert run.version.number == 1
    assert "Version 2 of this procedure is out, perhaps not tried yet" in text(visitor(ada).get(run.get_absolute_url()))
    assert try_out(newer, ada).version.number == 2
    assert start_run(procedure=newer, person=ada, now=timezone.now()).version.number == 2


def test_an_emergency_is_never_held_back(service: Service, ada: Person) -> None:
    Service.objects.filter(pk=service.pk).update(requires_trial=True)
    fire = make_procedure(Service.objects.get(pk=service.pk), title="Fire", category="emergency")
    assert start_run(procedure=fire, person=ada, now=timezone.now()).is_open


def test_readiness_names_what_was_not_tried_and_what_is_past_its_review(
    written: Procedure, service: Service, mia: Person, ada: Person
) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Procedure.objects.filter(pk=written.pk).update(review_by=yesterday)
    try_out(written, mia)
    facts = facts_of(service)
    assert (list(facts.untried), facts.reviews) == (["Morning look"], {"Morning look": yesterday})
    try_out(written, ada)
    assert list(facts_of(service).untried) == []


def test_an_editor_sets_the_day_of_review_and_takes_it_away(procedure: Procedure, ed: Person, ada: Person) -> None:
    address = f"/procedures/{procedure.pk}/review/"
    soon = (timezone.localdate() + timedelta(days=90)).isoformat()
    page = text(visitor(ed).post(address, {"review_by": soon}, follow=True))
    assert f'value="{soon}"' in page
    for wrong, words in (("2020-01-01", "has passed"), ("soon", "year-month-day")):
        assert words in text(visitor(ed).post(address, {"review_by": wrong}, follow=True))
    assert visitor(ada).post(address, {"review_by": soon}).status_code == 403
    visitor(ed).post(address, {"review_by": ""})
    assert Procedure.objects.get().review_by is None
    assert AuditEvent.objects.filter(verb="procedure.review_by").count() == 2


def test_a_review_that_is_overdue_is_said_on_the_procedure_and_in_its_runs(run: Run, ada: Person) -> None:
    Procedure.objects.update(review_by=timezone.localdate() - timedelta(days=1))
    for address in (f"/procedures/{run.procedure_id}/", run.get_absolute_url()):
        assert "was to be looked over by" in text(visitor(ada).get(address))


def test_a_manager_asks_for_trials_in_the_settings_of_a_service(service: Service, mia: Person) -> None:
    page = f"/services/{service.slug}/settings/"
    assert "somebody else than its author has tried it" in text(visitor(mia).get(page))
    visitor(mia).post(page, {"team": service.team_id, "requires_trial": "on"})
    assert Service.objects.get().requires_trial
