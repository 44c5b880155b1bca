"""Where one can go and what one can do from anywhere: for the command menu, the search, the keys and the help."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse

from contacts.access import can
from contacts.models import Person
from opsportal.lib.words import words_of


@dataclass(frozen=True, slots=True)
class Place:
    """A page (`name` of its address, `anchor` on it) or, with `theme`, a change of looks. `key` follows g."""

    title: str
    name: str
    words: str = ""
    key: str = ""
    permission: str = "portal.read"
    anchor: str = ""
    detail: str = ""
    theme: str | None = None

    @property
    def href(self) -> str:
        return f"{reverse(self.name)}{'#' if self.anchor else ''}{self.anchor}"

    def rank(self, text: str) -> int:
        """How well a text fits, as `search.Hit` has it; 0: not at all."""
        title, words, whole = self.title.lower(), words_of(text), text.strip().lower()
        named, known = words_of(title), words_of(f"{title} {self.words}", most=50)
        if not words or not _all_begin(words, known):
            return 0
        if title == whole:
            return 4
        return 3 if title.startswith(whole) else 2 if _all_begin(words, named) else 1


def _all_begin(words: Iterable[str], known: Collection[str]) -> bool:
    """Whether each of the words is the beginning of a known one."""
    return all(any(other.startswith(word) for other in known) for word in words)


PLACES = (
    Place("Today", "today", "home overdue due runs checklists", "t"),
    Place("Services", "services", "catalogue runbooks list", "s"),
    Place("Contacts and escalation", "contacts", "whom to call phone on-call oncall l1 l2 people", "c"),
    Place("Known issues", "issues", "symptom troubleshooting error", "k"),
    Place("Operations log", "log", "notes anomalies events history", "l"),
    Place("Changes waiting for approval", "proposals", "proposal revision approve diff", "p"),
    Place("Audit log", "audit", "trail verify who did", "a", "audit.read"),
    Place("People and teams", "people", "logins roles administrators users", "", "portal.manage"),
    Place("Delivery log", "deliveries", "messages mail sent lost failed outbox"),
    Place("Notifications", "notifications", "channels e-mail chat slack webhook reminders"),
    Place("Settings", "settings", "theme density time zone keys tokens api sessions password profile", ","),
    Place("Help", "help", "keys shortcuts how", ""),
)
ACTIONS = (
    Place("Start emergency", "emergency", "incident alarm outage page down"),
    Place("Write a note into the log", "log", "new add entry anomaly", "", "run.work", "add"),
    Place("Import a runbook", "import", "markdown upload paste", "", "runbook.edit"),
    Place("New service", "service_new", "add create", "", "runbook.edit"),
    Place("New person", "person_new", "add create login user", "", "portal.manage"),
    Place("Create an API token", "settings", "new script key", "", "portal.read", "tokens"),
    Place("Change the password", "account_change_password", "login security"),
    Place("Dark theme", "theme", "switch looks night colours", theme="dark"),
    Place("Light theme", "theme", "switch looks day colours", theme="light"),
    Place("Theme as the system", "theme", "switch looks dark light colours auto", theme=""),
    Place("Log out", "account_logout", "leave sign off exit"),
)
TOPICS = (
    Place("Keys", "help", "shortcuts keyboard", anchor="keys"),
    Place("Keys in a run", "help", "shortcuts keyboard tick done skip", anchor="runkeys"),
    Place("How a run works", "help", "checklist tick skip fail undo complete evidence", anchor="runs"),
    Place("Runbooks: import, edit, download", "help", "markdown revision version approval", anchor="runbooks"),
    Place("Readiness", "help", "score lint missing gaps quality", anchor="readiness"),
    Place("Emergencies", "help", "time box count-down phases read-do", anchor="emergencies"),
    Place("Phone numbers and who sees them", "help", "contact reveal masked privacy audit", anchor="numbers"),
    Place("When the clockwork is silent", "help", "schedules not running worker beat health", anchor="clockwork"),
    Place("The API", "help", "rest token schema openapi scripts", anchor="api"),
)


def places_for(person: Person) -> Iterator[Place]:
    """The pages that the person may open from anywhere."""
    return (place for place in PLACES if can(person, place.permission))


def actions_for(person: Person) -> Iterator[Place]:
    """What the person may do from anywhere."""
    return (action for action in ACTIONS if can(person, action.permission))


def help_about() -> tuple[Place, ...]:
    """The topics of the help page, each with its anchor there."""
    return TOPICS


def keys_for(person: Person) -> dict[str, str]:
    """The address behind each letter that follows g."""
    return {place.key: place.href for place in places_for(person) if place.key}
