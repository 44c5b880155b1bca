"""The people of the demo company, as `people.yaml` has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
PASSWORD = "harbour-demo"
# libyaml is ten times as fast; not every build of PyYAML has it
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class TeamEntry:
    name: str
    email: str
    phone: str
    description: str


@dataclass(frozen=True, slots=True)
class PersonEntry:
    username: str
    name: str
    email: str
    phone: str
    title: str
    role: str
    time_zone: str
    teams: list[str] = field(default_factory=list)
    demo_login: bool = False


@dataclass(frozen=True, slots=True)
class Company:
    name: str
    teams: list[TeamEntry]
    people: list[PersonEntry]


def company() -> Company:
    data = read_yaml("people.yaml")
    teams = [TeamEntry(**entry) for entry in data["teams"]]
    return Company(data["company"], teams, [PersonEntry(**entry) for entry in data["people"]])


def logins() -> list[tuple[str, str, str]]:
    """User name, password and role with name of each demo login."""
    people = [person for person in company().people if person.demo_login]
    return [(person.username, PASSWORD, f"{person.role}: {person.name}, {person.title}") for person in people]


def read_yaml(name: str) -> dict[str, Any]:
    """One of the demo's own files; their format is described at their head."""
    found: dict[str, Any] = LOADER((FOLDER / name).read_text(encoding="utf-8")).get_single_data()
    return found
