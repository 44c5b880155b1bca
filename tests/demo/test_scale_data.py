"""`manage.py make_scale_data`: consistent rows, the asked-for amounts, and care for a database in use."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone

from contacts.models import Contact, EscalationLevel, Person, User
from opsportal.audit.models import AuditEvent
from opsportal.audit.trail import verify
from opsportal.runbooks.exporter import export
from procedures.actions import start_run
from procedures.models import Procedure, Run, RunStep, StepEvent, StepState
from services.models import Service

pytestmark = pytest.mark.django_db
SMALL = {"services": 7, "procedures_per_service": 10, "steps_per_procedure": 3, "steps": 1000, "verbosity": 0}


def test_the_amounts_are_those_asked_for_and_every_reference_leads_somewhere() -> None:
    call_command("make_scale_data", **SMALL)
    connection.check_constraints()
    assert Service.objects.count() == 7
    assert Procedure.objects.count() == 70
    assert RunStep.objects.filter(state=StepState.DONE).count() == StepEvent.objects.count() == 333 * 3
    assert Run.objects.filter(state=Run.State.COMPLETED).count() == 333
    assert Run.objects.unfinished().count() == 7 * 3
    assert not Run.objects.exclude(version__procedure__pk=F("procedure")).exists()
    assert not EscalationLevel.objects.exclude(contact_role__directory=F("directory")).exists()
    assert not RunStep.objects.exclude(step__version=F("run__version")).exists()
    assert verify(AuditEvent.objects.order_by("seq")).events == 333


def test_what_was_made_can_be_worked_with() -> None:
    call_command("make_scale_data", **SMALL)
    person = Person.objects.get(pk=Contact.objects.values_list("person", flat=True)[0])
    procedure = Procedure.objects.filter(category="weekly")[0]
    run = start_run(procedure=procedure, person=person, now=timezone.now())
    assert run.steps.count() == 3
    assert b"Not resolved after 15 minutes" in export(procedure.service)


def test_a_database_in_use_is_refused_and_with_yes_nothing_in_it_changes() -> None:
    call_command("make_scale_data", **SMALL)
    before = list(Service.objects.order_by("pk").values_list("pk", "slug", "name"))
    with pytest.raises(CommandError, match="--yes"):
        call_command("make_scale_data", **SMALL)
    call_command("make_scale_data", **SMALL, yes=True)
    connection.check_constraints()
    assert list(Service.objects.order_by("pk").values_list("pk", "slug", "name"))[:7] == before
    assert Service.objects.count() == 14
    assert verify(AuditEvent.objects.order_by("seq")).events == 666


@pytest.mark.parametrize("wrong", [{"services": 0}, {"steps": -1}, {"steps_per_procedure": 0}])
def test_amounts_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(CommandError, match="at least 1"):
        call_command("make_scale_data", **{**SMALL, **wrong})
    assert not User.objects.exists()


def test_another_seed_makes_other_operations() -> None:
    call_command("make_scale_data", **SMALL)
    first = list(StepEvent.objects.order_by("pk").values_list("op", "value"))[:50]
    call_command("make_scale_data", **SMALL, yes=True, seed=2)
    other = list(StepEvent.objects.order_by("pk").values_list("op", "value"))[-999:][:50]
    assert [value for _, value in first] == [value for _, value in other]
    assert not {op for op, _ in first} & {op for op, _ in other}
