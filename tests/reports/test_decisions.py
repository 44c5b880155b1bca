"""What a manager decides about missed work, and what that does to the figures."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contacts.models import Person, Role, Team
from opsportal.audit.models import AuditEvent
from opsportal.selectors.compliance import figures
from opsportal.selectors.compliance_scope import Scope
from procedures.actions import decisions
from procedures.models import Occurrence, Run, Schedule
from services.models import Service
from tests.factories import make_person, visitor
from tests.reports.conftest import NINETY, NOON, TODAY, happen, make_schedule, recent

LATER = NOON + timedelta(days=2)


def state(row: Occurrence) -> tuple[str, str, str]:
    row.refresh_from_db()
    return row.state, row.reason, row.explanation


def accept(mia: Person, *rows: Occurrence, reason: str = "Office closed") -> int:
    return decisions.accept_missed(occurrences=rows, person=mia, reason=reason, now=NOON)


def move(mia: Person, *rows: Occurrence, reason: str = "Part came late") -> int:
    return decisions.reschedule_missed(occurrences=rows, person=mia, reason=reason, due_at=LATER, now=NOON)


def test_accepted_work_is_excused_and_says_why_it_was_missed(mia: Person, daily: Schedule) -> None:
    row = happen(daily, 3, "missed", "system")
    assert accept(mia, row) == 1
    assert state(row) == ("excused", "system", "Office closed")
    event = AuditEvent.objects.get(verb="occurrence.excused")
    assert (event.actor_name, event.data["reason"]) == ("Mia Manager", "Office closed")


def test_accepting_twice_changes_once(mia: Person, daily: Schedule) -> None:
    row = happen(daily, 3, "missed", "operator")
    assert [accept(mia, row), accept(mia, row, reason="Another")] == [1, 0]
    assert state(row) == ("excused", "operator", "Office closed")
    assert AuditEvent.objects.count() == 1


def test_a_new_time_opens_the_work_again_and_it_stays_late(crew: Team, mia: Person, daily: Schedule) -> None:
    row = happen(daily, 3, "missed", "operator")
    happen(daily, 4, "done")
    assert move(mia, row) == 1
    assert state(row) == ("open", "decided", "Part came late")
    assert row.due_at == LATER
    total = figures(Scope([crew]), NINETY, NOON, TODAY).total
    assert (total.due, total.late, total.overdue, total.missed, total.open) == (2, 1, 1, 0, 0)


def test_the_missed_run_waits_again_for_its_new_time(mia: Person, daily: Schedule) -> None:
    row = happen(daily, 3, "missed", "operator")
    assert daily.procedure
    run = Run.objects.create(
        procedure=daily.procedure, version_id=daily.procedure.current_version_id or 0, state="missed", slot=row.slot,
        occurrence=row, opens_at=row.opens_at, due_at=row.due_at,
    )  # fmt: skip
    move(mia, row)
    run.refresh_from_db()
    assert (run.state, run.due_at) == ("planned", LATER)
    decisions.take_back(occurrences=[row], person=mia, now=NOON)
    run.refresh_from_db()
    assert (run.state, run.due_at) == ("missed", row.due_at)


def test_work_that_never_had_a_run_gets_one(mia: Person, daily: Schedule) -> None:
    row = happen(daily, 3, "missed", "operator")
    move(mia, row)
    run = Run.objects.get(occurrence=row)
    assert (run.state, run.due_at, run.procedure) == ("planned", LATER, daily.procedure)


def test_both_decisions_can_be_taken_back(mia: Person, daily: Schedule) -> None:
    accepted, moved = happen(daily, 3, "missed", "system"), happen(daily, 4, "missed", "abandoned", explanation="Fire")
    due = moved.due_at
    accept(mia, accepted)
    move(mia, moved)
    assert decisions.take_back(occurrences=[accepted, moved], person=mia, now=NOON) == 2
    assert state(accepted) == ("missed", "system", "")
    assert state(moved) == ("missed", "abandoned", "Fire")
    assert moved.due_at == due
    assert decisions.take_back(occurrences=[accepted, moved], person=mia, now=NOON) == 0


def test_what_has_begun_or_was_excused_otherwise_is_not_taken_back(mia: Person, daily: Schedule) -> None:
    begun, other = happen(daily, 3, "missed", "operator"), happen(daily, 4, "excused", "decided")
    move(mia, begun)
    Occurrence.objects.filter(pk=begun.pk).update(state="in_progress", started_at=NOON)
    assert decisions.take_back(occurrences=[begun, other], person=mia, now=NOON) == 0
    assert state(begun)[0] == "in_progress"
    assert state(other)[0] == "excused"


@pytest.mark.parametrize("words", ["", "   "])
def test_a_decision_needs_a_reason(words: str, mia: Person, daily: Schedule) -> None:
    row = happen(daily, 3, "missed", "operator")
    with pytest.raises(decisions.NoReason):
        accept(mia, row, reason=words)
    with pytest.raises(decisions.NoReason):
        move(mia, row, reason=words)
    assert state(row)[0] == "missed"


def test_a_time_that_has_passed_is_no_new_time(mia: Person, daily: Schedule) -> None:
    row = happen(daily, 3, "missed", "operator")
    with pytest.raises(decisions.TimePassed):
        decisions.reschedule_missed(occurrences=[row], person=mia, reason="x", due_at=NOON, now=NOON)


def test_the_page_accepts_many_and_takes_one_back(mia: Person, daily: Schedule) -> None:
    rows = [recent(daily, day, "missed", "operator") for day in (1, 2, 3)]
    client = visitor(mia)
    data = {"pick": [row.pk for row in rows], "do": "accept", "reason": "Office closed"}
    assert "3 accepted" in client.post("/reports/missed/decide/?period=90", data, follow=True).content.decode()
    assert {state(row)[0] for row in rows} == {"excused"}
    assert "Office closed" in client.get("/reports/missed/?show=decided").content.decode()
    client.post("/reports/missed/decide/", {"pick": [rows[0].pk], "do": "undo"})
    assert [state(row)[0] for row in rows] == ["missed", "excused", "excused"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"do": "accept", "reason": ""}, "Give a reason"),
        ({"do": "move", "reason": "Late part"}, "Say when"),
        ({"do": "move", "reason": "Late part", "due": "2020-01-01T09:00"}, "has passed"),
        ({"do": "move", "reason": "Late part", "due": "soon"}, "valid date"),
        ({"do": "burn", "reason": "Late part"}, "valid choice"),
    ],
)
def test_a_refused_decision_keeps_what_was_ticked_and_typed(
    data: dict[str, str], words: str, mia: Person, daily: Schedule
) -> None:
    row = recent(daily, 1, "missed", "operator")
    response = visitor(mia).post("/reports/missed/decide/", {**data, "pick": [row.pk]})
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert f'value="{row.pk}" checked' in page
    assert f'value="{data["reason"]}"' in page
    assert state(row)[0] == "missed"


def test_ticking_nothing_or_nonsense_is_told(mia: Person, daily: Schedule) -> None:
    for pick in ([], ["x"], ["9" * 30]):
        response = visitor(mia).post("/reports/missed/decide/", {"do": "accept", "reason": "x", "pick": pick})
        assert response.status_code == 422


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ADMIN])
def test_only_managers_decide(role: str, crew: Team, daily: Schedule) -> None:
    row = recent(daily, 1, "missed", "operator")
    somebody = make_person("Bo Else", role=role, team=crew)
    data = {"pick": [row.pk], "do": "accept", "reason": "x"}
    assert visitor(somebody).post("/reports/missed/decide/", data).status_code == 403
    assert state(row)[0] == "missed"


def test_a_manager_decides_for_the_own_team_only(mia: Person, daily: Schedule, crane: Service) -> None:
    own = recent(daily, 1, "missed", "operator")
    foreign = recent(make_schedule(crane), 1, "missed", "operator")
    data = {"pick": [own.pk, foreign.pk], "do": "accept", "reason": "x"}
    assert visitor(mia).post("/reports/missed/decide/", data).status_code == 403
    assert (state(own)[0], state(foreign)[0]) == ("missed", "missed")


def test_the_page_offers_no_decision_to_who_may_not(al: Person, daily: Schedule) -> None:
    recent(daily, 1, "missed", "operator")
    page = visitor(al).get("/reports/missed/").content.decode()
    assert "Morning look" in page
    assert 'name="pick"' not in page
