"""What a browser sends from a run page."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import HttpResponseBase

from contacts.models import Person
from procedures.models import RunStep
from tests.factories import HTMX, visitor


def tick(step: RunStep, person: Person, state: str = "done", *, htmx: bool = True, **fields: Any) -> HttpResponseBase:
    """Send the answer form of a step; `op` is fresh unless given."""
    data = {"op": str(uuid4()), "state": state, **fields}
    path = f"/runs/{step.run_id}/steps/{step.pk}/answer/"
    return visitor(person).post(path, data, headers=HTMX if htmx else {})


def take_back(step: RunStep, person: Person, **fields: Any) -> HttpResponseBase:
    """Send the undo form of a step."""
    data = {"op": str(uuid4()), **fields}
    return visitor(person).post(f"/runs/{step.run_id}/steps/{step.pk}/undo/", data, headers=HTMX)


def text(response: Any) -> str:
    """The body of a response, whatever the test client calls its class."""
    return str(response.content.decode())
