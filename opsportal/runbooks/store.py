"""Step trees in the database: versions of procedures, steps of issues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from contacts.models import Person
from incidents.models import IssueStep, KnownIssue
from opsportal.runbooks.phrases import time_box
from opsportal.runbooks.trees import Node, digest
from opsportal.runbooks.understand import whole_seconds
from procedures.models import Phase, Procedure, ProcedureVersion, Step


def new_version(procedure: Procedure, nodes: list[Node], *, author: Person | None, now: datetime) -> ProcedureVersion:
    """Write the nodes as the procedure's next version and make it current."""
    last = procedure.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = ProcedureVersion.objects.create(
        procedure=procedure, number=last + 1, digest=digest(nodes), created_at=now, author=author
    )
    _write_steps(version, nodes)
    procedure.current_version = version
    procedure.save(update_fields=["current_version"])
    return version


def _write_steps(version: ProcedureVersion, nodes: list[Node]) -> None:
    phases = {id(node): _phase(version, number, node) for number, node in enumerate(nodes, 1) if node.is_phase}
    Phase.objects.bulk_create(phases.values())
    top: list[tuple[Step, Node]] = []
    position = number = 0
    children: list[tuple[Step, Node]] = []
    for phase, node in _flat(nodes):
        position, number = position + 1, number + 1
        step = _step(version, node, position, str(number))
        step.phase = phases[id(phase)] if phase else None
        top.append((step, node))
        for index, child in enumerate(node.children, 1):
            position += 1
            children.append((_step(version, child, position, f"{number}.{index}"), node))
    Step.objects.bulk_create(step for step, _ in top)
    parents = {id(node): step for step, node in top}
    for step, parent in children:
        step.parent = parents[id(parent)]
        step.phase = step.parent.phase
    Step.objects.bulk_create(step for step, _ in children)


def _flat(nodes: Iterable[Node]) -> Iterator[tuple[Node | None, Node]]:
    """Every step with its phase, in order."""
    for node in nodes:
        if node.is_phase:
            for step in node.children:
                yield node, step
        else:
            yield None, node


def _phase(version: ProcedureVersion, position: int, node: Node) -> Phase:
    box = time_box(node.text)
    return Phase(
        version=version,
        position=position,
        title=node.text,
        from_seconds=whole_seconds(box.min) if box.understood else None,
        to_seconds=whole_seconds(box.max) if box.understood else None,
        source_key=node.source_key,
    )


def _step(version: ProcedureVersion, node: Node, position: int, number: str) -> Step:
    return Step(
        version=version,
        position=position,
        number=number,
        text=node.text,
        blocks=node.blocks,
        expected=node.expected,
        alert_if=node.alert_if,
        source_key=node.source_key,
    )


def keys_in_order(nodes: Iterable[Node]) -> list[str]:
    """The source keys of all steps and sub-steps in the order of their positions."""
    return [key for _, node in _flat(nodes) for key in (node.source_key, *(c.source_key for c in node.children))]


def version_nodes(version_ids: Iterable[int]) -> dict[int, list[Node]]:
    """The nodes of each version, in two queries."""
    ids = list(version_ids)
    steps = Step.objects.filter(version__in=ids).order_by("position")
    return nodes_of_versions(ids, Phase.objects.filter(version__in=ids), steps)


def nodes_of_versions(
    ids: Iterable[int], phase_rows: Iterable[Phase], step_rows: Iterable[Step]
) -> dict[int, list[Node]]:
    """The nodes of each version, from its phases and, in order, its steps."""
    trees: dict[int, list[Node]] = {pk: [] for pk in ids}
    phases = {phase.pk: Node(phase.title, is_phase=True, source_key=phase.source_key) for phase in phase_rows}
    steps: dict[int, Node] = {}
    for step in step_rows:
        node = steps[step.pk] = _stored(step)
        if step.parent_id:
            steps[step.parent_id].children.append(node)
        elif step.phase_id:
            phase = phases[step.phase_id]
            if not phase.children:
                trees[step.version_id].append(phase)
            phase.children.append(node)
        else:
            trees[step.version_id].append(node)
    return trees


def _stored(step: Step | IssueStep) -> Node:
    expected, alert_if = (step.expected, step.alert_if) if isinstance(step, Step) else ("", "")
    return Node(step.text, blocks=step.blocks, expected=expected, alert_if=alert_if, source_key=step.source_key)


def write_issue_steps(issue: KnownIssue, nodes: list[Node]) -> None:
    """Replace the steps of an issue's resolution."""
    issue.steps.all().delete()
    position = 0
    for node in nodes:
        position += 1
        parent = IssueStep.objects.create(
            issue=issue, position=position, text=node.text, blocks=node.blocks, source_key=node.source_key
        )
        children = [
            IssueStep(
                issue=issue,
                parent=parent,
                position=position + index,
                text=child.text,
                blocks=child.blocks,
                source_key=child.source_key,
            )
            for index, child in enumerate(node.children, 1)
        ]
        IssueStep.objects.bulk_create(children)
        position += len(children)


def issue_nodes(issue_ids: Iterable[int]) -> dict[int, list[Node]]:
    """The nodes of each issue, in one query."""
    ids = list(issue_ids)
    return nodes_of_issues(ids, IssueStep.objects.filter(issue__in=ids).order_by("position"))


def nodes_of_issues(ids: Iterable[int], step_rows: Iterable[IssueStep]) -> dict[int, list[Node]]:
    """The nodes of each issue, from its steps in order."""
    trees: dict[int, list[Node]] = {pk: [] for pk in ids}
    nodes: dict[int, Node] = {}
    for step in step_rows:
        node = nodes[step.pk] = _stored(step)
        if step.parent_id:
            nodes[step.parent_id].children.append(node)
        else:
            trees[step.issue_id].append(node)
    return trees
