"""Many tables in one statement give the rows that each would give by itself."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Model
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from opsportal.selectors.together import Together
from procedures.models import MaintenanceTask, Run
from services.models import ChangeEntry, Command, Metric, Service
from tests.factories import make_runbook, runbook


@pytest.fixture
def desk(db: None) -> Service:
    service = make_runbook(runbook(rows=3)).service
    service.metrics.filter(position=1).update(extra={"Owner": "Ola", "Ways": ["a", {"b": None}]})
    service.maintenance_tasks.filter(position=1).update(due_time="09:30")
    return service


def test_rows_read_together_are_the_rows_themselves(desk: Service) -> None:
    with CaptureQueriesContext(connection) as captured:
        found = Together(
            lambda: {
                "metrics": desk.metrics.all(),
                "changes": desk.changes.all(),
                "commands": desk.commands.all(),
                "tasks": desk.maintenance_tasks.all(),
            }
        ).rows()
    assert len(captured) == 1
    kinds: dict[str, type[Model]] = {
        "metrics": Metric,
        "changes": ChangeEntry,
        "commands": Command,
        "tasks": MaintenanceTask,
    }
    for name, model in kinds.items():
        expected = {row.pk: model_to_dict(row) for row in model._default_manager.filter(service=desk)}
        assert expected
        assert {row.pk: model_to_dict(row) for row in found[name]} == expected


def test_a_row_read_together_can_be_saved_as_any_other(desk: Service) -> None:
    metric = Together(lambda: {"metrics": desk.metrics.all(), "facts": desk.facts.all()}).rows()["metrics"][0]
    metric.name = "Renamed"
    metric.save(update_fields=["name"])
    assert desk.metrics.filter(name="Renamed").count() == 1


def test_tables_with_instants_are_refused(desk: Service) -> None:
    with pytest.raises(TypeError, match="Run has instants"):
        Together(lambda: {"metrics": desk.metrics.all(), "runs": Run.objects.all()}).rows()
