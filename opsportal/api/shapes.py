"""The shapes of the answers. Views build them, the schema is made of them. Times are ISO 8601, in UTC."""

from __future__ import annotations

from typing import Any, TypedDict


class TeamRef(TypedDict):
    slug: str
    name: str


class ServiceRow(TypedDict):
    slug: str
    name: str
    version: str
    environment: str
    owner_team: str
    team: TeamRef | None
    readiness: int | None
    url: str


class ServicePage(TypedDict):
    """A page of services by name; `next` is the address of the page after, null on the last."""

    next: str | None
    results: list[ServiceRow]


class FactRow(TypedDict):
    name: str
    value: str


class LinkRow(TypedDict):
    category: str
    label: str
    target: str


class Counts(TypedDict):
    contacts: int
    escalation: int
    severities: int
    metrics: int
    procedures: int
    alerts: int
    known_issues: int
    maintenance_tasks: int
    maintenance_windows: int
    external_dependencies: int
    commands: int


class Addresses(TypedDict):
    contacts: str
    escalation: str
    metrics: str
    procedures: str
    runbook: str
    page: str


class ServiceTexts(TypedDict):
    slug: str
    name: str
    version: str
    environment: str
    owner_team: str
    last_updated: str
    purpose: str
    architecture: str
    service_type: str
    technology_stack: str
    dependencies: str
    dependents: str


class Service(ServiceTexts):
    """A service: the facts of its runbook, how much it holds, where the rest is."""

    oncall_contact: str
    team: TeamRef | None
    readiness: int | None
    missing: list[Any]
    facts: list[FactRow]
    counts: Counts
    links: list[LinkRow]
    needs: list[str]
    needed_by: list[str]
    addresses: Addresses


class PersonRef(TypedDict):
    """Somebody known to the portal who still works here."""

    name: str
    email: str
    phone: str


class ContactRow(TypedDict):
    """A contact as the runbook has it, and the person behind it where that is known."""

    role: str
    name: str
    email: str
    phone: str
    backup: str
    hours: str
    person: PersonRef | None


class Contacts(TypedDict):
    """Whom to reach for a service. `phones` says whether numbers are shown or masked."""

    service: str
    name: str
    phones: str
    contacts: list[ContactRow]


class Reach(TypedDict):
    """Whom a rung of the matrix reaches: the contact it names, completed by what is known of the person."""

    role: str
    name: str
    email: str
    phone: str


class LevelRow(TypedDict):
    """A rung as the runbook has it; `after_seconds` where its text says a time, `reach` where its contact is known."""

    level: str
    contact: str
    when: str
    after_seconds: int | None
    reach: Reach | None


class SeverityRow(TypedDict):
    name: str
    description: str
    response_time: str
    response_seconds: int | None


class Escalation(TypedDict):
    """The escalation matrix of a service, first rung first. `phones` says whether numbers are shown or masked."""

    service: str
    name: str
    phones: str
    levels: list[LevelRow]
    severities: list[SeverityRow]


class MetricRow(TypedDict):
    """A metric as the runbook has it; `rules` is what was understood of its thresholds."""

    name: str
    target: str
    alert: str
    critical: str
    rules: dict[str, Any]


class Metrics(TypedDict):
    service: str
    metrics: list[MetricRow]


class StepRow(TypedDict):
    number: str
    text: str
    expected: str


class ProcedureRow(TypedDict):
    """A procedure with the steps of its current version; `rrule` (RFC 5545) where its frequency was understood."""

    id: int
    category: str
    title: str
    purpose: str
    frequency: str
    rrule: str
    due_time: str | None
    time_zone: str
    duration: str
    duration_seconds: int | None
    response_time: str
    response_seconds: int | None
    version: int | None
    steps: list[StepRow]


class Procedures(TypedDict):
    service: str
    procedures: list[ProcedureRow]


class StepCounts(TypedDict):
    total: int
    answered: int


class RunRow(TypedDict):
    id: int
    service: str
    procedure: str
    procedure_id: int
    version: int
    state: str
    slot: str
    opens_at: str | None
    due_at: str | None
    started_at: str | None
    started_by: str | None
    ended_at: str | None
    ended_by: str | None
    summary: str
    steps: StepCounts
    url: str


class RunPage(TypedDict):
    """A page of runs, newest first; `next` is the address of the page after, null on the last."""

    next: str | None
    results: list[RunRow]


class Mistake(TypedDict):
    pointer: str
    code: str
    detail: str


class ProblemBody(TypedDict):
    """What is wrong, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[Mistake]
