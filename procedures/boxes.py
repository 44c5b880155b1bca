"""The time boxes of an emergency: prompts that never hide, jump or tick anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contacts.models import EscalationLevel
from procedures.models import Phase, Run
from procedures.selectors import Row, Sheet

HOUR, MINUTE = 3600, 60


@dataclass(frozen=True, slots=True)
class Box:
    """A phase with the time it is to be done in; `left` counts its steps that are open or skipped."""

    phase: Phase
    label: str
    begins: datetime
    until: datetime | None
    left: int
    current: bool
    now: datetime

    @property
    def over(self) -> bool:
        return self.until is not None and self.now >= self.until and self.left > 0

    @property
    def begun(self) -> bool:
        return self.now >= self.begins


def boxes_of(sheet: Sheet, now: datetime) -> list[Box]:
    """The phases of an emergency with their times; empty for other procedures and where no phase has a time."""
    run = sheet.run
    groups = [(phase, rows) for phase, rows in sheet.groups() if phase is not None]
    timed = any(phase.to_seconds is not None for phase, _ in groups)
    if not timed or run.started_at is None or not run.procedure.is_emergency or not run.is_open:
        return []
    return [_box(run.started_at, phase, rows, now) for phase, rows in groups]


def with_levels(boxes: Sequence[Box], run: Run) -> list[tuple[Box, EscalationLevel | None]]:
    """The boxes that end, each with the level to escalate to when it is over: the first box leads to the second
    level, and so on to the last. One query; the level is None where the runbook names none."""
    ending = [box for box in boxes if box.until is not None]
    if not ending:
        return []
    directory = run.procedure.service.directory_id
    levels = list(
        EscalationLevel.objects.filter(directory=directory)
        .select_related("contact_role__person")
        .order_by("position")[: len(ending) + 1]
    )
    last = len(levels) - 1
    return [(box, levels[min(place, last)] if levels else None) for place, box in enumerate(ending, 1)]


def _box(started: datetime, phase: Phase, rows: Sequence[Row], now: datetime) -> Box:
    until = None if phase.to_seconds is None else started + timedelta(seconds=phase.to_seconds)
    return Box(
        phase=phase,
        label=label_of(phase),
        begins=started + timedelta(seconds=phase.from_seconds or 0),
        until=until,
        left=sum(row.open for row in rows),
        current=any(row.current for row in rows),
        now=now,
    )


def label_of(phase: Phase) -> str:
    """“0–5 min”, “15+ min”; the title of a phase without a time."""
    start, end = phase.from_seconds or 0, phase.to_seconds
    if end is None and not start:
        return phase.title
    size, unit = (HOUR, "h") if all(part % HOUR == 0 for part in (start, end or 0)) else (MINUTE, "min")
    return f"{start / size:g}+ {unit}" if end is None else f"{start / size:g}–{end / size:g} {unit}"
