"""Complete, stop, annotate a run, and what happens after its end."""

from __future__ import annotations

from uuid import uuid4

from contacts.models import Person
from procedures.models import Run, RunNote, StepEvent
from tests.factories import answer, make_completed_run, make_run, steps_of, visitor
from tests.flows.sending import take_back, text, tick


def complete(run: Run, person: Person) -> int:
    status: int = visitor(person).post(f"/runs/{run.pk}/complete/", {"summary": "calm"}).status_code
    return status


def state_of(run: Run) -> str:
    return Run.objects.get(pk=run.pk).state


def answer_all(run: Run, person: Person) -> None:
    for step in steps_of(run):
        answer(step, person, value="7")


def test_the_last_tick_does_not_complete_a_run_but_completing_does_once(run: Run, ada: Person, bo: Person) -> None:
    answer_all(run, ada)
    assert state_of(run) == "open"
    assert complete(run, ada) == 302
    assert complete(run, bo) == 302
    ended = Run.objects.get(pk=run.pk)
    assert (ended.state, ended.ended_by, ended.summary) == ("completed", ada, "calm")


def test_a_run_is_not_completed_while_a_step_is_open_or_skipped(run: Run, ada: Person, mia: Person) -> None:
    answer_all(run, ada)
    last = steps_of(run)[-1]
    take_back(last, ada)
    refused = visitor(ada).post(f"/runs/{run.pk}/complete/", {"summary": "typed already"})
    assert refused.status_code == 409
    assert 'value="typed already"' in text(refused)
    tick(last, ada, "skipped", note="locked")
    assert complete(run, ada) == 409
    tick(last, mia, "excused", note="fine")
    assert complete(run, ada) == 302
    assert state_of(run) == "completed"


def test_a_run_is_stopped_only_with_a_reason_which_is_asked_for_in_place(run: Run, ada: Person) -> None:
    refused = visitor(ada).post(f"/runs/{run.pk}/stop/", {"summary": " "})
    assert refused.status_code == 422
    assert "Say why the run is stopped" in text(refused)
    assert visitor(ada).post(f"/runs/{run.pk}/stop/", {"summary": "wrong day"}).status_code == 302
    assert state_of(run) == "abandoned"


def test_an_answer_after_the_end_is_a_conflict_and_kept_as_a_late_note(run: Run, ada: Person, bo: Person) -> None:
    number = steps_of(run)[1]
    visitor(ada).post(f"/runs/{run.pk}/stop/", {"summary": "fire drill"})
    op = str(uuid4())
    for _ in range(2):
        refused = tick(number, bo, op=op, value="61", note="looked at it")
        assert refused.status_code == 409
        assert "This run has ended" in text(refused)
        assert "kept as a late note" in text(refused)
    note = RunNote.objects.get()
    assert (note.text, note.person, note.late) == ("Step 2: Done, 61, looked at it", bo, True)
    number.refresh_from_db()
    assert (number.state, StepEvent.objects.count()) == ("todo", 0)


def test_without_javascript_the_late_note_stands_on_the_page(run: Run, ada: Person, bo: Person) -> None:
    visitor(ada).post(f"/runs/{run.pk}/stop/", {"summary": "fire drill"})
    refused = tick(steps_of(run)[0], bo, "failed", htmx=False, note="door is stuck")
    assert refused.status_code == 409
    assert "Step 1: Failed, door is stuck" in text(refused)


def test_an_undo_after_the_end_changes_nothing(run: Run, ada: Person) -> None:
    answer_all(run, ada)
    complete(run, ada)
    first = steps_of(run)[0]
    assert take_back(first, ada).status_code == 409
    assert steps_of(run)[0].state == "done"


def test_the_reason_of_an_undo_after_the_end_is_kept_as_a_late_note(run: Run, ada: Person) -> None:
    answer_all(run, ada)
    complete(run, ada)
    op = str(uuid4())
    for _ in range(2):
        refused = take_back(steps_of(run)[1], ada, op=op, note="read the wrong board")
        assert refused.status_code == 409
        assert "Your reason is kept as a late note" in text(refused)
    note = RunNote.objects.get()
    assert (note.text, note.late) == ("Step 2, to be taken back: read the wrong board", True)


def test_a_note_after_the_end_is_marked_late_and_kept_once(run: Run, ada: Person) -> None:
    op = str(uuid4())
    visitor(ada).post(f"/runs/{run.pk}/stop/", {"summary": "over"})
    for _ in range(2):
        sent = visitor(ada).post(f"/runs/{run.pk}/notes/", {"op": op, "note": "forgot to say"})
        assert sent.status_code == 302
    assert RunNote.objects.get().late
    assert "forgot to say" in text(visitor(ada).get(f"/runs/{run.pk}/"))


def test_a_note_that_cannot_be_kept_comes_back_with_its_text(run: Run, ada: Person) -> None:
    refused = visitor(ada).post(f"/runs/{run.pk}/notes/", {"op": "no-id", "note": "long thoughts"})
    assert refused.status_code == 422
    assert "long thoughts</textarea>" in text(refused)
    assert "reload the page" in text(refused)
    assert visitor(ada).post(f"/runs/{run.pk}/notes/", {"op": str(uuid4()), "note": " "}).status_code == 422


def test_a_viewer_and_another_team_may_look_but_not_note_or_end(run: Run, vi: Person, zoe: Person) -> None:
    for person in (vi, zoe):
        assert visitor(person).get(f"/runs/{run.pk}/").status_code == 200
        for path in ("notes", "complete", "stop"):
            data = {"op": str(uuid4()), "note": "x", "summary": "x"}
            assert visitor(person).post(f"/runs/{run.pk}/{path}/", data).status_code == 403
    assert state_of(run) == "open"


def test_the_values_of_the_last_completed_run_stand_beside_the_open_steps(run: Run, ada: Person) -> None:
    make_completed_run(run.procedure, ada)
    later = make_run(run.procedure, ada)
    assert "last 7" in text(visitor(ada).get(f"/runs/{later.pk}/"))
