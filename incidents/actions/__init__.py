"""Changes around what can go wrong."""

from incidents.actions.issues import start_issue_run

__all__ = ["start_issue_run"]
