"""The Django admin: every page opens, lists stay quick, changes are audited, and history cannot be changed there."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.models import ApiToken, Contact, Directory, Membership, Person, Team, User
from opsportal.audit.models import AuditEvent
from opsportal.audit.trail import verify
from opsportal.runbooks.actions.imports import import_runbook
from opsportal.runbooks.exporter import export
from opsportal.runbooks.models import Revision
from procedures.models import ProcedureVersion, Run, RunStep, Step, StepEvent
from services.models import Fact, Metric, Service
from tests.audit.world import make_world

RUNBOOK = """# Operations Runbook

## Service Information
**Service Name**: Ledger

### Key Metrics
| Metric | Target | Alert Threshold |
|--------|--------|-----------------|
| Errors | < 1% | > 5% |
"""
OURS = {"audit", "contacts", "services", "procedures", "incidents", "runbooks", "opsportal"}
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
SEARCHED = [model for model in REGISTERED if model._meta.app_label in OURS]
READ_ONLY = [AuditEvent, StepEvent, Revision, ProcedureVersion, Step, Run, RunStep, ApiToken]


def address(model: type[models.Model], page: str, *arguments: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


@pytest.fixture
def service(db: None) -> Service:
    return make_world(1)


@pytest.fixture
def root(db: None) -> Client:
    """A superuser's browser."""
    client = Client()
    client.force_login(User.objects.create_superuser("root", password="pass-word-1"))
    return client


def form_of(response: Any) -> dict[str, Any]:
    """What the browser would send back unchanged: the values of the form and of the forms in it."""
    main = response.context["adminform"].form
    inlines = [inline.formset for inline in response.context["inline_admin_formsets"]]
    forms = [main, *(form for formset in inlines for form in [formset.management_form, *formset.forms])]
    values = {form.add_prefix(name): form[name].value() for form in forms for name in form.fields}
    for form in forms:  # what the page keeps hidden to see whether a value changed
        hidden = [name for name, field in form.fields.items() if field.show_hidden_initial]
        values |= {form.add_initial_prefix(name): form[name].value() for name in hidden}
    return {name: value for name, value in values.items() if value is not None and value is not False}


def test_every_model_is_in_the_admin() -> None:
    missing = [model for model in apps.get_models() if model._meta.app_label in OURS and model not in REGISTERED]
    assert not missing


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_list_add_and_change_page_open(model: type[models.Model], service: Service, root: Client) -> None:
    row = model._default_manager.order_by("pk").last()
    assert row is not None
    assert root.get(address(model, "changelist")).status_code == 200
    assert root.get(address(model, "change", row.pk)).status_code == 200
    request: Any = type("Request", (), {"user": User.objects.get(username="root")})()
    addable = admin.site._registry[model].has_add_permission(request)
    assert root.get(address(model, "add")).status_code == (200 if addable else 403)


@pytest.mark.parametrize("model", SEARCHED, ids=lambda model: model._meta.label)
def test_a_list_can_be_searched(model: type[models.Model], service: Service, root: Client) -> None:
    assert admin.site._registry[model].search_fields
    assert root.get(address(model, "changelist"), {"q": "something"}).status_code == 200


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_a_list_takes_the_same_statements_however_long(
    model: type[models.Model], service: Service, root: Client
) -> None:
    root.get(address(model, "changelist"))
    with CaptureQueriesContext(connection) as few:
        root.get(address(model, "changelist"))
    for number in range(2, 8):
        make_world(number)
    with CaptureQueriesContext(connection) as many:
        root.get(address(model, "changelist"))
    assert len(many) == len(few) <= 12


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda model: model._meta.label)
def test_history_cannot_be_changed(model: type[models.Model], service: Service, root: Client) -> None:
    row = model._default_manager.order_by("pk").last()
    assert row is not None
    before = list(model._default_manager.order_by("pk").values())
    assert root.post(address(model, "add"), {}).status_code == 403
    assert root.post(address(model, "change", row.pk), {"label": "other"}).status_code == 403
    assert root.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    root.post(address(model, "changelist"), chosen)
    assert list(model._default_manager.order_by("pk").values()) == before


def test_an_addition_a_change_and_a_removal_are_audited(service: Service, root: Client) -> None:
    root.post(address(Fact, "add"), {"service": service.pk, "name": "Seat", "value": "+44 20 7946 0100", "position": 5})
    fact = Fact.objects.get(name="Seat")
    page = address(Fact, "change", fact.pk)
    root.post(page, {**form_of(root.get(page)), "value": "+44 20 7946 0199"})
    root.post(address(Fact, "delete", fact.pk), {"post": "yes"})
    events = AuditEvent.objects.filter(subject=f"fact:{fact.pk}").order_by("seq")
    assert [(event.verb, event.actor_name) for event in events] == [
        ("admin.added", "root"),
        ("admin.changed", "root"),
        ("admin.deleted", "root"),
    ]
    assert events[1].data == {"fields": ["Value"]}
    assert "7946" not in str(list(events.values_list("data")))
    assert verify(AuditEvent.objects.order_by("seq")).broken_at is None


