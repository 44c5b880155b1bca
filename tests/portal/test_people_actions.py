"""People, roles and teams: what an administrator's changes do, and what they may not do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from contacts.access import can
from contacts.actions import create_token, token_owner
from contacts.actions.administrators import AboveYou, LastAdministrator
from contacts.actions.staff import (
    AddressTaken,
    Details,
    HasLogin,
    LoginTaken,
    NoLogin,
    add_person,
    change_person,
    end_sessions,
    give_login,
    give_password,
    mark_left,
    take_back,
)
from contacts.actions.teams import HasLeft, TeamTaken, UnknownRole, add_team, change_team, remove_from_team, set_role
from contacts.models import Membership, Person, Role, Team, User
from opsportal.audit.models import AuditEvent
from tests.factories import HTMX, make_person, make_team, visitor
from tests.portal.conftest import NOON

NEW = Details("Noor Haddad", "noor@ledger.example", "+44 20 7946 0801", "Europe/London")


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("seq").values_list("verb", flat=True))


def test_a_new_person_gets_a_login_with_a_password_that_nobody_can_guess(al: Person) -> None:
    person, password = add_person(details=NEW, username="noor", by=al, now=NOON)
    _, other = add_person(details=Details("Kim"), username="kim", by=al, now=NOON)
    assert person.user is not None
    assert person.user.check_password(password)
    assert (person.user.password_given, person.user.email) == (True, NEW.email)
    assert len(password) >= 16
    assert password != other
    assert verbs()[:2] == ["person.added", "person.login_given"]
    assert password not in str(list(AuditEvent.objects.values_list("data", flat=True)))


def test_a_person_without_a_login_is_somebody_to_call_only(al: Person) -> None:
    person, password = add_person(details=NEW, by=al, now=NOON)
    assert (person.user, password) == (None, "")


def test_a_login_or_an_address_that_is_taken_leaves_nothing_behind(al: Person, ola: Person) -> None:
    with pytest.raises(LoginTaken):
        add_person(details=NEW, username="OLA", by=al, now=NOON)
    with pytest.raises(AddressTaken):
        add_person(details=Details("Twin", ola.email.upper()), by=al, now=NOON)
    assert not Person.objects.filter(name__in=["Noor Haddad", "Twin"]).exists()
    assert verbs() == []


def test_a_change_names_its_fields_but_not_their_values(al: Person, ola: Person) -> None:
    details = Details("Ola Operator", "ola@new.example", "+44 20 7946 0802", "Asia/Tokyo")
    assert change_person(person=ola, details=details, by=al, now=NOON) == ["email", "phone", "time_zone"]
    ola.refresh_from_db()
    assert ola.user is not None
    assert (ola.email, ola.user.email, ola.phone) == (details.email, details.email, details.phone)
    assert AuditEvent.objects.get().data == {"fields": ["email", "phone", "time_zone"]}
    assert change_person(person=ola, details=details, by=al, now=NOON) == []


def test_roles_are_given_changed_and_taken_away(al: Person, ola: Person) -> None:
    night = make_team("Night crew")
    assert set_role(person=ola, team=night, role=Role.VIEWER, by=al, now=NOON)
    assert set_role(person=ola, team=night, role=Role.MANAGER, by=al, now=NOON)
    assert not set_role(person=ola, team=night, role=Role.MANAGER, by=al, now=NOON)
    assert remove_from_team(person=ola, team=night, by=al, now=NOON)
    assert not remove_from_team(person=ola, team=night, by=al, now=NOON)
    assert verbs() == ["person.role_set", "person.role_set", "person.role_removed"]
    with pytest.raises(UnknownRole):
        set_role(person=ola, team=night, role="king", by=al, now=NOON)


@pytest.mark.parametrize("way", ["other role", "out of the team", "left"])
def test_the_last_administrator_stays(way: str, al: Person, crew: Team) -> None:
    changes: dict[str, Callable[[], bool]] = {
        "other role": lambda: set_role(person=al, team=crew, role=Role.VIEWER, by=al, now=NOON),
        "out of the team": lambda: remove_from_team(person=al, team=crew, by=al, now=NOON),
        "left": lambda: mark_left(person=al, by=al, now=NOON),
    }
    with pytest.raises(LastAdministrator):
        changes[way]()
    assert can(Person.objects.select_related("user").get(pk=al.pk), "portal.manage")
    assert verbs() == []
    make_person("Bo Boss", role=Role.ADMIN, team=crew)
    assert changes[way]()


def test_an_admin_who_cannot_log_in_does_not_count(al: Person, crew: Team) -> None:
    spare = make_person("Bo Boss", role=Role.ADMIN, team=crew)
    User.objects.filter(person=spare).update(is_active=False)
    with pytest.raises(LastAdministrator):
        mark_left(person=al, by=al, now=NOON)


def test_leaving_ends_login_sessions_and_tokens_at_once(al: Person, ola: Person) -> None:
    browser = visitor(ola)
    _, token = create_token(person=ola, name="script", scopes=["read"], now=NOON)
    assert mark_left(person=ola, by=al, now=NOON)
    assert browser.get("/").status_code == 302
    assert token_owner(text=token, now=NOON) is None
    assert not browser.login(username="ola", password="rope-and-anchor-1")
    assert not mark_left(person=ola, by=al, now=NOON)


def test_who_comes_back_has_the_login_but_neither_old_sessions_nor_tokens(al: Person, ola: Person) -> None:
    browser = visitor(ola)
    _, token = create_token(person=ola, name="script", scopes=["read"], now=NOON)
    mark_left(person=ola, by=al, now=NOON)
    assert take_back(person=ola, by=al, now=NOON)
    assert browser.get("/").status_code == 302
    assert token_owner(text=token, now=NOON) is None
    assert visitor(Person.objects.get(pk=ola.pk)).get("/").status_code == 200


def test_nobody_comes_back_to_an_address_that_is_taken(al: Person, ola: Person) -> None:
    mark_left(person=ola, by=al, now=NOON)
    User.objects.filter(person=ola).update(email="")
    add_person(details=Details("Twin", ola.email), by=al, now=NOON)
    with pytest.raises(AddressTaken):
        take_back(person=ola, by=al, now=NOON)


def test_a_role_for_somebody_who_left_is_refused(al: Person, ola: Person, crew: Team) -> None:
    mark_left(person=ola, by=al, now=NOON)
    ola.refresh_from_db()
    with pytest.raises(HasLeft):
        set_role(person=ola, team=crew, role=Role.ADMIN, by=al, now=NOON)


def test_a_given_password_ends_sessions_and_must_be_changed(al: Person, ola: Person) -> None:
    browser = visitor(ola)
    password = give_password(person=ola, by=al, now=NOON)
    assert browser.get("/").status_code == 302
    assert browser.login(username="ola", password=password)
    assert browser.get("/services/")["Location"] == "/accounts/password/change/"
    assert "Choose a password of your own" in browser.get("/accounts/password/change/").content.decode()
    assert browser.get("/", headers=HTMX)["HX-Redirect"] == "/accounts/password/change/"
    new = "mast-and-boom-22"
    changed = browser.post("/accounts/password/change/", {"oldpassword": password, "password1": new, "password2": new})
    assert changed["Location"] == "/"
    assert browser.get("/services/").status_code == 200


def test_a_login_is_given_once(al: Person, ola: Person) -> None:
    with pytest.raises(HasLogin):
        give_login(person=ola, username="ola2", by=al, now=NOON)
    kim = Person.objects.create(name="Kim")
    with pytest.raises(NoLogin):
        give_password(person=kim, by=al, now=NOON)


def test_a_superusers_login_is_out_of_reach_for_an_admin_who_is_none(al: Person, crew: Team) -> None:
    root = make_person("Root One", role=Role.ADMIN, team=crew)
    User.objects.filter(person=root).update(is_superuser=True)
    root = Person.objects.select_related("user").get(pk=root.pk)
    with pytest.raises(AboveYou):
        give_password(person=root, by=al, now=NOON)
    with pytest.raises(AboveYou):
        mark_left(person=root, by=al, now=NOON)
    with pytest.raises(AboveYou):
        change_person(person=root, details=Details(root.name, "mine@ledger.example"), by=al, now=NOON)
    assert give_password(person=root, by=root, now=NOON)


def test_ending_sessions_raises_the_round(ola: Person) -> None:
    browser = visitor(ola)
    end_sessions(person=ola, now=NOON)
    assert browser.get("/").status_code == 302


def test_teams_are_added_and_renamed_but_keep_their_address(al: Person, crew: Team) -> None:
    team = add_team(name="Night crew", phone="+44 20 7946 0999", by=al, now=NOON)
    assert team.slug == "night-crew"
    assert change_team(team=team, name="Late crew", email="", phone=team.phone, by=al, now=NOON) == ["name"]
    team.refresh_from_db()
    assert (team.name, team.slug) == ("Late crew", "night-crew")
    assert add_team(name="Night-Crew", by=al, now=NOON).slug == "night-crew-2"
    with pytest.raises(TeamTaken):
        add_team(name="LATE crew", by=al, now=NOON)
    with pytest.raises(TeamTaken):
        change_team(team=team, name="ledger crew", email="", phone="", by=al, now=NOON)
    assert Membership.objects.filter(team=team).count() == 0
