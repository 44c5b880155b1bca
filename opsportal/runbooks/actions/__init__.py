"""Changes to runbooks: import, edit, approve."""

from opsportal.runbooks.actions.decide import approve, reject
from opsportal.runbooks.actions.drafts import drop_draft, keep_draft
from opsportal.runbooks.actions.edit import create_service, revise, set_service
from opsportal.runbooks.actions.imports import Imported, Preview, import_runbook, preview
from opsportal.runbooks.actions.records import Edit, draft_record, remove_record, save_record
from opsportal.runbooks.actions.undo import undo_edit, undoable

__all__ = [
    "Edit",
    "Imported",
    "Preview",
    "approve",
    "create_service",
    "draft_record",
    "drop_draft",
    "import_runbook",
    "keep_draft",
    "preview",
    "reject",
    "remove_record",
    "revise",
    "save_record",
    "set_service",
    "undo_edit",
    "undoable",
]
