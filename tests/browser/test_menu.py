"""The command menu by keyboard, by tap and without JavaScript; and the keys that go somewhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from contacts.models import Person, Team
from procedures.models import Procedure, Run
from tests.browser.conftest import Enter
from tests.factories import make_person, make_procedure, make_service, make_team


@pytest.fixture
def crew(transactional_db: None) -> Team:
    return make_team()


@pytest.fixture
def ada(crew: Team) -> Person:
    return make_person("Ada Byron", team=crew)


@pytest.fixture
def watch(crew: Team) -> Procedure:
    return make_procedure(make_service("Ledger", team=crew), title="Night watch")


def open_menu(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.locator("#menu-list [role=option]").first).to_be_visible()


def chosen(page: Page) -> str:
    """The line that the field points to; it has to be the one that is marked."""
    name = page.locator("#menu-q").get_attribute("aria-activedescendant")
    marked = page.locator("#menu-list [aria-selected=true]")
    assert marked.count() == 1
    assert marked.get_attribute("id") == name
    return marked.locator("b").inner_text()


def test_the_arrow_keys_choose_and_enter_goes_there(enter: Enter, ada: Person, watch: Procedure) -> None:
    page = enter(ada).new_page()
    page.goto("/services/")
    open_menu(page)
    assert chosen(page) == "Today"
    page.keyboard.press("ArrowDown")
    assert chosen(page) == "Services"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert chosen(page) == "Log out"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert chosen(page) == "Contacts and escalation"
    page.keyboard.press("Enter")
    page.wait_for_url("**/contacts/")


def test_typing_finds_and_a_procedure_is_started_with_enter(enter: Enter, ada: Person, watch: Procedure) -> None:
    page = enter(ada).new_page()
    page.goto("/")
    open_menu(page)
    page.keyboard.type("start nig")
    expect(page.locator("#menu-list [role=option]").first).to_have_text("Start Night watch Ledger")
    assert chosen(page) == "Start Night watch"
    expect(page.locator("#menu-status")).to_have_text("2 lines fit")
    page.keyboard.press("Enter")
    page.wait_for_url("**/runs/*/")
    assert Run.objects.get().procedure == watch


def test_escape_closes_it_and_the_focus_is_back_where_it_was(enter: Enter, ada: Person, watch: Procedure) -> None:
    page = enter(ada).new_page()
    page.goto("/services/")
    page.locator("main #q").fill("led")
    open_menu(page)
    expect(page.locator("#menu-q")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate(
        "document.activeElement.closest('dialog') !== null || document.activeElement === document.body"
    )
    page.locator("#menu-q").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#menu")).to_be_hidden()
    expect(page.locator("main #q")).to_be_focused()
    assert page.locator("main #q").input_value() == "led"


def test_the_theme_changes_and_the_page_stays(enter: Enter, ada: Person, watch: Procedure) -> None:
    page = enter(ada).new_page()
    page.goto("/services/?q=led")
    open_menu(page)
    page.keyboard.type("dark")
    expect(page.locator("#menu-list [role=option]").first).to_have_text("Dark theme")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.url.endswith("/services/?q=led")


def test_a_tap_opens_it_and_a_tap_beside_closes_it(enter: Enter, ada: Person) -> None:
    page = enter(ada, width=390).new_page()
    page.goto("/")
    page.locator(".nav").get_by_role("link", name="Search").tap()
    option = page.locator("#menu-list [role=option]").first
    expect(option).to_be_visible()
    box = option.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    page.get_by_role("button", name="Close").tap()
    expect(page.locator("#menu")).to_be_hidden()


def test_without_javascript_the_button_leads_to_a_page_that_does_the_same(
    enter: Enter, ada: Person, watch: Procedure
) -> None:
    page = enter(ada, javascript=False).new_page()
    page.goto("/")
    page.get_by_role("link", name="Menu").click()
    page.get_by_role("searchbox", name="Go to, do, or find").fill("start night")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name="Start Night watch").click()
    page.wait_for_url("**/runs/*/")


def test_the_menu_opens_when_single_keys_are_off_and_they_go_nowhere(
    enter: Enter, ada: Person, live_portal: str
) -> None:
    context = enter(ada)
    page = context.new_page()
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**/log/")
    page.keyboard.press("?")
    page.wait_for_url("**/help/#keys")
    context.add_cookies([{"name": "keys", "value": "off", "url": live_portal}])
    page.goto("/help/")
    for key in ("g", "t", "e", "?", "/"):
        page.keyboard.press(key)
    page.wait_for_timeout(200)
    assert page.url.endswith("/help/")
    assert page.evaluate("document.activeElement === document.body")
    open_menu(page)


def test_the_keys_of_the_help_page_do_what_it_says(enter: Enter, ada: Person) -> None:
    page = enter(ada).new_page()
    page.goto("/help/")
    rows = page.locator("#keys dt").evaluate_all(
        "rows => rows.map(row => [...row.children].map(key => key.textContent))"
    )
    letters = [keys[1] for keys in rows if keys[0] == "g"]
    assert len(letters) >= 6
    for letter in letters:
        page.goto("/help/")
        page.keyboard.press("g")
        page.keyboard.press(letter)
        page.wait_for_url(lambda url: not url.endswith("/help/"))


def test_typed_letters_go_nowhere(enter: Enter, ada: Person) -> None:
    page = enter(ada).new_page()
    page.goto("/services/")
    page.locator("main #q").press_sequentially("gte?/")
    open_menu(page)
    page.keyboard.type("gte?/")
    page.wait_for_timeout(200)
    assert page.url.endswith("/services/")
    assert page.locator("main #q").input_value() == "gte?/"
