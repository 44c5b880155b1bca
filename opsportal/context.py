"""What the frame of every page shows, read only where a page has a frame."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, Exists
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property

from contacts.access import can
from contacts.actions import person_of
from contacts.models import Message, Person, Team
from opsportal.clockwork import Loop, loops
from opsportal.health import silent
from opsportal.lib.prepared import Given, HowMany, Prepared
from opsportal.models import Heartbeat
from opsportal.selectors.places import keys_for
from opsportal.tasks import beat
from procedures.models import Run

THEMES = ("light", "dark")
DENSITIES = ("compact", "comfortable")


WAITING = Prepared(
    lambda: (
        Run.objects.unfinished()
        .counted()
        .due_now(Given("now", DateTimeField()))
        .of_given_teams()
        .values_list(HowMany())
    )
)


class Frame:
    """The reader, what waits for them, whom to call, and whether the clockwork runs."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def person(self) -> Person | None:
        known: Person | None = getattr(self._request, "person", None)
        if known is not None:
            return known
        return person_of(self._request.user) if self._request.user.is_authenticated else None

    @cached_property
    def team(self) -> Team | None:
        """The reader's first team; its line is the emergency number."""
        return next((membership.team for membership in self.person.member_of), None) if self.person else None

    @cached_property
    def waiting(self) -> int:
        """Runs of the reader's teams that are open or due now."""
        if self.person is None:
            return 0
        ((waiting,),) = WAITING.rows(now=timezone.now(), teams=list(self.person.roles))
        return int(waiting)

    @cached_property
    def _signs(self) -> list[tuple[str, datetime, str, bool]]:
        """The heartbeats with what was found, each with whether a message was lost: one question to the database."""
        lost = Exists(Message.objects.lost())
        return list(Heartbeat.objects.annotate(lost=lost).values_list("component", "at", "detail", "lost"))

    @property
    def _heard(self) -> dict[str, datetime]:
        return {component: at for component, at, _, _ in self._signs}

    @property
    def alarms(self) -> list[str]:
        """What the watch found due and untouched, or unable to be done."""
        return [line for _, _, detail, _ in self._signs for line in detail.splitlines()]

    @property
    def undelivered(self) -> bool:
        """Whether a message was lost of which nobody has taken note, for those who can do something about it."""
        lost = any(lost for *_, lost in self._signs)
        return lost and self.person is not None and can(self.person, "delivery.manage")

    @property
    def clockwork(self) -> datetime | None:
        return self._heard.get(beat.name)

    @cached_property
    def loops(self) -> list[Loop]:
        """Every loop of the clockwork, the heartbeat among them."""
        return loops(self._heard, timezone.now())

    @property
    def late_loops(self) -> list[Loop]:
        """Loops of the minute that have not run for too long, while the clockwork as a whole does."""
        return [loop for loop in self.loops if loop.late and loop.often]

    @property
    def clockwork_silent(self) -> bool:
        return silent(self.clockwork, timezone.now())

    @property
    def may_edit(self) -> bool:
        return self.person is not None and can(self.person, "runbook.edit")

    @property
    def may_audit(self) -> bool:
        return self.person is not None and can(self.person, "audit.read")

    @property
    def may_report(self) -> bool:
        return self.person is not None and can(self.person, "report.read")

    @property
    def may_manage(self) -> bool:
        return self.person is not None and can(self.person, "portal.manage")

    @property
    def theme(self) -> str:
        chosen = self._request.COOKIES.get("theme", "")
        return chosen if chosen in THEMES else ""

    @property
    def density(self) -> str:
        chosen = self._request.COOKIES.get("density", "")
        return chosen if chosen in DENSITIES else ""

    @property
    def keys(self) -> bool:
        """Whether single-key shortcuts are on."""
        return self._request.COOKIES.get("keys", "on") != "off"

    @property
    def go(self) -> str:
        """The address behind each letter that follows g, as JSON."""
        return json.dumps(keys_for(self.person), separators=(",", ":")) if self.person else "{}"


def frame(request: HttpRequest) -> dict[str, Any]:
    return {"frame": Frame(request)}
