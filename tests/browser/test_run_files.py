"""Files as evidence in a real browser, with and without JavaScript, and free of barriers."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from contacts.models import Person, Role, Team
from procedures.actions import it_happened
from procedures.models import Evidence, Run
from tests.browser.conftest import Enter
from tests.browser.test_every_page import barriers
from tests.factories import answer, make_person, make_procedure, make_run, make_service, make_team, steps_of
from tests.peers.browser import Scheme

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 40
STEPS = (
    "Open the board",
    "Take a photo of the fan tray",
    "Whenever the belt stops: press reset (critical)",
    "Attach the report (file)",
)


def picture(name: str = "tray.png", data: bytes = PNG) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": data}


@pytest.fixture
def crew(transactional_db: None) -> Team:
    return make_team()


@pytest.fixture
def ada(crew: Team) -> Person:
    return make_person("Ada Byron", role=Role.MANAGER, team=crew)


@pytest.fixture
def bo(crew: Team) -> Person:
    return make_person("Bo Lind", team=crew)


@pytest.fixture
def run(crew: Team, ada: Person) -> Run:
    return make_run(make_procedure(make_service(team=crew), steps=STEPS), ada)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_photo_is_sent_replaced_and_downloaded(enter: Enter, run: Run, ada: Person, javascript: bool) -> None:
    photo = steps_of(run)[1]
    page = enter(ada, width=390, javascript=javascript).new_page()
    page.goto(run.get_absolute_url())
    row = page.locator(f"#step-{photo.pk}")
    assert page.locator(f"#v{photo.pk}").get_attribute("capture") == "environment"
    page.locator(f"#d{photo.pk}").tap()
    expect(row.get_by_role("alert")).to_contain_text("Choose the file")
    page.locator(f"#v{photo.pk}").set_input_files(picture("notes.html", b"<html>"))
    page.locator(f"#d{photo.pk}").tap()
    expect(row.get_by_role("alert")).to_contain_text("this is none")
    page.locator(f"#v{photo.pk}").set_input_files(picture())
    page.locator(f"#d{photo.pk}").tap()
    expect(row).to_contain_text("Done, Ada Byron")
    row.get_by_text("Add a file").tap()
    page.locator(f"#f{photo.pk}").set_input_files(picture("sharp.png", PNG + b"!"))
    page.locator(f"#fs{photo.pk}").select_option(label="tray.png")
    row.get_by_role("button", name="Keep").tap()
    expect(row).to_contain_text("replaced by sharp.png")
    with page.expect_download() as download:
        row.get_by_role("link", name="sharp.png").tap()
    assert download.value.suggested_filename == "sharp.png"
    assert Evidence.objects.count() == 2


def test_a_chosen_file_stays_when_a_colleague_changes_the_row(enter: Enter, run: Run, ada: Person, bo: Person) -> None:
    first, photo, *_ = steps_of(run)
    page = enter(ada).new_page()
    page.goto(run.get_absolute_url())
    page.locator(f"#v{photo.pk}").set_input_files(picture())
    answer(first, bo)
    expect(page.locator(f"#step-{photo.pk}")).to_have_class(re.compile("cur"), timeout=7_000)
    page.locator(f"#d{photo.pk}").click()
    expect(page.locator(f"#step-{photo.pk}")).to_contain_text("Done, Ada Byron")
    assert Evidence.objects.get().name == "tray.png"


def give(page: Page, run: Run) -> None:
    """The photo, and a wrong second file beside it."""
    photo = steps_of(run)[1]
    page.locator(f"#v{photo.pk}").set_input_files(picture("a-very-long-name-" * 6 + ".png"))
    page.locator(f"#d{photo.pk}").click()
    row = page.locator(f"#step-{photo.pk}")
    row.get_by_text("Add a file").click()
    row.get_by_role("button", name="Keep").click()
    expect(row.get_by_role("alert")).to_contain_text("Choose a file first")


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")])
def test_files_and_steps_of_the_whole_run_are_free_of_barriers(
    enter: Enter, run: Run, ada: Person, bo: Person, width: int, scheme: Scheme
) -> None:
    it_happened(step=steps_of(run)[2], person=bo, op=uuid4(), now=timezone.now(), note="pressed")
    page = enter(ada, width=width, scheme=scheme).new_page()
    page.goto(run.get_absolute_url())
    page.locator("#pinned summary").click()
    give(page, run)
    found = {"files": barriers(page)}
    page.goto(f"/procedures/{run.procedure_id}/")
    found["procedure, not tried"] = barriers(page)
    page.get_by_role("button", name="Dry run").click()
    expect(page.locator("main")).to_contain_text("counts nowhere")
    found["dry run"] = barriers(page)
    page.goto(f"/procedures/{run.procedure_id}/figures/")
    found["figures"] = barriers(page)
    assert {name: problems for name, problems in found.items() if problems} == {}
