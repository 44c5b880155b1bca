"""Steps as the runner will show them, with what the linter says, before anything is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from opsportal.runbooks.document import Problem
from opsportal.runbooks.steps.advice import Advice, advice
from opsportal.runbooks.steps.row import SUBSTEP, Row
from opsportal.runbooks.steps.rows import StepRows
from procedures.answers import Answer, answer_of


@dataclass(frozen=True, slots=True)
class Sight:
    """A row, the number its step will have, what it will ask for, and the findings about it."""

    row: Row
    number: int
    answer: Answer
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class Sights:
    """All rows in order, and the findings about the whole procedure."""

    rows: list[Sight]
    advice: Advice

    def of(self, row: Row) -> Sight | None:
        return next((sight for sight in self.rows if sight.row.rid == row.rid), None)

    @property
    def found(self) -> list[Sight]:
        """The rows with findings."""
        return [sight for sight in self.rows if sight.problems]


def sights(texts: Mapping[str, str], rows: StepRows) -> Sights:
    """Look at the procedure with these texts (column → text) and rows."""
    judged, number, seen = advice(texts, rows), 0, []
    for row in rows.rows:
        number += row.asks
        said = Answer(row.text) if row.kind == SUBSTEP else answer_of(row.words())
        seen.append(Sight(row, number, said, judged.rows.get(row.rid, [])))
    return Sights(seen, judged)
