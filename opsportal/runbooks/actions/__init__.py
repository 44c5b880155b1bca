"""Changes to runbooks: import, edit, approve."""

from opsportal.runbooks.actions.decide import approve, reject
from opsportal.runbooks.actions.drafts import drop_draft, keep_draft
from opsportal.runbooks.actions.edit import create_service, revise, set_service
from opsportal.runbooks.actions.imports import Imported, Preview, import_runbook, preview

__all__ = [
    "Imported",
    "Preview",
    "approve",
    "create_service",
    "drop_draft",
    "import_runbook",
    "keep_draft",
    "preview",
    "reject",
    "revise",
    "set_service",
]
