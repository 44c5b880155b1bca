"""Two people edit: nobody is overwritten unseen, either version can be taken, and a change may be proposed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Person
from opsportal.runbooks.models import Revision
from procedures.models import Procedure
from services.models import Metric, Service
from tests.factories import make_runbook, make_team, visitor
from tests.flows.editing import DESK, address, document, fields_in, form_at, rid, steps
from tests.flows.sending import text


@pytest.fixture
def desk(db: None) -> Service:
    make_team()
    return make_runbook(DESK).service


@pytest.fixture
def editor(ed: Person, desk: Service) -> Client:
    return visitor(ed)


def test_an_editor_may_propose_where_publishing_is_free(editor: Client, desk: Service, mia: Person) -> None:
    fields = form_at(editor, address())
    fields[f"{rid(fields, 'Close')}-text"] = ["Close the big board"]
    editor.post(address(), fields | {"propose": ["1"]})
    assert Revision.objects.get(number=2).state == "proposed"
    assert steps()[-1] == "Close the board"
    visitor(mia).post(reverse("revision_approve", args=[desk.slug, 2]))
    assert steps()[-1] == "Close the big board"


def test_a_change_of_another_record_is_no_conflict(editor: Client, desk: Service) -> None:
    fields = form_at(editor, address())
    metric = reverse("record_edit", args=[desk.slug, "metric", Metric.objects.get().pk])
    editor.post(metric, form_at(editor, metric) | {"target": ["< 3%"]})
    fields[f"{rid(fields, 'Close')}-text"] = ["Close the big board"]
    assert editor.post(address(), fields).status_code == 302
    assert "< 3%" in document(desk)
    assert "Close the big board" in document(desk)


def test_the_slower_of_two_sees_both_versions_and_takes_either(editor: Client, desk: Service) -> None:
    mine, theirs = form_at(editor, address()), form_at(editor, address())
    theirs |= {"duration": ["5 minutes"], f"{rid(theirs, 'Close')}-text": ["Close the other board"]}
    editor.post(address(), theirs)
    mine |= {"duration": ["9 minutes"], f"{rid(mine, 'Close')}-text": ["Close my board"]}
    late = editor.post(address(), mine)
    assert late.status_code == 409
    for words in ("5 minutes", "9 minutes", "Close the other board", "Close my board"):
        assert words in text(late)
    taken = editor.post(address(), fields_in(text(late)) | {"take": ["duration"]})
    assert fields_in(text(taken))["duration"] == ["5 minutes"]
    taken = editor.post(address(), fields_in(text(taken)))
    assert taken.status_code == 302
    assert steps()[-1] == "Close my board"
    assert Procedure.objects.get(title="Morning round").duration == "5 minutes"


def test_the_steps_that_stand_can_be_taken_over_too(editor: Client, desk: Service) -> None:
    mine, theirs = form_at(editor, address()), form_at(editor, address())
    editor.post(address(), theirs | {f"{rid(theirs, 'Close')}-text": ["Close the other board"]})
    late = editor.post(address(), mine | {f"{rid(mine, 'Close')}-text": ["Close my board"]})
    taken = fields_in(text(editor.post(address(), fields_in(text(late)) | {"take": ["steps"]})))
    assert taken[f"{rid(taken, 'Close')}-text"] == ["Close the other board"]


def test_a_record_removed_meanwhile_keeps_what_was_typed(editor: Client, desk: Service) -> None:
    edit = reverse("record_edit", args=[desk.slug, "metric", Metric.objects.get().pk])
    mine = form_at(editor, edit) | {"target": ["< 4%"]}
    editor.post(f"{edit}remove/", {"seen": "1"})
    late = editor.post(edit, mine)
    assert late.status_code == 409
    assert "Somebody removed this record" in text(late)
    assert editor.post(edit, fields_in(text(late))).status_code == 302
    assert Metric.objects.get().target == "< 4%"
