"""A team with one person of each role, a procedure of three steps, and a run of it."""

from __future__ import annotations

import pytest

from contacts.models import Person, Role, Team
from procedures.models import Procedure, Run
from services.models import Service
from tests.factories import make_person, make_procedure, make_run, make_service, make_team


@pytest.fixture
def crew(db: None) -> Team:
    return make_team("Ledger crew")


@pytest.fixture
def ada(crew: Team) -> Person:
    return make_person("Ada Byron", team=crew)


@pytest.fixture
def bo(crew: Team) -> Person:
    return make_person("Bo Lind", team=crew)


@pytest.fixture
def mia(crew: Team) -> Person:
    return make_person("Mia Manager", role=Role.MANAGER, team=crew)


@pytest.fixture
def ed(crew: Team) -> Person:
    return make_person("Ed Editor", role=Role.EDITOR, team=crew)


@pytest.fixture
def vi(crew: Team) -> Person:
    return make_person("Vi Viewer", role=Role.VIEWER, team=crew)


@pytest.fixture
def zoe(db: None) -> Person:
    """An operator of another team."""
    return make_person("Zoe Elsewhere", team=make_team("Other crew"))


@pytest.fixture
def service(crew: Team) -> Service:
    return make_service("Ledger", team=crew)


@pytest.fixture
def procedure(service: Service) -> Procedure:
    return make_procedure(service)


@pytest.fixture
def run(procedure: Procedure, ada: Person) -> Run:
    return make_run(procedure, ada)
