"""Write told runs to the database in bulk: the rows and audit events that the actions would have written one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from contacts.models import Person
from opsportal.audit.trail import Happening
from opsportal.demo import draw, occurrences
from opsportal.demo.stories import Story, Taken
from procedures.models import Run, RunNote, RunStep, StepEvent, StepState

BATCH = 1000
People = dict[str, Person]


@dataclass(slots=True)
class Change:
    """One change of a step, as `procedures.actions.answer_step` makes it."""

    taken: Taken
    before: str
    after: str
    value: str
    person: Person
    at: datetime


def write(stories: Iterable[Story], people: People, seed: int) -> list[Happening]:
    """Insert the runs with steps, events and notes; the occurrences of their slots say what became of them.

    Returns what belongs in the audit trail, oldest first.
    """
    random = draw.source(seed, "operations")
    told = [(story, _run(story, people)) for story in stories]
    occurrences.tell(run for _, run in told)
    Run.objects.bulk_create((run for _, run in told), batch_size=BATCH)
    changes = [(run, list(_changes(story, people))) for story, run in told]
    steps = {(run.pk, step.step_id): step for story, run in told for step in _run_steps(story, run)}
    _write_steps(steps, changes, random)
    notes = [_note(story, run, people, _operation(random)) for story, run in told if story.note]
    RunNote.objects.bulk_create(notes, batch_size=BATCH)
    happenings = [happening for run, made in changes for happening in _audit(run, made)]
    happenings += [Happening("run.noted", note.run, note.person, note.at, {"text": note.text}) for note in notes]
    return sorted(happenings, key=lambda happening: happening.at)


def _write_steps(
    steps: dict[tuple[int, int], RunStep], changes: list[tuple[Run, list[Change]]], random: Random
) -> None:
    """Each step with its last state, and an event for each change; `steps` by run and step."""
    pairs = [(steps[run.pk, change.taken.step.pk], change) for run, made in changes for change in made]
    for step, change in pairs:
        _apply(step, change)
    RunStep.objects.bulk_create(steps.values(), batch_size=BATCH)
    events = [_event(step, change, _operation(random)) for step, change in pairs]
    StepEvent.objects.bulk_create(events, batch_size=BATCH)


def _run(story: Story, people: People) -> Run:
    run = Run(procedure=story.checklist.procedure, version=story.checklist.procedure.current_version, state=story.state)
    if story.slot:
        run.slot, run.opens_at, run.due_at = story.slot.key, story.slot.opens_at, story.slot.due_at
    run.summary = story.summary
    run.started_at, run.started_by = story.started_at, people.get(story.who)
    run.ended_at, run.ended_by = story.ended_at, people.get(story.ended_by)
    run.edited = len(story.taken) + bool(story.note) + bool(story.ended_at)
    return run


def _run_steps(story: Story, run: Run) -> Iterator[RunStep]:
    if story.started_at:
        yield from (RunStep(run=run, step=step, pinned=step.answer.pinned) for step in story.checklist.steps.values())


def _changes(story: Story, people: People) -> Iterator[Change]:
    """The answers in order; before a run ends, a manager excuses what was skipped."""
    for taken in story.taken:
        yield Change(taken, StepState.TODO, taken.state, taken.value, people[taken.who], taken.at)
    if story.ended_at is None or not story.taken:
        return
    excused_at = story.ended_at - (story.ended_at - story.taken[-1].at) / 2
    for taken in story.taken:
        if taken.state == StepState.SKIPPED:
            manager = people[story.checklist.manager]
            yield Change(taken, StepState.SKIPPED, StepState.EXCUSED, "", manager, excused_at)


def _apply(step: RunStep, change: Change) -> None:
    step.state, step.value, step.note = change.after, change.value, change.taken.note
    step.person, step.at = change.person, change.at


def _event(step: RunStep, change: Change, op: UUID) -> StepEvent:
    return StepEvent(
        op=op,
        run_step=step,
        before=change.before,
        after=change.after,
        value=change.value,
        note=change.taken.note,
        person=change.person,
        at=change.at,
    )


def _note(story: Story, run: Run, people: People, op: UUID) -> RunNote:
    """A note to the run, written just before its end."""
    at = (story.ended_at or story.taken[-1].at) - timedelta(seconds=20)
    return RunNote(run=run, op=op, person=people[story.who], at=at, text=story.note)


def _operation(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)


def _audit(run: Run, changes: list[Change]) -> Iterator[Happening]:
    if run.started_at:
        data = {"procedure": run.procedure.pk, "version": run.version.number}
        yield Happening("run.started", run, run.started_by, run.started_at, data)
    for change in changes:
        yield Happening(f"step.{change.after}", run, change.person, change.at, _told(change))
    if run.ended_at:
        verb = "run.excused" if run.state == Run.State.MISSED else f"run.{run.state}"
        yield Happening(verb, run, run.ended_by, run.ended_at, {"summary": run.summary})


def _told(change: Change) -> dict[str, str]:
    step = change.taken.step
    return {
        "step": step.number,
        "text": step.text[:250],
        "before": change.before,
        "value": change.value,
        "note": change.taken.note,
    }
