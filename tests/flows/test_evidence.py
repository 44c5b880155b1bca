"""Files as evidence of a step: what is kept, what is refused beside the field, and how they are handed out."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from contacts.models import Person
from opsportal.audit.models import AuditEvent
from procedures.models import Evidence, Run, RunNote, RunStep, StepEvent
from services.models import Service
from tests.factories import HTMX, make_procedure, make_run, steps_of, visitor
from tests.flows.sending import text, tick

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 40
STEPS = ("Take a photo of the fan tray", "Attach the report (file)", "Look around")


def upload(data: bytes = PNG, name: str = "tray.png", kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, kind)


def add(step: RunStep, person: Person, *, htmx: bool = True, **fields: Any) -> Any:
    """Send the form that adds a file to an answered step."""
    data = {"op": str(uuid4()), **fields}
    path = f"/runs/{step.run_id}/steps/{step.pk}/evidence/"
    return visitor(person).post(path, data, headers=HTMX if htmx else {}, follow=True)


@pytest.fixture
def run(service: Service, ada: Person) -> Run:
    return make_run(make_procedure(service, steps=STEPS), ada)


@pytest.fixture
def photo(run: Run) -> RunStep:
    return steps_of(run)[0]


def state_of(step: RunStep) -> tuple[str, str]:
    step.refresh_from_db()
    return step.state, step.value


def files_on_disk() -> int:
    return sum(path.is_file() for path in Path(settings.EVIDENCE_DIR).rglob("*"))


@pytest.mark.parametrize("htmx", [True, False])
def test_a_file_is_kept_with_its_hash_and_listed_in_the_summary(photo: RunStep, ada: Person, htmx: bool) -> None:
    assert tick(photo, ada, htmx=htmx, file=upload()).status_code == (200 if htmx else 302)
    kept = Evidence.objects.get()
    assert (kept.name, kept.type, kept.size, kept.person, kept.late) == ("tray.png", "image/png", len(PNG), ada, False)
    assert kept.sha256 == hashlib.sha256(PNG).hexdigest()
    assert state_of(photo) == ("done", "tray.png")
    assert AuditEvent.objects.get(verb="evidence.kept").data["sha256"] == kept.sha256
    page = text(visitor(ada).get(f"/runs/{photo.run_id}/"))
    assert page.count(f'href="/runs/{photo.run_id}/evidence/{kept.pk}/"') == 2
    assert kept.sha256[:12] in page


def test_the_bytes_lie_in_a_folder_of_the_portals_own_under_no_name_that_somebody_typed(
    photo: RunStep, ada: Person
) -> None:
    tick(photo, ada, file=upload())
    kept = Evidence.objects.get()
    path = Path(kept.file.path)
    assert path.is_relative_to(settings.EVIDENCE_DIR)
    assert "tray" not in str(path)
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(NotImplementedError):
        str(kept.file.url)


def test_a_file_is_only_ever_downloaded(photo: RunStep, ada: Person, vi: Person) -> None:
    tick(photo, ada, file=upload(name='tr"äy\r\n.png'))
    answer = visitor(vi).get(f"/runs/{photo.run_id}/evidence/{Evidence.objects.get().pk}/")
    assert answer.content == PNG
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer["Cache-Control"]


def test_a_file_is_found_only_under_its_own_run_and_with_a_login(photo: RunStep, ada: Person, client: Any) -> None:
    tick(photo, ada, file=upload())
    kept = Evidence.objects.get()
    other = make_run(photo.run.procedure, ada)
    assert visitor(ada).get(f"/runs/{other.pk}/evidence/{kept.pk}/").status_code == 404
    assert client.get(f"/runs/{photo.run_id}/evidence/{kept.pk}/").status_code == 302


def test_bytes_that_are_no_longer_what_was_kept_are_not_handed_out(photo: RunStep, ada: Person) -> None:
    tick(photo, ada, file=upload())
    kept = Evidence.objects.get()
    path = Path(kept.file.path)
    path.write_bytes(PNG + b"!")
    address = f"/runs/{photo.run_id}/evidence/{kept.pk}/"
    assert "is not what was kept" in text(visitor(ada).get(address, follow=True))
    path.unlink()
    assert "is not what was kept" in text(visitor(ada).get(address, follow=True))


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (None, "Choose the file"),
        (upload(b""), "The file is empty"),
        (upload(b"MZ\x90\x00\x03" * 9, "photo.png"), "this is none"),
        (upload(b"<!doctype html><script>alert(1)</script>", "photo.png"), "this is none"),
        (upload(b'\n <svg xmlns="http://www.w3.org/2000/svg"/>', "a.svg", "image/svg+xml"), "this is none"),
        (upload(PNG + b"\0" * 9_000_000), "larger than 8 MB"),
        (upload(b"x" * 30_000_000, "a.log", "text/plain"), "larger than 8 MB"),
    ],
)
def test_what_is_refused_is_said_beside_the_field_and_nothing_is_kept(
    photo: RunStep, ada: Person, file: SimpleUploadedFile | None, words: str
) -> None:
    before = files_on_disk()
    refused = tick(photo, ada, file=file or "")
    assert refused.status_code == 422
    assert words in text(refused)
    assert f'aria-invalid="true" aria-describedby="e{photo.pk}"' in text(refused)
    assert (Evidence.objects.count(), files_on_disk()) == (0, before)
    assert state_of(photo)[0] == "todo"


def test_what_a_request_may_bring_is_cut_before_it_fills_the_disk(photo: RunStep, ada: Person) -> None:
    request: Any = (
        visitor(ada)
        .post(
            f"/runs/{photo.run_id}/steps/{photo.pk}/answer/",
            {"op": str(uuid4()), "state": "done", "file": upload(b"x" * 30_000_000)},
            headers=HTMX,
        )
        .wsgi_request
    )
    assert 8_000_000 < request.FILES["file"].size < 8_300_000


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd", "passwd.png"),
        ("C:\\fakepath\\fan tray.PNG", "fan tray.PNG"),
        ("\u202egnp.exe", "gnp.exe.png"),
        ("con.png", "_con.png"),
        ("a" * 300 + ".png", "a" * 116 + ".png"),
        ("<img src=x onerror=alert(1)>.png", "img src=x onerror=alert(1)-.png"),
        ("x\0y.png", "xy.png"),
    ],
)
def test_a_hostile_name_does_no_harm(photo: RunStep, ada: Person, name: str, cleaned: str) -> None:
    file = upload()
    setattr(file, "_name", name)
    page = text(tick(photo, ada, file=file))
    kept = Evidence.objects.get().name
    assert kept == cleaned
    assert "<img" not in page


def test_a_second_file_stands_beside_the_first_or_replaces_it_and_both_stay(photo: RunStep, ada: Person) -> None:
    tick(photo, ada, file=upload())
    first = Evidence.objects.get()
    assert add(photo, ada, file=upload(PNG + b"2", "side.png")).status_code == 200
    replaced = add(photo, ada, file=upload(PNG + b"3", "sharp.png"), supersedes=first.pk)
    assert "replaced by sharp.png" in text(replaced)
    assert Evidence.objects.count() == 3
    again = add(photo, ada, file=upload(PNG + b"4"), supersedes=first.pk)
    assert again.status_code == 409
    assert "replaced already" in text(again)
    page = text(visitor(ada).get(f"/runs/{photo.run_id}/"))
    summary = page[page.index("<h3>Evidence") :]
    assert ("side.png" in summary, "sharp.png" in summary, ">tray.png<" in summary) == (True, True, False)


def test_a_step_has_room_for_ten_files(photo: RunStep, ada: Person) -> None:
    for number in range(10):
        add(photo, ada, file=upload(PNG + bytes([number])))
    refused = add(photo, ada, file=upload(PNG + b"more"))
    assert refused.status_code == 422
    assert "10 files" in text(refused)
    assert Evidence.objects.count() == 10


def test_the_same_form_sent_twice_keeps_one_file_and_another_under_its_name_is_refused(
    photo: RunStep, ada: Person
) -> None:
    op, before = str(uuid4()), files_on_disk()
    for _ in range(2):
        assert add(photo, ada, op=op, file=upload()).status_code == 200
    assert (Evidence.objects.count(), files_on_disk()) == (1, before + 1)
    assert add(photo, ada, op=op, file=upload(PNG + b"other")).status_code == 409
    assert files_on_disk() == before + 1


def test_only_a_step_that_asks_for_a_file_takes_one(run: Run, ada: Person) -> None:
    plain = steps_of(run)[2]
    refused = tick(plain, ada, file=upload())
    assert refused.status_code == 422
    assert "asks for no file" in text(refused)
    assert Evidence.objects.count() == 0


def test_adding_without_a_file_or_a_right_is_refused(photo: RunStep, ada: Person, vi: Person, zoe: Person) -> None:
    assert "Choose a file first" in text(add(photo, ada))
    assert "Choose a file first" in text(add(photo, ada, htmx=False))
    for person in (vi, zoe):
        assert add(photo, person, file=upload()).status_code == 403


def test_a_file_after_the_end_is_kept_late_with_the_answer_as_a_note(run: Run, photo: RunStep, ada: Person) -> None:
    visitor(ada).post(f"/runs/{run.pk}/stop/", {"summary": "drill"})
    assert tick(photo, ada, file=upload()).status_code == 409
    assert Evidence.objects.get().late
    assert RunNote.objects.get().text == "Step 1: Done, tray.png"
    assert state_of(photo)[0] == "todo"


def test_the_second_of_two_is_told_and_their_file_is_kept_beside_the_first(
    photo: RunStep, ada: Person, bo: Person
) -> None:
    tick(photo, ada, file=upload())
    second = tick(photo, bo, file=upload(PNG + b"b", "mine.png"))
    assert "first answer stands. You entered: mine.png" in text(second)
    assert list(Evidence.objects.order_by("place").values_list("name", flat=True)) == ["tray.png", "mine.png"]
    assert StepEvent.objects.count() == 1


def test_a_step_taken_back_needs_no_second_file(photo: RunStep, ada: Person) -> None:
    tick(photo, ada, file=upload())
    visitor(ada).post(f"/runs/{photo.run_id}/steps/{photo.pk}/undo/", {"op": str(uuid4())})
    assert tick(photo, ada).status_code == 200
    assert state_of(photo) == ("done", "tray.png")


def test_a_phone_is_offered_its_camera_only_for_a_photo(run: Run, ada: Person) -> None:
    page = text(visitor(ada).get(f"/runs/{run.pk}/"))
    assert page.count('capture="environment"') == 1
    assert page.count('enctype="multipart/form-data"') == 2
