"""What every record of a runbook has in common."""

from __future__ import annotations

from typing import Any

from django.db import models


class RunbookRecord(models.Model):
    """A row that stands for a piece of the runbook document.

    `source_key` names the piece in the active revision's source ("" for a record made in the portal and not yet
    written back); `position` is its place among its siblings; `extra` keeps cells of columns without a role.
    """

    source_key = models.CharField(max_length=40, blank=True, default="", editable=False)
    position = models.PositiveIntegerField(default=0)
    extra: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True


def not_empty(field: str, name: str) -> models.CheckConstraint:
    """A constraint that `field` holds some text."""
    return models.CheckConstraint(condition=~models.Q(**{field: ""}), name=name)
