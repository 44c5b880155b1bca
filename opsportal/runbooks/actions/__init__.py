"""Changes to runbooks: import, edit, approve."""

from opsportal.runbooks.actions.decide import approve, reject
from opsportal.runbooks.actions.edit import create_service, revise
from opsportal.runbooks.actions.imports import Imported, Preview, import_runbook, preview

__all__ = ["Imported", "Preview", "approve", "create_service", "import_runbook", "preview", "reject", "revise"]
