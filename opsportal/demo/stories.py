"""What happened in each run of the demo's month: who, when, which answers. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from opsportal.demo import draw
from opsportal.demo.history import NO_PHASE, Answer, Answers, Routine, Special, Started
from procedures.models import Procedure, Run, Step, StepState

SATURDAY = 5
NOT_SPECIAL = Special(name="", service="", procedure="")


@dataclass(frozen=True, slots=True)
class Checklist:
    """A procedure with the top-level steps of its version, by phase label and number in it; `manager` excuses skips."""

    procedure: Procedure
    steps: dict[tuple[str, int], Step]
    manager: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A planned time: its key and date, the moment it is for, and the moment it must be finished."""

    key: str
    day: date
    opens_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A step as somebody left it."""

    step: Step
    state: str
    value: str
    note: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """One run. People are user names; a run nobody started has no `who`."""

    checklist: Checklist
    state: str
    slot: Slot | None = None
    who: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    note: str = ""
    summary: str = ""
    taken: list[Taken] = field(default_factory=list)

    @property
    def place(self) -> tuple[int, str]:
        """Procedure and key of the slot: what there is one run for. The key is empty for a run out of turn."""
        return self.checklist.procedure.pk, self.slot.key if self.slot else ""


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells runs as seen from one day, in one zone, with one seed."""

    seed: int
    today: date
    zone: ZoneInfo

    def routine(self, plan: Routine, checklist: Checklist, slot: Slot, special: Special | None = None) -> Story:
        """The run for a slot: by the plan, or as the special case has it where it says so."""
        random = draw.source(self.seed, plan.service, plan.procedure, slot.day)
        special = special or NOT_SPECIAL
        planned = special is NOT_SPECIAL
        if special.outcome != "done" or (planned and draw.happens(plan.missed, random)):
            return _not_done(checklist, slot, special)
        usual = plan.weekend if plan.weekend and slot.day.weekday() >= SATURDAY else plan.who
        who = special.who or draw.choice(usual, random)
        started, ended = self._times(plan, slot, special, random)
        answers = self._answers(plan, checklist, special, slot.day, random)
        note = draw.choice(dict.fromkeys(plan.notes, 1), random) if draw.happens(plan.note_share, random) else ""
        return Story(
            checklist,
            Run.State.COMPLETED,
            slot,
            who,
            started,
            ended,
            who,
            note=note if planned else special.note,
            taken=_taken(checklist, answers, who, started, ended, random),
        )

    def emergency(self, special: Special, checklist: Checklist) -> Story:
        day = self.today - timedelta(days=special.days_ago)
        random = draw.source(self.seed, special.service, special.procedure, day)
        started = self._local(day, special.start)
        ended = started + timedelta(minutes=special.minutes)
        return Story(
            checklist,
            Run.State.COMPLETED,
            None,
            special.who,
            started,
            ended,
            special.who,
            summary=special.note,
            taken=_taken(checklist, special.answers, special.who, started, ended, random),
        )

    def in_progress(self, entry: Started, checklist: Checklist, slot: Slot | None, now: datetime) -> Story:
        """A run that is open at `now`; steps without an answer are still to do."""
        random = draw.source(self.seed, entry.service, entry.procedure, "open")
        started = now - timedelta(minutes=entry.started_minutes_ago)
        answered = {place: step for place, step in checklist.steps.items() if _answer(entry.answers, place)}
        part = Checklist(checklist.procedure, answered, checklist.manager)
        taken = _taken(part, entry.answers, entry.who, started, now, random)
        return Story(checklist, Run.State.OPEN, slot, entry.who, started, taken=taken)

    def _local(self, day: date, at: str) -> datetime:
        return datetime.combine(day, time.fromisoformat(at), tzinfo=self.zone).astimezone(UTC)

    def _times(self, plan: Routine, slot: Slot, special: Special, random: Random) -> tuple[datetime, datetime]:
        usual = self._local(slot.day, plan.start) + timedelta(minutes=random.gauss(0, plan.start_spread))
        drawn = max(random.gauss(plan.minutes, plan.minutes_spread), plan.minutes / 2)
        took = timedelta(minutes=special.minutes or drawn)
        started = self._local(slot.day, special.start) if special.start else max(usual, slot.opens_at)
        if special is NOT_SPECIAL and draw.happens(plan.late, random):
            started = slot.due_at + timedelta(minutes=random.uniform(5, max(plan.late_by, 5))) - took
        return started, started + took

    def _answers(self, plan: Routine, checklist: Checklist, special: Special, day: date, random: Random) -> Answers:
        ago = (self.today - day).days
        skipping = special is NOT_SPECIAL and draw.happens(plan.skip_share, random)
        skip = random.choice(plan.skips) if skipping else None
        answers: Answers = {}
        for count, (label, number) in enumerate(checklist.steps, 1):
            rule = plan.values.get(count)
            value = draw.value(rule, random, ago) if rule else ""
            given = _answer(special.answers, (label, number))
            if skip and count == skip.step:
                given = Answer(state=StepState.SKIPPED, reason=skip.reason)
            answers.setdefault(label, {})[number] = _filled(given or Answer(), value)
        return answers


def _not_done(checklist: Checklist, slot: Slot, special: Special) -> Story:
    """Missed; or excused by a manager some hours before, with the reason."""
    if special.outcome != "excused":
        return Story(checklist, Run.State.MISSED, slot, summary=special.reason)
    excused_at = slot.opens_at - timedelta(hours=7)
    return Story(
        checklist,
        Run.State.MISSED,
        slot,
        ended_at=excused_at,
        ended_by=special.by,
        summary=f"Excused: {special.reason}",
    )


def _filled(answer: Answer, value: str) -> Answer:
    """With the drawn value, unless the answer has its own or the step was not done."""
    if answer.value != "" or answer.state not in (StepState.DONE, StepState.FAILED):
        return answer
    return Answer(answer.state, value, answer.note, answer.reason, answer.who)


def _answer(answers: Answers, place: tuple[str, int]) -> Answer | None:
    label, number = place
    return answers.get(label, {}).get(number)


def _taken(
    checklist: Checklist, answers: Answers, who: str, started: datetime, ended: datetime, random: Random
) -> list[Taken]:
    """Every step of the checklist, answered in order between the two times."""
    parts = draw.moments(len(checklist.steps), random)
    taken = []
    for part, (place, step) in zip(parts, checklist.steps.items(), strict=True):
        answer = _answer(answers, place) or Answer()
        at = started + (ended - started) * part
        note = answer.reason or answer.note
        taken.append(Taken(step, answer.state, str(answer.value), note, answer.who or who, at))
    return taken


def label_of(step: Step) -> str:
    return step.phase.title if step.phase else NO_PHASE
