"""Changes to runs."""

from procedures.actions.confirm import confirm_step
from procedures.actions.evidence import keep_evidence
from procedures.actions.pinned import it_happened
from procedures.actions.presence import be_here
from procedures.actions.reports import report_step, resolve_report
from procedures.actions.review import set_review
from procedures.actions.runs import abandon_run, add_note, complete_run, start_run
from procedures.actions.steps import answer_step, keep_late_answer, keep_late_reason, undo_step

__all__ = [
    "abandon_run",
    "add_note",
    "answer_step",
    "be_here",
    "complete_run",
    "confirm_step",
    "it_happened",
    "keep_evidence",
    "keep_late_answer",
    "keep_late_reason",
    "report_step",
    "resolve_report",
    "set_review",
    "start_run",
    "undo_step",
]
