"""Start, annotate and end a run."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from contacts.models import Person
from opsportal.audit.trail import record
from opsportal.lib.errors import ActionError, Conflict
from opsportal.lib.prepared import Given, Prepared, PreparedUpdate
from procedures.actions import occurrences
from procedures.models import Procedure, Run, RunNote, RunStep, Step, StepState
from procedures.trials import version_in_use

LOCK = Prepared(lambda: Run.objects.select_for_update().filter(pk=Given("run")).values_list("pk"))
TOUCH = PreparedUpdate(lambda: Run.objects.filter(pk=Given("run")), edited=F("edited") + 1)


class NothingToDo(ActionError):
    message = "This procedure has no steps yet; write them first."


class AlreadyRunning(Conflict):
    message = "Somebody has started this run already."


class StepsOpen(Conflict):
    message = "The run cannot be completed yet: answer or excuse every open and skipped step first."


class SecondPersonMissing(Conflict):
    message = "The run cannot be completed yet: a second person has still to confirm a step."


class RunEnded(Conflict):
    message = "This run has ended; start a new one to change it."


class Retired(Conflict):
    message = "The runbook no longer has this procedure; its runs are kept, but no new one can be started."


class OpUsed(Conflict):
    message = "This form was sent before with something else in it, which stands. Look at it, then send this again."


def start_run(
    *,
    procedure: Procedure,
    person: Person,
    now: datetime,
    planned: Run | None = None,
    same_within: timedelta = timedelta(),
    practice: bool = False,
) -> Run:
    """Start a run, or the planned one that is given, of the version in use (`trials.version_in_use`).

    A `practice` run, a dry run, is one of the current version, and counts nowhere.

    A second start by the same person less than `same_within` after the first is taken for the same click and gives
    the same run. Raises NothingToDo without steps, AlreadyRunning when the planned run was started by somebody else,
    Retired when the runbook has lost the procedure, Untried when its service asks for a dry run first.
    """
    if procedure.retired_at is not None:
        raise Retired
    with transaction.atomic():
        if (
            planned is None
            and same_within
            and (started := _just_started(procedure, person, now - same_within, practice))
        ):
            return started
        version = procedure.current_version if practice else version_in_use(procedure)
        steps = list(Step.objects.filter(version=version, parent=None).order_by("position")) if version else []
        if version is None or not steps:
            raise NothingToDo
        if planned is None:
            run = Run.objects.create(
                procedure=procedure, version=version, started_at=now, started_by=person, practice=practice
            )
        else:
            run = _claim(planned, version_id=version.pk, person=person, now=now)
            occurrences.begin(run, now=now)
        RunStep.objects.bulk_create([RunStep(run=run, step=step, pinned=step.answer.pinned) for step in steps])
        verb = "run.practised" if practice else "run.started"
        record(verb=verb, subject=run, actor=person, now=now, procedure=procedure.pk, version=version.number)
    return run


def _just_started(procedure: Procedure, person: Person, since: datetime, practice: bool) -> Run | None:
    """The person's open run of the procedure that is not older; the lock makes two starts at once queue here."""
    Procedure.objects.select_for_update().only("pk").get(pk=procedure.pk)
    runs = Run.objects.open().filter(procedure=procedure, started_by=person, started_at__gt=since, practice=practice)
    return runs.order_by("-started_at").first()


def _claim(planned: Run, *, version_id: int, person: Person, now: datetime) -> Run:
    claimed = Run.objects.filter(pk=planned.pk, state__in=[Run.State.PLANNED, Run.State.MISSED]).update(
        state=Run.State.OPEN, version_id=version_id, started_at=now, started_by=person, edited=F("edited") + 1
    )
    if not claimed:
        raise AlreadyRunning
    return Run.objects.get(pk=planned.pk)


def complete_run(*, run: Run, person: Person, now: datetime, summary: str = "") -> bool:
    """End the run as completed; False if it had ended already.

    Raises StepsOpen while a step is open or skipped, SecondPersonMissing while one waits for its confirmation.
    """
    with transaction.atomic():
        lock(run)
        if Run.objects.open().filter(pk=run.pk).exists():
            _check_answered(run)
        return _end(run, Run.State.COMPLETED, person, now, summary)


def _check_answered(run: Run) -> None:
    steps = RunStep.objects.filter(run=run, pinned=False)
    if steps.filter(state__in=[StepState.TODO, StepState.SKIPPED]).exists():
        raise StepsOpen
    unconfirmed = steps.filter(state=StepState.DONE, confirmed_at=None).select_related("step")
    if any(step.waits for step in unconfirmed):
        raise SecondPersonMissing


def abandon_run(*, run: Run, person: Person, now: datetime, summary: str) -> bool:
    """Stop the run unfinished, with a reason; False if it had ended already."""
    if not summary.strip():
        raise ActionError("Say why the run is stopped.")
    with transaction.atomic():
        lock(run)
        return _end(run, Run.State.ABANDONED, person, now, summary)


def _end(run: Run, state: str, person: Person, now: datetime, summary: str) -> bool:
    ended = (
        Run.objects.open()
        .filter(pk=run.pk)
        .update(state=state, ended_at=now, ended_by=person, summary=summary.strip(), edited=F("edited") + 1)
    )
    if ended:
        if state == Run.State.COMPLETED:
            occurrences.finish(run, person=person, now=now)
        else:
            occurrences.give_back(run, person=person, now=now)
        record(verb=f"run.{state}", subject=run, actor=person, now=now, summary=summary.strip())
    return bool(ended)


def add_note(*, run: Run, person: Person, text: str, op: UUID, now: datetime) -> RunNote:
    """Write a note to the run; the same `op` again returns the note it made. After the end it is marked late.

    Raises OpUsed when that `op` has made another note: nothing typed may vanish.
    """
    if not text.strip():
        raise ActionError("The note is empty.")
    with transaction.atomic():
        lock(run)
        late = not Run.objects.open().filter(pk=run.pk).exists()
        note, made = RunNote.objects.get_or_create(
            op=op, defaults={"run": run, "person": person, "at": now, "text": text.strip(), "late": late}
        )
        if made:
            touch(run)
            record(verb="run.noted", subject=run, actor=person, now=now, text=note.text)
        elif (note.run_id, note.text) != (run.pk, text.strip()):
            raise OpUsed
    return note


def lock(run: Run) -> None:
    """Take the run's row lock, so that ticks, notes and the end of a run stand in one order."""
    if not LOCK.rows(run=run.pk):
        raise Run.DoesNotExist


def touch(run: Run) -> None:
    TOUCH.run(run=run.pk)
