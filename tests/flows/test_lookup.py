"""Find whom to call and where is what; see a phone number, which is written down."""

from __future__ import annotations

import pytest

from contacts.models import Contact, Person, Role, Team
from opsportal.audit.models import AuditEvent
from services.models import Service
from tests.factories import HTMX, make_completed_run, make_person, make_runbook, runbook, visitor
from tests.flows.sending import text

NUMBER = "+44 20 7946 0801"


@pytest.fixture
def desk(crew: Team) -> Service:
    return make_runbook(runbook()).service


@pytest.fixture
def lead(desk: Service) -> Contact:
    return Contact.objects.get(role="Lead 1")


def test_a_phone_number_is_shown_on_request_and_the_look_is_written_down(lead: Contact, ada: Person) -> None:
    page = text(visitor(ada).get("/services/parcel-desk/"))
    assert NUMBER not in page
    shown = visitor(ada).post(f"/services/parcel-desk/contacts/{lead.pk}/phone/", headers=HTMX)
    assert f'href="tel:{NUMBER.replace(" ", "")}"' in text(shown)
    assert "no-store" in shown["Cache-Control"]
    event = AuditEvent.objects.get(verb="contact.phone_read")
    assert event.actor_name == "Ada Byron"
    assert NUMBER not in str(event.data)


def test_without_javascript_the_number_has_a_page_of_its_own(lead: Contact, ada: Person) -> None:
    shown = visitor(ada).post(f"/services/parcel-desk/contacts/{lead.pk}/phone/")
    assert NUMBER in text(shown)
    assert "no-store" in shown["Cache-Control"]


@pytest.mark.parametrize("who", ["vi", "ed", "zoe"])
def test_who_may_not_call_sees_no_number_and_no_button(lead: Contact, who: str, request: pytest.FixtureRequest) -> None:
    client = visitor(request.getfixturevalue(who))
    for path in ("/services/parcel-desk/", "/contacts/", "/search/?q=Noor", "/contacts/?q=Noor"):
        page = text(client.get(path))
        assert NUMBER not in page
        assert "/phone/" not in page
    assert client.post(f"/services/parcel-desk/contacts/{lead.pk}/phone/").status_code == 403
    assert not AuditEvent.objects.filter(verb="contact.phone_read").exists()


def test_a_contact_of_another_service_is_not_reached_through_this_one(lead: Contact, ada: Person) -> None:
    make_runbook(runbook("Label Desk"))
    assert visitor(ada).post(f"/services/label-desk/contacts/{lead.pk}/phone/").status_code == 404


@pytest.mark.parametrize(
    ("words", "found"),
    [("parcel", "/services/parcel-desk/"), ("round 2", "Round 2"), ("jam 1", "/issues/"), ("belt 2 stands", "Jam 2"),
     ("noor 1", "/services/parcel-desk/#contacts"), ("lead 2", "Noor 2")],
)  # fmt: skip
def test_search_finds_each_kind_by_its_words(desk: Service, vi: Person, words: str, found: str) -> None:
    page = text(visitor(vi).get("/search/", {"q": words}))
    assert found in page[page.index("<main") :]


@pytest.mark.parametrize("words", ["xyzzy", "%", "\\", "'; drop table--", "\0", "é" * 300, "<script>"])
def test_a_search_for_odd_words_finds_nothing_and_breaks_nothing(desk: Service, vi: Person, words: str) -> None:
    for path in ("/search/", "/contacts/", "/services/", "/emergency/"):
        response = visitor(vi).get(path, {"q": words})
        assert response.status_code == 200
        assert "<script>" not in text(response)
    for path in ("/services/?team=\0", "/services/?readiness=\0", "/services/?after=\0", "/import/?service=\0"):
        assert visitor(vi).get(path.replace("\0", "%00")).status_code in {200, 403}


def test_contacts_are_found_by_service_person_and_role(desk: Service, vi: Person) -> None:
    make_runbook(runbook("Label Desk").replace("Noor 1", "Kofi A").replace("Noor 2", "Kofi B"))
    for words, here in (("label", "Label Desk"), ("kofi", "Label Desk"), ("noor", "Parcel Desk")):
        page = text(visitor(vi).get("/contacts/", {"q": words}))
        main = page[page.index("<main") :]
        assert here in main
        assert ("Parcel Desk" in main) == (here == "Parcel Desk")
    assert "Nobody and nothing" in text(visitor(vi).get("/contacts/", {"q": "nobody at all"}))


@pytest.mark.parametrize("role", Role.values)
def test_every_role_reads_every_page(desk: Service, ada: Person, crew: Team, role: str) -> None:
    procedure = desk.procedures.first()
    assert procedure is not None
    run = make_completed_run(procedure, ada)
    reader = visitor(make_person("Rita Reader", role=role, team=crew))
    paths = ["/", "/?all=1", "/more/", "/help/", "/emergency/", "/services/", "/services/parcel-desk/", "/contacts/",
             "/search/?q=desk", "/settings/", "/changes/", "/services/parcel-desk/history/",
             f"/procedures/{procedure.pk}/", f"/runs/{run.pk}/"]  # fmt: skip
    assert {path: reader.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


def test_somebody_without_a_team_reads_and_works_on_nothing(desk: Service) -> None:
    loner = visitor(make_person("Lone Wolf"))
    procedure = desk.procedures.first()
    assert procedure is not None
    assert "You are in no team yet" in text(loner.get("/"))
    assert loner.post(f"/procedures/{procedure.pk}/start/").status_code == 403
