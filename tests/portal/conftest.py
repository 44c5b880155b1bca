"""A crew with one person of each role, its service and an issue of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from contacts.models import Person, Role, Team
from incidents.models import IssueStep, KnownIssue
from services.models import Service
from tests.factories import make_person, make_service, make_team

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def crew(db: None) -> Team:
    return make_team("Ledger crew")


@pytest.fixture
def roles(crew: Team) -> dict[str, Person]:
    """One person of each role, by role."""
    names = ("Vi Viewer", "Ola Operator", "Ed Editor", "Mia Manager", "Al Admin")
    return {role: make_person(name, role=role, team=crew) for role, name in zip(Role.values, names, strict=True)}


@pytest.fixture
def ola(roles: dict[str, Person]) -> Person:
    return roles[Role.OPERATOR]


@pytest.fixture
def al(roles: dict[str, Person]) -> Person:
    return roles[Role.ADMIN]


@pytest.fixture
def mia(roles: dict[str, Person]) -> Person:
    return roles[Role.MANAGER]


@pytest.fixture
def ledger(crew: Team) -> Service:
    return make_service("Ledger", team=crew)


@pytest.fixture
def jam(ledger: Service) -> KnownIssue:
    """An issue with a running diagnosis and a resolution of two steps, the first with a sub-step."""
    issue = KnownIssue.objects.create(
        service=ledger,
        title="Bookings pile up",
        symptoms="The queue grows\nPeople report late receipts",
        causes="A stuck worker",
        diagnosis="- Look at the queue length\n- Read the worker's log\n```sh\ntail worker.log\n```",
        prevention="Alert on the queue",
    )
    first = IssueStep.objects.create(issue=issue, position=1, text="Stop the worker")
    IssueStep.objects.create(issue=issue, position=2, text="Wait for it to end", parent=first)
    IssueStep.objects.create(issue=issue, position=3, text="Start the worker")
    return issue
