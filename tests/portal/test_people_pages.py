"""The pages where administrators keep people and teams."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from contacts.models import Membership, Person, Role, Team, User
from tests.factories import PASSWORD, make_person, make_team, visitor
from tests.portal.reading import get, next_page, text, words

DETAILS = {"name": "Noor Haddad", "email": "noor@ledger.example", "phone": "", "time_zone": "Europe/London"}
SECRET = re.compile(r'<code class="secret">([^<]+)</code>')


def post(person: Person, path: str, **fields: object) -> tuple[int, str]:
    answer = visitor(person).post(path, fields)
    return answer.status_code, text(answer)


@pytest.mark.parametrize("path", ["/people/", "/people/new/", "/people/teams/", "/people/1/", "/people/teams/1/"])
def test_only_administrators_see_them(path: str, roles: dict[str, Person], crew: Team) -> None:
    path = path.replace("teams/1", f"teams/{crew.pk}").replace("/1/", f"/{roles[Role.VIEWER].pk}/")
    answers = {role: visitor(person).get(path).status_code for role, person in roles.items()}
    assert answers == dict.fromkeys(Role.values, 403) | {Role.ADMIN: 200}


@pytest.mark.parametrize("door", ["role", "login", "password", "left", "back"])
def test_nobody_else_gets_through_the_doors(door: str, roles: dict[str, Person], ola: Person) -> None:
    before = User.objects.get(person=ola).password
    for role in set(Role.values) - {Role.ADMIN}:
        assert post(roles[role], f"/people/{ola.pk}/{door}/")[0] == 403
    assert User.objects.get(person=ola).password == before
    assert Person.objects.get(pk=ola.pk).left_at is None


def test_a_new_person_is_added_with_role_and_a_password_shown_once(al: Person, crew: Team) -> None:
    status, page = post(al, "/people/new/", **DETAILS, username="noor", team=crew.pk, role=Role.OPERATOR)
    found = SECRET.search(page)
    assert status == 200
    assert found is not None
    noor = Person.objects.get(name="Noor Haddad")
    assert noor.roles == {crew.pk: Role.OPERATOR}
    assert Client().login(username="noor", password=found[1])
    assert not SECRET.search(get(al, f"/people/{noor.pk}/"))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": ""}, "This field is required"),
        ({"email": "noor"}, "Enter a valid email address"),
        ({"time_zone": "Narnia"}, "“Narnia” is no time zone"),
        ({"username": "ola"}, "Somebody else logs in under this name"),
        ({"username": "a b"}, "Use letters, digits"),
        ({"email": "OLA@ledger.example"}, "Somebody else has this e-mail address"),
    ],
)
def test_a_refused_form_says_where_and_keeps_what_was_typed(
    fields: dict[str, str], told: str, al: Person, ola: Person
) -> None:
    sent = {**DETAILS, "phone": "+44 20 7946 0801", "username": "", "role": "viewer", **fields}
    status, page = post(al, "/people/new/", **sent)
    assert status in (409, 422)
    assert told in page
    assert "<title>Error: " in page
    assert 'value="+44 20 7946 0801"' in page
    assert not Person.objects.filter(phone="+44 20 7946 0801").exists()


def test_details_are_saved(al: Person, ola: Person) -> None:
    assert post(al, f"/people/{ola.pk}/", **{**DETAILS, "name": "Ola Nordmann"})[0] == 302
    assert Person.objects.get(pk=ola.pk).name == "Ola Nordmann"
    status, page = post(al, f"/people/{ola.pk}/", **{**DETAILS, "name": "Ola", "time_zone": "Narnia"})
    assert (status, 'value="Narnia"' in page) == (422, True)


def test_roles_are_set_and_taken_on_the_page(al: Person, ola: Person, crew: Team) -> None:
    night = make_team("Night crew")
    assert post(al, f"/people/{ola.pk}/role/", team=night.pk, role=Role.MANAGER)[0] == 302
    assert post(al, f"/people/{ola.pk}/role/", team=crew.pk, role="")[0] == 302
    assert dict(Membership.objects.filter(person=ola).values_list("team", "role")) == {night.pk: Role.MANAGER}
    assert post(al, f"/people/{ola.pk}/role/", team=0, role="viewer")[0] == 422


def test_the_last_administrator_is_told_why_not(al: Person, crew: Team) -> None:
    status, page = post(al, f"/people/{al.pk}/left/")
    assert (status, "This is the last administrator of the portal" in page) == (409, True)
    status, page = post(al, f"/people/{al.pk}/role/", team=crew.pk, role="viewer")
    assert (status, "This is the last administrator of the portal" in page) == (409, True)


def test_somebody_leaves_and_comes_back_on_the_page(al: Person, ola: Person) -> None:
    assert post(al, f"/people/{ola.pk}/left/")[0] == 302
    assert "Take back" in get(al, f"/people/{ola.pk}/")
    assert "Ola Operator" not in words(get(al, "/people/"))
    assert "Ola Operator" in words(get(al, "/people/", state="left"))
    assert post(al, f"/people/{ola.pk}/back/")[0] == 302
    assert "Ola Operator" in words(get(al, "/people/"))


def test_a_login_is_given_on_the_page(al: Person) -> None:
    kim = Person.objects.create(name="Kim")
    assert post(al, f"/people/{kim.pk}/login/", username="ola smith")[0] == 422
    _, page = post(al, f"/people/{kim.pk}/login/", username="kim")
    found = SECRET.search(page)
    assert found is not None
    _, page = post(al, f"/people/{kim.pk}/password/")
    again = SECRET.search(page)
    assert again is not None
    assert not Client().login(username="kim", password=found[1])
    assert Client().login(username="kim", password=again[1])


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "mia"}, {"Mia Manager"}),
        ({"role": "admin"}, {"Al Admin"}),
        ({"team": "night-crew"}, {"Nils Night"}),
        ({"state": "nologin"}, {"Kim"}),
        ({"q": "nobody"}, set()),
    ],
)
def test_the_list_is_filtered(query: dict[str, str], names: set[str], al: Person) -> None:
    make_person("Nils Night", team=make_team("Night crew"))
    Person.objects.create(name="Kim")
    page = get(al, "/people/", **query)
    assert set(re.findall(r'<a href="/people/\d+/">([^<]+)</a>', page)) == names
    assert ("Nobody fits this filter" in page) is (not names)


def test_the_list_goes_on_after_fifty(al: Person) -> None:
    Person.objects.bulk_create(Person(name=f"Person {n % 40:02}") for n in range(110))
    seen: list[str] = []
    query = ""
    while not seen or query:
        page = get(al, f"/people/{query}")
        seen += re.findall(r'<a href="/people/(\d+)/">', page)
        query = next_page(page)
    assert len(seen) == len(set(seen)) == Person.objects.count()


def test_teams_are_added_and_changed_on_their_pages(al: Person, crew: Team) -> None:
    assert post(al, "/people/teams/", name="Night crew", email="", phone="+44 20 7946 0999")[0] == 302
    assert "+44 20 7946 0999" in get(al, "/people/teams/")
    status, page = post(al, "/people/teams/", name="night CREW", email="", phone="typed")
    assert (status, 'value="typed"' in page) == (409, True)
    assert "There is a team of this name already" in page
    assert post(al, f"/people/teams/{crew.pk}/", name="Day crew", email="", phone="")[0] == 302
    assert post(al, f"/people/teams/{crew.pk}/", name="Night crew", email="", phone="")[0] == 409
    assert post(al, f"/people/teams/{crew.pk}/", name="", email="", phone="")[0] == 422


def test_logging_out_everywhere_else_keeps_this_browser(ola: Person) -> None:
    here, there = Client(), Client()
    for browser in (here, there):
        browser.login(username="ola", password=PASSWORD)
    assert here.post("/settings/sessions/")["Location"] == "/settings/"
    assert here.get("/settings/").status_code == 200
    assert there.get("/settings/").status_code == 302


def test_more_shows_each_role_what_it_may_open(roles: dict[str, Person]) -> None:
    shown = {role: {path for path in ("/log/", "/issues/", "/audit/", "/people/") if path in get(person, "/more/")}
             for role, person in roles.items()}  # fmt: skip
    open_to_all = {"/log/", "/issues/"}
    assert shown == dict.fromkeys(Role.values, open_to_all) | {
        Role.MANAGER: open_to_all | {"/audit/"},
        Role.ADMIN: open_to_all | {"/audit/", "/people/"},
    }
