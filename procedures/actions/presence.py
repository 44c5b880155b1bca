"""Note that somebody has a run's page open."""

from __future__ import annotations

from datetime import datetime

from contacts.models import Person
from procedures.models import Presence, Run


def be_here(*, run: Run, person: Person, step: int | None, now: datetime) -> None:
    """Write that the person is in the run at `now`, at the run step with that id. No audit: it is gone in seconds."""
    Presence.objects.bulk_create(
        [Presence(run=run, person=person, step_id=step, at=now)],
        update_conflicts=True,
        unique_fields=["run", "person"],
        update_fields=["step", "at"],
    )
