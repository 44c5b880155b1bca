"""One procedure that cannot be planned leaves the others alone."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procedures.actions.planning import plan_due
from procedures.models import Procedure, Run
from services.models import Service
from tests.factories import make_procedure, make_service

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def service(db: None) -> Service:
    return make_service()


def planned(service: Service, title: str, *, rule: str = "FREQ=DAILY", zone: str = "Europe/London") -> Procedure:
    procedure = make_procedure(service, title=title)
    Procedure.objects.filter(pk=procedure.pk).update(rrule=rule, due_time=time(9), time_zone=zone)
    return procedure


@pytest.mark.parametrize("zone", ["Europe", "../etc/passwd", "/etc", "Mars/Base", "x" * 60])
def test_a_zone_that_is_none_does_not_stop_the_others(service: Service, zone: str) -> None:
    planned(service, "Lost", zone=zone)
    good = planned(service, "Found")
    assert plan_due(now=NINE) == 1
    assert Run.objects.get().procedure == good


@pytest.mark.parametrize("rule", ["FREQ=MINUTELY", "FREQ=MINUTELY;INTERVAL=5"])
def test_what_is_due_every_few_minutes_is_no_checklist_and_floods_nothing(service: Service, rule: str) -> None:
    planned(service, "Ping", rule=rule)
    good = planned(service, "Morning look")
    plan_due(now=NINE)
    assert Run.objects.get().procedure == good


def test_planning_takes_as_many_queries_for_sixty_procedures_as_for_three(service: Service) -> None:
    taken = []
    for count in (3, 57):
        for number in range(count):
            planned(service, f"Look {count} {number}")
        with CaptureQueriesContext(connection) as queries:
            plan_due(now=NINE)
        taken.append(len(queries))
    assert taken[0] == taken[1]
