"""What axe cannot see: focus, targets, motion, large text, help in its place, states without colour."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from contacts.models import Person
from tests.browser import probes
from tests.browser.conftest import Enter
from tests.browser.test_every_page import WIDEST, error_states, paths_from
from tests.browser.world import make_portal

World = tuple[Person, dict[str, str]]


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_portal()


def every_page(page: Page, world: World) -> Iterator[str]:
    """Go to one page of each kind, one after the other."""
    yield from paths_from(page, ["/", *world[1].values()])


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_whatever_has_the_focus_shows_it(enter: Enter, world: World, width: int, scheme: str) -> None:
    mia, addresses = world
    page = enter(mia, width=width, scheme=scheme).new_page()
    faint = []
    for path in ("/", "/services/parcel-desk/", addresses["mixed run"], "/settings/", "/search/?q=e"):
        page.goto(path)
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            mark = page.evaluate(probes.FOCUS_MARK)
            if mark["width"] < 2 or mark["contrast"] < 3:
                faint.append((path, mark))
    assert faint == []


@pytest.mark.parametrize("width", [390, 1280])
def test_the_focus_is_never_under_a_bar_that_sticks(enter: Enter, world: World, width: int) -> None:
    mia, addresses = world
    page = enter(mia, width=width).new_page()
    covered = []
    for path in ("/?all=1", "/services/parcel-desk/", "/search/?q=e", "/settings/", addresses["procedure"]):
        page.goto(path)
        for key in (*["Tab"] * 45, *["Shift+Tab"] * 15):
            page.keyboard.press(key)
            covered += [(path, bar) for bar in page.evaluate(probes.COVERED)]
    assert covered == []


def test_the_words_for_a_screen_reader_have_their_place_before_they_come(enter: Enter, world: World) -> None:
    mia, addresses = world
    page = enter(mia).new_page()
    lost = []
    for path in every_page(page, world):
        node = page.locator("#status[role=status]")
        if node.count() != 1 or node.inner_text() != "":
            lost.append(path)
    assert lost == []
    page.goto(addresses["fresh run"])
    page.evaluate("() => { window.first = document.getElementById('status'); }")
    page.keyboard.press("x")
    expect(page.locator("#status")).to_contain_text("Step 1 done")
    assert page.evaluate("window.first.isConnected && window.first.getAttribute('role') === 'status'")
    assert page.locator("[role=status] li, [role=status] form, [role=alert] ol").count() == 0


def test_on_touch_what_is_pressed_often_is_44_pixels_high(enter: Enter, world: World) -> None:
    page = enter(world[0], width=390).new_page()
    small = {path: found for path in every_page(page, world) if (found := page.evaluate(probes.SMALLER_THAN, 44))}
    assert small == {}


def test_nothing_moves_for_who_asked_for_less_motion(enter: Enter, world: World) -> None:
    mia, addresses = world
    page = enter(mia).new_page()
    assert {path: found for path in every_page(page, world) if (found := page.evaluate(probes.MOVING))} == {}
    page.goto(addresses["fresh run"])
    page.keyboard.press("x")
    expect(page.locator("#status")).to_contain_text("Step 1 done")
    assert page.evaluate(probes.MOVING) == []
    page.keyboard.press("Control+k")
    page.locator("#menu-list [role=option]").first.wait_for()
    assert page.evaluate(probes.MOVING) == []


@pytest.mark.parametrize("width", [800, 1280])
def test_text_of_twice_the_size_fits_without_scrolling_sideways(enter: Enter, world: World, width: int) -> None:
    page = enter(world[0], width=width).new_page()
    found = {}
    for path in every_page(page, world):
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide = page.evaluate("document.documentElement.scrollWidth")
        cut = page.evaluate(probes.CUT_OFF)
        if wide > width or cut:
            found[path] = (wide, page.evaluate(WIDEST), cut)
    assert found == {}


def test_on_320_pixels_nothing_scrolls_sideways(enter: Enter, world: World) -> None:
    page = enter(world[0], width=320).new_page()
    found = {}
    for path in every_page(page, world):
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > 320:
            found[path] = (wide, page.evaluate(WIDEST))
    assert found == {}


def place(locator: Locator) -> tuple[int, int] | None:
    box = locator.bounding_box()
    return (round(box["x"]), round(box["y"])) if box else None


@pytest.mark.parametrize("width", [390, 1280])
def test_help_and_the_emergency_number_stand_in_the_same_place_on_every_page(
    enter: Enter, world: World, width: int
) -> None:
    page = enter(world[0], width=width).new_page()
    places = {}
    for path in every_page(page, world):
        links = [page.locator("a[href='/help/']:visible").first, page.locator(".top a[href^=tel]")]
        places[path] = [place(link) for link in (*links, page.locator("a[href='/emergency/'].alarm"))]
    assert {str(found) for found in places.values()} == {str(places["/"])}
    assert None not in places["/"]


def test_the_title_of_a_page_begins_with_the_error(enter: Enter, world: World) -> None:
    mia, addresses = world
    refused = {name: shown.title() for name, shown in error_states(enter(mia), addresses) if name.endswith("refused")}
    swapped = {"answer refused", "completion refused"}  # pieces of a page that stands
    assert refused.keys() >= swapped
    assert [title for name, title in refused.items() if name not in swapped and not title.startswith("Error: ")] == []


@pytest.mark.parametrize("colours", ["active", "none"])
def test_every_state_is_a_shape_and_a_word_that_can_be_read_without_colours(
    enter: Enter, world: World, colours: str
) -> None:
    mia, addresses = world
    page = enter(mia).new_page()
    page.emulate_media(forced_colors="active" if colours == "active" else "none")
    faint = []
    for path in (addresses["planned"], addresses["mixed run"], "/services/parcel-desk/"):
        page.goto(path)
        for state in page.locator(".st:visible").all()[:25]:
            row = state.locator(
                "xpath=ancestor-or-self::*[self::li or self::tr or self::p or self::span][.//*[local-name()='svg']]"
            )
            assert row.count() >= 1
            assert state.inner_text().strip(), state.evaluate("e => e.outerHTML")
            if (seen := probes.contrast(state)) < 4.5:
                faint.append((path, state.inner_text(), seen))
    assert faint == []


def test_in_forced_colours_the_current_step_and_the_chosen_line_are_outlined(enter: Enter, world: World) -> None:
    mia, addresses = world
    page = enter(mia).new_page()
    page.emulate_media(forced_colors="active")
    page.goto(addresses["mixed run"])
    assert page.locator(".step.cur").evaluate(probes.OUTLINE) == ["solid", 3]
    page.keyboard.press("Control+k")
    page.locator("#menu-list [role=option]").first.wait_for()
    assert page.locator("#menu-list [aria-selected=true]").evaluate(probes.OUTLINE) == ["solid", 3]
    page.keyboard.press("Escape")
    page.goto("/services/parcel-desk/")
    picture = page.locator("svg.graph")
    assert probes.contrast(picture.locator("g.me")) > 4.5
    assert probes.contrast(picture) > 4.5


def test_the_login_can_be_pasted_into_and_kept_by_a_password_manager(enter: Enter, world: World) -> None:
    context = enter(world[0])
    context.clear_cookies()
    page = context.new_page()
    page.goto("/accounts/login/")
    assert page.locator("input[name=login]").get_attribute("autocomplete") in {"username", "email"}
    password = page.locator("input[name=password]")
    assert password.get_attribute("autocomplete") == "current-password"
    password.focus()
    page.keyboard.insert_text("pasted secret")
    assert password.input_value() == "pasted secret"
