"""Phone numbers in steps and of suppliers are for those who may call, commands stay as they are, links lead on."""

from __future__ import annotations

import pytest

from contacts.models import Person
from opsportal.audit.models import AuditEvent
from opsportal.lib import markdown
from procedures.models import Procedure
from services.models import ExternalDependency, Section, Service
from tests.factories import HTMX, make_run, make_runbook, make_team, runbook, visitor
from tests.flows.sending import text

NUMBER = "+44 20 7946 0777"
STEP = f"1. Call the depot at {NUMBER}, see [the list](#primary-contacts)\n   ```bash\n   dial {NUMBER}\n   ```\n"
OWN = "\n## Own words\nSee [metrics](#key-metrics), [below](#too-deep), [nowhere](#gone).\n\n### Too deep!\nText\n"


@pytest.fixture
def desk(db: None) -> Service:
    make_team()
    document = runbook("Desk", rows=1).replace("1. Open board 1\n", STEP)
    document = document.replace("desk1@carrier.example", f"desk1@carrier.example, {NUMBER}")
    return make_runbook(document + OWN).service


def test_a_number_in_a_step_is_for_those_who_may_call(desk: Service, ada: Person, vi: Person) -> None:
    procedure = Procedure.objects.get(title="Round 1")
    run = make_run(procedure, ada)
    for address in (f"/procedures/{procedure.pk}/", run.get_absolute_url()):
        assert f"Call the depot at {NUMBER}" in text(visitor(ada).get(address)), address
        seen = text(visitor(vi).get(address))
        assert "Call the depot at +44 … 77" in seen, address
        assert f"dial {NUMBER}" in seen, address


def test_a_suppliers_number_is_shown_on_demand_and_that_is_written_down(
    desk: Service, ada: Person, vi: Person, zoe: Person
) -> None:
    supplier = ExternalDependency.objects.get()
    address = f"/services/desk/suppliers/{supplier.pk}/phone/"
    for person in (ada, vi):
        assert NUMBER not in text(visitor(person).get("/services/desk/")).partition('id="external"')[2]
    assert address in text(visitor(ada).get("/services/desk/"))
    assert address not in text(visitor(vi).get("/services/desk/"))
    assert [visitor(person).post(address).status_code for person in (vi, zoe)] == [403, 403]
    assert NUMBER in text(visitor(ada).post(address, headers=HTMX))
    assert NUMBER in text(visitor(ada).post(address))
    subject = f"externaldependency:{supplier.pk}"
    assert AuditEvent.objects.filter(verb="contact.phone_read", subject__iexact=subject).count() == 2


def test_links_to_headings_of_the_document_lead_to_where_their_content_stands(desk: Service, ada: Person) -> None:
    page, section = text(visitor(ada).get("/services/desk/")), Section.objects.get(title="Too deep!")
    assert '<a href="#metrics">metrics</a>' in page
    assert f'<a href="#section-{section.pk}">below</a>' in page
    assert f'<details id="section-{section.pk}">' in page
    assert "nowhere." in page
    assert 'href="#gone"' not in page


def test_elsewhere_such_a_link_is_only_its_words(desk: Service, ada: Person) -> None:
    page = text(visitor(ada).get(f"/procedures/{Procedure.objects.get(title='Round 1').pk}/"))
    assert "see the list" in page
    assert "#primary-contacts" not in page


def test_headings_get_the_anchors_that_github_gives_them() -> None:
    words = "### Key `Metrics` & *more*\n\n### Too deep!\n\n### Too deep!\n\n### Änderung_der-Zeit 2\n"
    assert markdown.headings(words) == ["key-metrics--more", "too-deep", "too-deep-1", "änderung_der-zeit-2"]
    assert '<h3 id="x-too-deep-1">' in markdown.block(words, "x-")
    assert " id=" not in markdown.block(words)


def test_hiding_numbers_leaves_markup_code_and_addresses_alone() -> None:
    shown = markdown.inline(
        f"Call [us](tel:+442079460777) at {NUMBER} & see `{NUMBER}` <b> [log](https://x.example/2026112401)"
    )
    hidden = markdown.outside_code(shown, lambda words: words.replace(NUMBER, "…"))
    assert hidden == (
        f"Call us at … &amp; see <code>{NUMBER}</code> &lt;b&gt; "
        '<a href="https://x.example/2026112401" rel="noopener noreferrer">log</a>'
    )
