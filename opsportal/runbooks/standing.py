"""All records of a service as they stand, in two queries whatever there is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import F

from incidents.models import IssueStep
from opsportal.runbooks import store
from opsportal.runbooks.mapping import FLAT, ISSUE, PROCEDURE, Mapping
from opsportal.runbooks.trees import Node
from opsportal.selectors.together import together
from procedures.models import Phase, Procedure, Step
from services.models import Service


@dataclass(slots=True)
class Standing:
    """Rows by kind in their order, and the steps of procedures and issues by kind and row id."""

    rows: dict[str, list[models.Model]] = field(default_factory=dict)
    nodes: dict[str, dict[int, list[Node]]] = field(default_factory=dict)

    @classmethod
    def of(cls, service: Service) -> Standing:
        """Everything the service has now; rows of a service that is not there yet are none."""
        current = {"version__procedure__service": service, "version": F("version__procedure__current_version")}
        found: dict[str, list[Any]] = together(
            {mapping.kind.value: mapping.rows_of(service) for mapping in (*FLAT, ISSUE)}
            | {
                "phases": Phase.objects.filter(**current, version__procedure__retired_at=None),
                "steps": Step.objects.filter(**current, version__procedure__retired_at=None),
                "issue_steps": IssueStep.objects.filter(issue__service=service),
            }
        )
        for rows in found.values():
            rows.sort(key=lambda row: (row.position, row.pk))
        procedures = list(PROCEDURE.rows_of(service))
        found[PROCEDURE.kind.value] = procedures
        steps, phases, issue_steps = found.pop("steps"), found.pop("phases"), found.pop("issue_steps")
        versions = {row.current_version_id: row.pk for row in procedures if isinstance(row, Procedure)}
        # what a known issue runs as is a procedure of the service too, but none of its document's
        phases, steps = ([row for row in rows if row.version_id in versions] for rows in (phases, steps))
        trees = store.nodes_of_versions([pk for pk in versions if pk], phases, steps)
        return cls(
            rows=found,
            nodes={
                PROCEDURE.kind.value: {versions[version]: nodes for version, nodes in trees.items()},
                ISSUE.kind.value: store.nodes_of_issues([row.pk for row in found[ISSUE.kind.value]], issue_steps),
            },
        )

    def rows_of(self, mapping: Mapping) -> list[models.Model]:
        return self.rows.get(mapping.kind.value, [])

    def nodes_of(self, mapping: Mapping) -> dict[int, list[Node]]:
        return self.nodes.get(mapping.kind.value, {})
