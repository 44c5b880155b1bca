"""What a rule can be refused for."""

from __future__ import annotations

from opsportal.lib.errors import ActionError


class RuleError(ActionError):
    """A schedule that cannot be kept; the message says which part, and what to write instead."""

    message = "This schedule cannot be kept."
