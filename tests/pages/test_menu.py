"""The command menu: what it offers to whom, as a page and as a piece, and the switch of the theme."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from contacts.models import Person, Role, Team
from opsportal.selectors.menu import menu_for
from opsportal.selectors.places import ACTIONS, PLACES, TOPICS
from procedures.models import Run
from tests.factories import HTMX, make_person, make_procedure, make_run, make_service, visitor
from tests.pages.test_weight import body


def options(person: Person, text: str = "") -> dict[str, list[str]]:
    return {menu.name: [option.title for option in menu.options] for menu in menu_for(person, text)}


def test_without_words_it_offers_open_runs_pages_and_actions(crew: Team, mia: Person) -> None:
    make_run(make_procedure(make_service(team=crew), title="Night watch"), mia)
    found = options(mia)
    assert list(found) == ["Continue", "Go to", "Do"]
    assert found["Continue"] == ["Night watch"]
    assert {"Today", "Services", "Operations log", "Audit log"} <= set(found["Go to"])
    assert {"Start emergency", "Write a note into the log", "Dark theme", "Log out"} <= set(found["Do"])


@pytest.mark.parametrize(
    ("role", "missing"),
    [
        (
            Role.VIEWER,
            {
                "Audit log",
                "People and teams",
                "Import a runbook",
                "Write a note into the log",
                "New person",
                "New service",
            },
        ),
        (Role.OPERATOR, {"Audit log", "People and teams", "Import a runbook", "New service", "New person"}),
        (Role.EDITOR, {"Audit log", "People and teams", "Write a note into the log", "New person"}),
        (Role.MANAGER, {"People and teams", "New person"}),
        (Role.ADMIN, {"Write a note into the log"}),
    ],
)
def test_it_offers_only_what_the_person_may(crew: Team, role: str, missing: set[str]) -> None:
    found = options(make_person("Rita Reader", role=role, team=crew))
    offered = {*found["Go to"], *found["Do"]}
    everything = {place.title for place in (*PLACES, *ACTIONS)}
    assert everything - offered == missing


def test_every_place_and_topic_leads_to_a_page_with_that_anchor(crew: Team) -> None:
    admin = make_person("Al Admin", role=Role.ADMIN, team=crew)
    manager = make_person("Mo Manager", role=Role.MANAGER, team=crew)
    for place in (*PLACES, *ACTIONS, *TOPICS):
        if place.theme is None:
            path, _, anchor = place.href.partition("#")
            pages = [visitor(person).get(path) for person in (admin, manager)]
            page = next(page for page in pages if page.status_code == 200)
            assert not anchor or f'id="{anchor}"' in body(page).decode() + body(pages[1]).decode(), place.title


def test_start_before_a_name_offers_to_start_it_first(crew: Team, mia: Person) -> None:
    make_procedure(make_service("Ledger", team=crew), title="Night watch")
    assert next(iter(options(mia, "start night"))) == "Start"
    assert options(mia, "start night")["Start"] == ["Start Night watch"]
    assert next(iter(options(mia, "night"))) == "Procedures"
    assert "Start" not in options(make_person("Vi Viewer", role=Role.VIEWER, team=crew), "start night")


def test_a_start_from_the_menu_opens_the_run(crew: Team, mia: Person) -> None:
    procedure = make_procedure(make_service("Ledger", team=crew), title="Night watch")
    start = next(menu for menu in menu_for(mia, "start night") if menu.name == "Start").options[0]
    answer = visitor(mia).post(start.href)
    assert answer["Location"] == Run.objects.get(procedure=procedure).get_absolute_url()


def test_a_piece_has_lines_that_a_list_box_owns_and_the_page_is_whole(reader: Client) -> None:
    piece = body(reader.get("/menu/?q=log", headers=HTMX)).decode()
    assert "<html" not in piece
    assert 'id="menu-list" role="listbox"' in piece
    lines = re.findall(r'role="option" id="([^"]+)"', piece)
    assert lines
    assert len(lines) == len(set(lines))
    page = body(reader.get("/menu/?q=log")).decode()
    assert "<h1>Menu</h1>" in page
    assert 'href="/log/"' in page
    assert 'role="option"' not in page


def test_what_fits_nothing_says_so(reader: Client) -> None:
    piece = body(reader.get("/menu/?q=<xyzzy>", headers=HTMX)).decode()
    assert "Nothing fits “&lt;xyzzy&gt;”" in piece
    assert "listbox" not in piece


def test_the_theme_is_kept_in_this_browser_and_leads_back(reader: Client) -> None:
    answer = reader.post("/settings/theme/", {"theme": "dark", "back": "/services/?q=a"})
    assert answer["Location"] == "/services/?q=a"
    assert 'data-theme="dark"' in body(reader.get("/")).decode()
    reader.post("/settings/theme/", {"theme": "", "back": "/"})
    assert "data-theme" not in body(reader.get("/")).decode()


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_the_theme_never_leads_to_another_site(reader: Client, back: str) -> None:
    assert reader.post("/settings/theme/", {"theme": "pink", "back": back})["Location"] == "/settings/"
