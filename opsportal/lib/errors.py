"""Errors that are sentences for a person."""

from __future__ import annotations


class ActionError(Exception):
    """An action refuses; `message` says why and what to do. `status` is the HTTP status a door answers with."""

    message = "This is not possible."
    status = 422

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.message)

    def __str__(self) -> str:
        return str(self.args[0])


class Conflict(ActionError):
    """Somebody else was faster, or the thing has changed meanwhile."""

    message = "This was changed meanwhile. Look at it again."
    status = 409
