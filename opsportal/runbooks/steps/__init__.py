"""The steps of a procedure while they are edited: rows of a form, and back to the document's steps."""

from opsportal.runbooks.steps.row import Row
from opsportal.runbooks.steps.rows import StepRows

__all__ = ["Row", "StepRows"]
