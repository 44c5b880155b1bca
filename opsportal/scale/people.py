"""Rows of made-up teams and people."""

from __future__ import annotations

from collections.abc import Iterator

from contacts.models import Membership, Person, Role, Team, User
from opsportal.lib.bulk import Row
from opsportal.scale.shape import PEOPLE_PER_TEAM, SERVICES_PER_TEAM, Ids, Shape
from opsportal.scale.words import person_name

USER = ("id", "username", "first_name", "last_name", "email", "password", "date_joined")
PERSON = ("id", "user_id", "name", "email", "phone", "time_zone")
TEAM = ("id", "name", "slug", "email")
MEMBERSHIP = ("id", "person_id", "team_id", "role")
ROLES = (
    Role.OPERATOR,
    Role.OPERATOR,
    Role.OPERATOR,
    Role.MANAGER,
    Role.EDITOR,
    Role.VIEWER,
    Role.OPERATOR,
    Role.MANAGER,
)


class People:
    """Teams from number `first` to before `last`, with PEOPLE_PER_TEAM people each."""

    def __init__(self, shape: Shape, ids: Ids) -> None:
        self.shape = shape
        self.user, self.person, self.team = ids.of(User), ids.of(Person), ids.of(Team)
        self.membership = ids.of(Membership)

    def teams(self) -> Iterator[Row]:
        for number in range(self.shape.teams):
            pk = self.team(number)
            yield pk, f"Team {pk:04d}", f"team-{pk:04d}", f"team-{pk:04d}@scale.example"

    def users(self) -> Iterator[Row]:
        for number in range(self.shape.teams * PEOPLE_PER_TEAM):
            pk = self.user(number)
            first, last = person_name(number)
            yield pk, f"scale-{pk}", first, last, f"scale-{pk}@scale.example", "!", self.shape.now

    def people(self) -> Iterator[Row]:
        for number in range(self.shape.teams * PEOPLE_PER_TEAM):
            user = self.user(number)
            name = " ".join(person_name(number))
            phone = f"+44 1632 {960_000 + number % 1000}"  # a range kept free for fiction
            yield self.person(number), user, name, f"scale-{user}@scale.example", phone, "Europe/London"

    def memberships(self) -> Iterator[Row]:
        for number in range(self.shape.teams * PEOPLE_PER_TEAM):
            team, place = divmod(number, PEOPLE_PER_TEAM)
            yield self.membership(number), self.person(number), self.team(team), ROLES[place]

    def of_service(self, service: int, place: int) -> tuple[int, str]:
        """Id and name of a person of the service's team."""
        number = service // SERVICES_PER_TEAM * PEOPLE_PER_TEAM + place % PEOPLE_PER_TEAM
        return self.person(number), " ".join(person_name(number))
