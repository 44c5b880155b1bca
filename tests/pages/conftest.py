"""A manager who looks at pages, and how many queries a page takes."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contacts.models import Person, Role, Team
from tests.factories import make_person, make_team, visitor


@pytest.fixture
def crew(db: None) -> Team:
    return make_team()


@pytest.fixture
def mia(crew: Team) -> Person:
    return make_person("Mia Manager", role=Role.MANAGER, team=crew)


@pytest.fixture
def reader(mia: Person) -> Client:
    return visitor(mia)


def queries(client: Client, path: str) -> int:
    """How many statements the page takes, the second time it is asked for."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code == 200, path
    return len(captured)
