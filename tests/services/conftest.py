"""A team with an operator and two managers, a service with another that needs it, and the clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from contacts.models import Person, Role, Team
from services.models import Dependency, Service
from tests.factories import make_person, make_service, make_team

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def crew(db: None) -> Team:
    return make_team("Ledger crew")


@pytest.fixture
def ada(crew: Team) -> Person:
    return make_person("Ada Byron", team=crew)


@pytest.fixture
def mia(crew: Team) -> Person:
    return make_person("Mia Manager", role=Role.MANAGER, team=crew)


@pytest.fixture
def max_(crew: Team) -> Person:
    return make_person("Max Manager", role=Role.MANAGER, team=crew)


@pytest.fixture
def ledger(crew: Team) -> Service:
    return make_service("Ledger", team=crew)


@pytest.fixture
def shop(ledger: Service) -> Service:
    """A service of another team that needs the ledger."""
    shop = make_service("Shop", team=make_team("Shop crew"))
    Dependency.objects.create(service=shop, needs=ledger)
    return shop
