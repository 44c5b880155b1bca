"""Import a runbook by page: paste or upload, look at the differences, apply; and what is refused on the way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from contacts.models import Person
from opsportal.audit.models import AuditEvent
from opsportal.runbooks.models import Draft, Revision
from services.models import Service
from tests.factories import make_runbook, make_service, make_team, runbook, visitor
from tests.flows.sending import text


@pytest.fixture
def editor(ed: Person) -> Client:
    return visitor(ed)


def paste(editor: Client, document: str, **more: object) -> str:
    """Paste the document; the address of its preview."""
    response = editor.post("/import/", {"text": document, **more})
    assert response.status_code == 302, text(response)
    return str(response["Location"])


def test_pasted_previewed_and_applied_it_becomes_a_service(editor: Client, ed: Person) -> None:
    preview = paste(editor, runbook())
    page = text(editor.get(preview))
    assert "A new service, <code>parcel-desk</code>" in page
    assert "Round 1" in page
    assert Service.objects.count() == 0
    done = editor.post(f"{preview}apply/", {"seen_revision": "0", "note": "first"}, follow=True)
    assert done.redirect_chain == [("/services/parcel-desk/", 302)]
    assert "Revision 1 is active" in text(done)
    revision = Revision.objects.get()
    assert (revision.author, revision.note) == (ed, "first")
    assert Draft.objects.count() == 0


def test_an_upload_is_kept_byte_for_byte(editor: Client) -> None:
    data = runbook().replace("\n", "\r\n").encode("utf-8-sig")
    sent = editor.post("/import/", {"file": SimpleUploadedFile("desk.md", data)})
    editor.post(f"{sent['Location']}apply/", {"seen_revision": "0"})
    assert editor.get("/services/parcel-desk/runbook.md").content == data


def test_the_preview_of_an_update_shows_what_changes(editor: Client) -> None:
    make_runbook(runbook())
    page = text(editor.get(paste(editor, runbook().replace("| Crates 1 | < 1% |", "| Crates 1 | < 0.5% |"))))
    assert "stands at revision 1" in page
    assert "&lt; 0.5%" in page
    assert "&lt; 1%" in page


def test_a_preview_that_has_grown_old_is_shown_anew_instead_of_applied(editor: Client) -> None:
    make_runbook(runbook())
    preview = paste(editor, runbook(rows=3))
    make_runbook(runbook(rows=1))
    refused = editor.post(f"{preview}apply/", {"seen_revision": "1"})
    assert refused.status_code == 409
    assert "was changed since this preview" in text(refused)
    assert 'name="seen_revision" value="2"' in text(refused)
    assert Draft.objects.count() == 1
    assert Revision.objects.count() == 2
    assert editor.post(f"{preview}apply/", {"seen_revision": "2"}).status_code == 302


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 50])
def test_an_odd_revision_number_is_no_error_of_ours(editor: Client, seen: str) -> None:
    preview = paste(editor, runbook())
    assert editor.post(f"{preview}apply/", {"seen_revision": seen, "note": "n\0" * 600}).status_code in {302, 409}


REFUSED = {
    "larger than 1 MB": b"# Big\n" + b"x" * 1_000_001,
    "no text file": b"\x89PNG\r\n\x1a\n" + b"\0" * 200,
    "UTF-16": "# Läuft".encode("utf-16"),
    "Choose a file or paste": b"",
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_what_is_no_runbook_is_refused_with_a_sentence_at_its_field(editor: Client, sentence: str) -> None:
    refused = editor.post("/import/", {"file": SimpleUploadedFile("desk.md", REFUSED[sentence])})
    assert refused.status_code == 422
    assert sentence in text(refused)
    assert "<title>Error: " in text(refused)
    assert 'aria-invalid="true"' in text(refused)
    assert (Draft.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_ten_megabytes_are_refused_uploaded_or_pasted(editor: Client) -> None:
    big = b"# Big\n" + b"word " * 2_000_000
    assert editor.post("/import/", {"file": SimpleUploadedFile("desk.md", big)}).status_code == 422
    assert editor.post("/import/", {"text": big.decode()}).status_code in {400, 413}
    assert Draft.objects.count() == 0


def test_a_pasted_text_that_is_refused_stays_in_the_form(editor: Client) -> None:
    refused = editor.post("/import/", {"text": "# \0 odd", "slug": "desk"})
    assert refused.status_code == 422
    assert "odd</textarea>" in text(refused)
    nameless = editor.post("/import/", {"text": "just words"})
    assert nameless.status_code in {302, 422}


def test_a_nameless_document_asks_for_a_name(editor: Client) -> None:
    refused = editor.post("/import/", {"text": "# Operations Runbook\n\n## Contacts\n"})
    assert refused.status_code == 302 or "does not name its service" in text(refused)


def test_an_upload_with_nul_bytes_and_latin_1_is_kept_and_pointed_at(editor: Client) -> None:
    data = b"# Caf\xe9 desk\n\n## Contacts\n- **Chef**: Ren\xe9 \x00\n"
    sent = editor.post("/import/", {"file": SimpleUploadedFile("desk.md", data), "slug": "cafe"})
    page = text(editor.get(sent["Location"]))
    assert "not UTF-8" in page
    assert "NUL" in page
    assert editor.post(f"{sent['Location']}apply/", {"seen_revision": "0"}).status_code == 302
    assert editor.get("/services/cafe/").status_code == 200
    assert editor.get("/services/cafe/runbook.md").content == data
    assert editor.get("/services/cafe/history/1/").status_code == 200


def test_a_draft_belongs_to_its_author(editor: Client, mia: Person) -> None:
    preview = paste(editor, runbook())
    assert visitor(mia).get(preview).status_code == 404
    assert visitor(mia).post(f"{preview}apply/", {"seen_revision": "0"}).status_code == 404
    assert visitor(mia).post(f"{preview}discard/").status_code == 404
    assert editor.post(f"{preview}discard/").status_code == 302
    assert Draft.objects.count() == 0


def test_another_teams_runbook_is_not_overwritten(editor: Client) -> None:
    make_service("Parcel Desk", team=make_team("Other crew"))
    preview = paste(editor, runbook())
    assert editor.get(preview).status_code == 403
    assert editor.post(f"{preview}apply/", {"seen_revision": "0"}).status_code == 403
    assert Revision.objects.count() == 0


@pytest.mark.parametrize("who", ["ada", "vi"])
def test_who_does_not_edit_does_not_import(who: str, request: pytest.FixtureRequest) -> None:
    client = visitor(request.getfixturevalue(who))
    assert client.get("/import/").status_code == 403
    assert client.post("/import/", {"text": runbook()}).status_code == 403


HOSTILE = (Path(__file__).parent / "hostile.md").read_text()


@pytest.mark.parametrize(
    "path", ["/services/trap/", "/services/trap/history/1/", "/emergency/", "/contacts/", "/search/?q=i"]
)
def test_hostile_markdown_is_harmless_on_every_page_that_shows_it(editor: Client, path: str) -> None:
    make_runbook(HOSTILE)
    page = text(editor.get(path))
    main = page[page.index("<main") : page.index("</main>")]
    shown = main.replace("&lt;", "").replace("&quot;", "")
    tags = [piece.split(">")[0].lower() for piece in shown.split("<")[1:]]
    assert not [tag for tag in tags if tag.startswith(("script", "img", "iframe", "style", "object", "svg onload"))]
    assert not [tag for tag in tags if re.search(r"\s(style|on\w+)=", tag)]
    assert not [tag for tag in tags if 'href="javascript' in tag or 'href="data:' in tag or 'href="vbscript' in tag]
    assert not [tag for tag in tags if "evil.example" in tag and not tag.startswith("a href=")]
    assert not [tag for tag in tags if "hx-get" in tag or "hx-on" in tag or "data-hx" in tag]


def test_hostile_markdown_is_harmless_in_a_preview_and_a_run(editor: Client, ada: Person) -> None:
    page = text(editor.get(paste(editor, HOSTILE)))
    service = make_runbook(HOSTILE).service
    procedure = service.procedures.first()
    assert procedure is not None
    started = visitor(ada).post(f"/procedures/{procedure.pk}/start/", follow=True)
    for shown in (page, text(started), text(visitor(ada).get(f"/procedures/{procedure.pk}/"))):
        assert "<script>" not in shown
        assert "<img" not in shown
        assert 'href="javascript' not in shown
        assert ' hx-get="/boom' not in shown.replace("&quot;", "")
