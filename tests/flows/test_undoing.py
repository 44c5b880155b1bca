"""An edit is undone by a new revision; each record has its history."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Contact, Person
from incidents.models import IssueStep, KnownIssue
from opsportal.runbooks.exporter import export
from opsportal.runbooks.models import RecordChange, Revision
from procedures.models import Procedure
from services.models import Metric, Service
from tests.factories import make_runbook, make_team, runbook, visitor
from tests.flows.editing import form_at
from tests.flows.sending import text

BASE = runbook("Desk", rows=2)


@pytest.fixture
def desk(db: None) -> Service:
    make_team()
    return make_runbook(BASE).service


@pytest.fixture
def editor(ed: Person, desk: Service) -> Client:
    return visitor(ed)


def edit_of(desk: Service, kind: str, pk: int) -> str:
    return reverse("record_edit", args=[desk.slug, kind, pk])


def change(editor: Client, address: str, **fields: str) -> None:
    form = form_at(editor, address) | {name: [value] for name, value in fields.items()}
    assert editor.post(address, form).status_code == 302


def undo(editor: Client, number: int, status: int = 302) -> str:
    response = editor.post(f"/services/desk/history/{number}/undo/")
    assert response.status_code == status
    return text(response)


def document(desk: Service) -> str:
    """The runbook without its change log, which keeps both the edit and its undo."""
    return export(desk).decode().partition("## Change Log")[0]


def test_an_undone_metric_says_what_it_said_before(editor: Client, desk: Service) -> None:
    before = document(desk)
    metric = Metric.objects.get(name="Crates 1")
    change(editor, edit_of(desk, "metric", metric.pk), target="< 9%")
    assert "Undo this edit" in text(editor.get("/services/desk/history/2/"))
    undo(editor, 2)
    assert document(desk) == before
    assert Revision.objects.get(state="active").note == "Undo of revision 2: Changed: Crates 1"


def test_an_undone_procedure_has_its_former_steps(editor: Client, desk: Service) -> None:
    before = document(desk)
    procedure = Procedure.objects.get(title="Round 1")
    form = form_at(editor, edit_of(desk, "procedure", procedure.pk))
    form |= {"row": [*reversed(form["row"]), "99"], "99-text": ["Call Kim"], "1-critical": ["on"]}
    editor.post(edit_of(desk, "procedure", procedure.pk), form)
    assert "Call Kim" in document(desk)
    undo(editor, 2)
    assert document(desk) == before


def test_an_undone_removal_brings_the_record_back(editor: Client, desk: Service) -> None:
    round_2 = Procedure.objects.get(title="Round 2")
    contact = Contact.objects.get(role="Lead 2")
    editor.post(f"{edit_of(desk, 'procedure', round_2.pk)}remove/", {"seen": "1"})
    editor.post(f"{edit_of(desk, 'contact', contact.pk)}remove/", {"seen": "2"})
    undo(editor, 2)
    undo(editor, 3)
    assert Procedure.objects.current().filter(pk=round_2.pk).exists()
    assert "1. Open board 2\n2. Count crates\n" in document(desk)
    assert "| Lead 2 | Noor 2 | noor2@parcel.example | +44 20 7946 0802 | Kim |" in document(desk)


def test_an_undone_addition_goes_again(editor: Client, desk: Service) -> None:
    before = document(desk)
    new = reverse("record_new", args=[desk.slug, "contact"])
    editor.post(new, form_at(editor, new) | {"role": ["Deputy"]})
    undo(editor, 2)
    assert document(desk) == before


def test_the_steps_of_an_issue_follow_its_text_there_and_back(editor: Client, desk: Service) -> None:
    before, issue = document(desk), KnownIssue.objects.get(title="Jam 1")
    change(editor, edit_of(desk, "issue", issue.pk), resolution="1. Press reset twice\n2. Wait")
    steps = IssueStep.objects.filter(issue=issue).order_by("position")
    assert list(steps.values_list("text", flat=True)) == ["Press reset twice", "Wait"]
    undo(editor, 2)
    assert document(desk) == before
    assert list(steps.values_list("text", flat=True)) == ["Press reset 1", "Wait a minute"]


def test_an_issue_gets_a_part_it_did_not_have(editor: Client, desk: Service) -> None:
    issue = KnownIssue.objects.get(title="Jam 1")
    change(editor, edit_of(desk, "issue", issue.pk), prevention="Oil the belt\nSweep the bay", causes="Dust")
    assert "**Prevention**:\n- Oil the belt\n- Sweep the bay\n" in document(desk)
    issue.refresh_from_db()
    assert (issue.causes, issue.prevention) == ("Dust", "Oil the belt\nSweep the bay")


def test_an_edit_that_was_edited_again_is_not_undone_over_it(editor: Client, desk: Service) -> None:
    metric = edit_of(desk, "metric", Metric.objects.get(name="Crates 1").pk)
    change(editor, metric, target="< 9%")
    change(editor, metric, target="< 8%")
    assert "changed again since" in undo(editor, 2, 409)
    assert Metric.objects.get(name="Crates 1").target == "< 8%"
    undo(editor, 3)
    undo(editor, 4)
    assert Metric.objects.get(name="Crates 1").target == "< 8%"


def test_an_import_is_no_edit_to_undo(editor: Client, desk: Service) -> None:
    assert "can be undone" in undo(editor, 1, 422)


def test_who_does_not_edit_does_not_undo(editor: Client, desk: Service, ada: Person) -> None:
    change(editor, edit_of(desk, "metric", Metric.objects.get(name="Crates 1").pk), target="< 9%")
    assert visitor(ada).post("/services/desk/history/2/undo/").status_code == 403
    assert "Undo this edit" not in text(visitor(ada).get("/services/desk/history/2/"))


def test_who_changed_this_metric_when(editor: Client, desk: Service, ed: Person, mia: Person) -> None:
    metric = Metric.objects.get(name="Crates 1")
    history = f"{edit_of(desk, 'metric', metric.pk)}history/"
    assert "Not changed since it came into the runbook" in text(editor.get(history))
    change(editor, edit_of(desk, "metric", metric.pk), target="< 9%", note="Too tight")
    make_runbook(export(desk).decode().replace("< 9%", "< 8%"), person=mia)
    page = text(visitor(mia).get(history))
    for words in ("Ed Editor", "Mia Manager", "&lt; 1%", "&lt; 9%", "&lt; 8%", "Too tight"):
        assert words in page
    assert page.index("Mia Manager") < page.index("Ed Editor")


def test_a_proposal_leaves_its_trace_when_it_is_approved(editor: Client, desk: Service, mia: Person) -> None:
    Service.objects.filter(pk=desk.pk).update(requires_approval=True)
    change(editor, edit_of(desk, "metric", Metric.objects.get(name="Crates 1").pk), target="< 9%", propose="1")
    assert RecordChange.objects.count() == 0
    visitor(mia).post("/services/desk/history/2/approve/")
    assert RecordChange.objects.get().fields == {"target": ["< 1%", "< 9%"]}
    Service.objects.filter(pk=desk.pk).update(requires_approval=False)
    undo(editor, 2)
    assert Metric.objects.get(name="Crates 1").target == "< 1%"


def test_the_reason_of_a_refusal_reaches_the_author(editor: Client, desk: Service, mia: Person) -> None:
    metric = edit_of(desk, "metric", Metric.objects.get(name="Crates 1").pk)
    change(editor, metric, target="< 9%", propose="1")
    assert "Yours, waiting" in text(editor.get("/changes/"))
    assert "For you to decide" in text(visitor(mia).get("/changes/"))
    visitor(mia).post("/services/desk/history/2/reject/", {"reason": "Belts jam at 5%"})
    assert "Belts jam at 5%" in text(editor.get("/changes/"))
    assert "Belts jam at 5%" in text(editor.get("/services/desk/history/2/"))
