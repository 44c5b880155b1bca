"""Where a service asks for approval, a second person decides; documents leave as downloads."""

from __future__ import annotations

import pytest

from contacts.models import Person, Role
from opsportal.runbooks.models import Revision
from services.models import Metric, Service
from tests.factories import make_person, make_runbook, make_team, runbook, visitor
from tests.flows.sending import text

TIGHTER = runbook().replace("| Crates 1 | < 1% |", "| Crates 1 | < 0.5% |")
PROPOSAL = "/services/parcel-desk/history/2/"


@pytest.fixture
def proposed(mia: Person) -> Revision:
    """A change by the manager herself that waits for somebody else."""
    service = make_runbook(runbook()).service
    Service.objects.filter(pk=service.pk).update(requires_approval=True)
    return make_runbook(TIGHTER, person=mia).revision


def other_manager() -> Person:
    return make_person("Max Second", role=Role.MANAGER, team=make_team("Ledger crew"))


def target() -> str:
    return Metric.objects.get(name="Crates 1").target


def test_nobody_approves_a_proposal_of_ones_own(proposed: Revision, mia: Person) -> None:
    assert "Approve and make it active" not in text(visitor(mia).get(PROPOSAL))
    refused = visitor(mia).post(f"{PROPOSAL}approve/")
    assert refused.status_code == 403
    assert "another person has to approve it" in text(refused)
    assert target() == "< 1%"


def test_another_manager_sees_the_change_and_approves_it_once(proposed: Revision) -> None:
    max_ = other_manager()
    assert "&lt; 0.5%" in text(visitor(max_).get(PROPOSAL))
    assert PROPOSAL in text(visitor(max_).get("/changes/"))
    assert visitor(max_).post(f"{PROPOSAL}approve/").status_code == 302
    assert target() == "< 0.5%"
    again = visitor(max_).post(f"{PROPOSAL}approve/")
    assert again.status_code == 409
    assert "decided on this revision already" in text(again)


def test_who_is_no_manager_of_the_team_does_not_decide(proposed: Revision, ed: Person, ada: Person) -> None:
    for person in (ed, ada):
        assert visitor(person).post(f"{PROPOSAL}approve/").status_code == 403
        assert visitor(person).post(f"{PROPOSAL}reject/", {"reason": "no"}).status_code == 403
    assert Revision.objects.get(number=2).state == "proposed"


def test_a_proposal_is_turned_down_with_a_reason_and_withdrawn_by_its_author(proposed: Revision, mia: Person) -> None:
    without = visitor(other_manager()).post(f"{PROPOSAL}reject/", {"reason": " "})
    assert without.status_code == 422
    assert "Say why" in text(without)
    assert visitor(mia).post(f"{PROPOSAL}reject/", {"reason": "found a mistake"}).status_code == 302
    assert Revision.objects.get(number=2).state == "rejected"
    assert target() == "< 1%"


@pytest.mark.parametrize("path", ["runbook.md", "history/1/source.md"])
def test_a_document_is_downloaded_and_never_shown_as_a_page(ada: Person, path: str) -> None:
    make_runbook(runbook() + "\n<script>alert(1)</script>\n")
    response = visitor(ada).get(f"/services/parcel-desk/{path}")
    assert response["Content-Disposition"].startswith('attachment; filename="parcel-desk')
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "text/markdown; charset=utf-8"


def test_what_was_never_revised_is_not_found(vi: Person) -> None:
    make_runbook(runbook())
    assert visitor(vi).get("/services/parcel-desk/history/99/").status_code == 404
    assert visitor(vi).get("/services/parcel-desk/history/99/source.md").status_code == 404
    assert visitor(vi).get("/services/nowhere/runbook.md").status_code == 404
