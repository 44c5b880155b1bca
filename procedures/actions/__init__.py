"""Changes to runs."""

from procedures.actions.runs import abandon_run, add_note, complete_run, start_run
from procedures.actions.steps import answer_step, keep_late_answer, undo_step

__all__ = ["abandon_run", "add_note", "answer_step", "complete_run", "keep_late_answer", "start_run", "undo_step"]
