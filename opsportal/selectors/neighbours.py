"""The services around a service: what it needs, what needs it, two steps far at most; as a picture and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from opsportal.lib.graph import Graph, Node, graph, levels_from
from opsportal.lib.prepared import Given, PreparedObjects
from services.models import Dependency, ExternalDependency, Service

MOST = 400  # arrows
RELATIONS = {-1: "This service needs it", 1: "It needs this service"}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A row of the table; without `href` somebody else's service."""

    name: str
    href: str
    relation: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    picture: Graph
    rows: Sequence[Neighbour]


def _around() -> QuerySet[Dependency]:
    this = Given("service")
    needed = Dependency.objects.filter(service=this).values("needs")
    needing = Dependency.objects.filter(needs=this).values("service")
    around = Q(service=this) | Q(needs=this) | Q(service__in=needed) | Q(needs__in=needing)
    return Dependency.objects.filter(around).select_related("service", "needs").order_by("pk")[:MOST]


ARROWS = PreparedObjects[Dependency](_around)


def arrows_around(service: Service) -> list[Dependency]:
    """The arrows of the service and of its neighbours on the far side, with both ends; one statement."""
    return ARROWS.all(service=service.pk)


def neighbours(
    service: Service, arrows: Sequence[Dependency], external: Iterable[ExternalDependency]
) -> Neighbours | None:
    """The picture and its table; None for a service that stands alone."""
    services = {str(end.pk): end for arrow in arrows for end in (arrow.service, arrow.needs)}
    pairs = [(str(arrow.service_id), str(arrow.needs_id)) for arrow in arrows]
    middle = str(service.pk)
    levels = {middle: 0} | dict(levels_from(middle, pairs))
    services[middle] = service
    others = [Node(key, services[key].name, services[key].get_absolute_url(), level) for key, level in levels.items()]
    theirs = [Node(f"x{row.pk}", row.name, "", -1) for row in external]
    nodes = sorted([*others, *theirs], key=lambda node: (node.level, node.name.casefold()))
    if len(nodes) < 2:
        return None
    ends = [*pairs, *((middle, node.key) for node in theirs)]
    names = {node.key: node.name for node in nodes}
    rows = [Neighbour(node.name, node.href, _relation(node, ends, levels, names)) for node in nodes if node.level]
    return Neighbours(graph(nodes, ends), rows)


def _relation(node: Node, ends: Sequence[tuple[str, str]], levels: dict[str, int], names: dict[str, str]) -> str:
    if not node.href:
        return "This service needs it; it is not ours"
    if node.level in RELATIONS:
        return RELATIONS[node.level]
    if node.level < 0:
        through = sorted(names[a] for a, b in ends if b == node.key and levels.get(a) == -1)
        return f"Needed by {', '.join(through)}"
    through = sorted(names[b] for a, b in ends if a == node.key and levels.get(b) == 1)
    return f"Needs {', '.join(through)}"
