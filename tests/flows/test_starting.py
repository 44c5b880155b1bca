"""Start runs: planned ones once, others on request; follow what colleagues do."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from contacts.models import Person
from procedures.models import Procedure, Run, RunStep
from services.models import Service
from tests.factories import HTMX, answer, make_procedure, steps_of, visitor
from tests.flows.sending import text


def plan(procedure: Procedure, slot: str = "2026-11-24") -> Run:
    now = timezone.now()
    version = procedure.current_version
    assert version is not None
    return Run.objects.create(
        procedure=procedure,
        version=version,
        state="planned",
        slot=slot,
        opens_at=now - timedelta(hours=1),
        due_at=now + timedelta(hours=1),
    )


def test_a_planned_run_is_started_from_today(procedure: Procedure, ada: Person) -> None:
    planned = plan(procedure)
    assert f'name="run" value="{planned.pk}"' in text(visitor(ada).get("/"))
    response = visitor(ada).post(f"/procedures/{procedure.pk}/start/", {"run": planned.pk})
    assert response["Location"] == f"/runs/{planned.pk}/"
    planned.refresh_from_db()
    assert (planned.state, planned.started_by) == ("open", ada)
    assert RunStep.objects.filter(run=planned).count() == 3


def test_the_second_to_start_a_planned_run_is_led_to_it_with_a_word(
    procedure: Procedure, ada: Person, bo: Person
) -> None:
    planned = plan(procedure)
    visitor(ada).post(f"/procedures/{procedure.pk}/start/", {"run": planned.pk})
    second = visitor(bo).post(f"/procedures/{procedure.pk}/start/", {"run": planned.pk}, follow=True)
    assert second.redirect_chain == [(f"/runs/{planned.pk}/", 302)]
    assert "started this run already" in text(second)
    assert RunStep.objects.filter(run=planned).count() == 3


def test_two_clicks_on_start_start_one_run(procedure: Procedure, ada: Person, bo: Person) -> None:
    once, again = (visitor(ada).post(f"/procedures/{procedure.pk}/start/") for _ in range(2))
    assert once["Location"] == again["Location"]
    other = visitor(bo).post(f"/procedures/{procedure.pk}/start/")
    assert other["Location"] != once["Location"]
    assert Run.objects.count() == 2


def test_a_procedure_without_steps_says_so_instead_of_starting(service: Service, ada: Person) -> None:
    empty = make_procedure(service, steps=())
    response = visitor(ada).post(f"/procedures/{empty.pk}/start/", follow=True)
    assert "has no steps yet" in text(response)
    assert Run.objects.count() == 0


def test_a_viewer_and_another_team_do_not_start_runs(procedure: Procedure, vi: Person, zoe: Person) -> None:
    for person in (vi, zoe):
        assert visitor(person).post(f"/procedures/{procedure.pk}/start/").status_code == 403
    assert Run.objects.count() == 0


def test_a_planned_run_has_no_page_until_it_is_started(procedure: Procedure, ada: Person) -> None:
    assert visitor(ada).get(f"/runs/{plan(procedure).pk}/").status_code == 404


def test_numbers_beyond_any_row_are_not_found(procedure: Procedure, ada: Person) -> None:
    huge = "9" * 40
    assert visitor(ada).get(f"/runs/{huge}/").status_code == 404
    assert visitor(ada).get(f"/procedures/{huge}/").status_code == 404
    assert visitor(ada).post(f"/procedures/{procedure.pk}/start/", {"run": huge}).status_code == 302
    assert visitor(ada).get("/services/", {"after": huge}).status_code == 200


def changes(run: Run, person: Person, after: object = 0, current: object = "") -> tuple[int, str]:
    path = f"/runs/{run.pk}/changes/"
    response = visitor(person).get(path, {"after": str(after), "current": str(current)}, headers=HTMX)
    assert "no-store" in response["Cache-Control"]
    return response.status_code, text(response)


def test_a_page_that_is_up_to_date_hears_nothing(run: Run, bo: Person) -> None:
    assert changes(run, bo) == (204, "")


def test_a_page_hears_what_a_colleague_did_and_what_is_current_now(run: Run, ada: Person, bo: Person) -> None:
    first, second, third = steps_of(run)
    answer(first, ada)
    status, body = changes(run, bo, current=first.pk)
    assert status == 200
    assert f'id="step-{first.pk}" hx-swap-oob="true"' in body
    assert f'id="step-{second.pk}" aria-current="step" hx-swap-oob="true"' in body
    assert f'id="step-{third.pk}"' not in body
    assert "Ada Byron" in body


def test_a_page_stops_asking_when_the_run_has_ended(run: Run, ada: Person, bo: Person) -> None:
    visitor(ada).post(f"/runs/{run.pk}/stop/", {"summary": "over"})
    response = visitor(bo).get(f"/runs/{run.pk}/changes/", headers=HTMX)
    assert (response.status_code, response["HX-Refresh"]) == (286, "true")


def test_a_page_with_an_odd_memory_hears_everything(run: Run, ada: Person, bo: Person) -> None:
    answer(steps_of(run)[0], ada)
    for after in ("", "x", "-1", "9" * 40):
        assert changes(run, bo, after=after)[0] == 200