def test_a_change_counts_as_an_edit_of_the_service(service: Service, root: Client) -> None:
    metric = Metric.objects.get(service=service)
    page = address(Metric, "change", metric.pk)
    root.post(page, {**form_of(root.get(page)), "alert": "> 7 %"})
    metric.refresh_from_db()
    service.refresh_from_db()
    assert (metric.alert, service.edited) == ("> 7 %", 1)


def test_a_change_flows_back_into_the_document(root: Client) -> None:
    written = RUNBOOK.encode()
    import_runbook(data=written, person=None, now=timezone.now())
    metric = Metric.objects.get(name="Errors")
    assert export(metric.service) == written
    page = address(Metric, "change", metric.pk)
    root.post(page, {**form_of(root.get(page)), "alert": "> 7%"})
    assert export(metric.service) == written.replace(b"> 5%", b"> 7%")


def test_a_change_in_a_list_below_is_audited_with_its_fields(service: Service, root: Client) -> None:
    page = address(Directory, "change", service.directory_id)
    root.post(page, {**form_of(root.get(page)), "contacts-0-phone": "+44 20 7946 0100"})
    event = AuditEvent.objects.get(verb="admin.changed")
    assert Contact.objects.get(directory=service.directory).phone == "+44 20 7946 0100"
    assert event.data == {"fields": ["contact: Phone"]}


def test_removing_a_selection_is_one_transaction_with_its_events(
    service: Service, root: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    Fact.objects.create(service=service, name="Second")
    rows = list(Fact.objects.values_list("pk", flat=True))
    chosen = {"action": "delete_selected", "_selected_action": rows, "post": "yes"}
    monkeypatch.setattr("opsportal.audit.admin.AuditedAdmin.delete_queryset", fail)
    with pytest.raises(InterruptedError):
        root.post(address(Fact, "changelist"), chosen)
    assert not AuditEvent.objects.filter(verb="admin.deleted").exists()
    monkeypatch.undo()
    root.post(address(Fact, "changelist"), chosen)
    assert not Fact.objects.exists()
    assert AuditEvent.objects.filter(verb="admin.deleted").count() == 2


def fail(*_: object) -> None:
    raise InterruptedError


def test_a_new_password_is_audited_and_not_written_down(service: Service, root: Client) -> None:
    user = User.objects.get(username="user-1")
    page = reverse("admin:auth_user_password_change", args=[user.pk])
    sent = {"password1": "new-pass-word-7", "password2": "new-pass-word-7", "usable_password": "true"}
    assert root.post(page, sent).status_code == 302
    event = AuditEvent.objects.get(verb="admin.changed")
    user.refresh_from_db()
    assert user.check_password("new-pass-word-7")
    assert (event.subject, event.data) == (f"user:{user.pk}", {"fields": ["password"]})


def test_tokens_are_revoked_from_the_list(service: Service, root: Client) -> None:
    token = ApiToken.objects.get()
    root.post(address(ApiToken, "changelist"), {"action": "revoke", "_selected_action": [token.pk]})
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert AuditEvent.objects.filter(verb="token.revoked").count() == 1


def test_the_digest_of_a_token_is_not_shown(service: Service, root: Client) -> None:
    token = ApiToken.objects.get()
    assert token.digest not in root.get(address(ApiToken, "change", token.pk)).content.decode()


def test_nobody_logs_in_at_the_admin_itself(db: None) -> None:
    response = Client().get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/?next=")


def test_a_person_who_is_not_staff_is_refused(db: None) -> None:
    user = User.objects.create_user("ada")
    team = Team.objects.create(name="T", slug="t")
    Membership.objects.create(person=Person.objects.create(user=user, name="Ada"), team=team, role="admin")
    client = Client()
    client.force_login(user)
    assert client.get("/admin/", follow=True).status_code == 403
    user.is_staff = True
    user.save()
    assert client.get("/admin/").status_code == 200
    assert client.get(address(Service, "changelist")).status_code == 403


def test_lists_of_very_many_rows_are_counted_up_to_a_limit(
    service: Service, root: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opsportal.audit.admin.MOST_ROWS", 3)
    for number in range(5):
        Fact.objects.create(service=service, name=f"Fact {number}")
    response = root.get(address(Fact, "changelist"))
    assert response.context["cl"].paginator.count == 3
