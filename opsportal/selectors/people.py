"""People and teams for those who manage them."""

from __future__ import annotations

from django.db.models import Count, Prefetch, Q, QuerySet

from contacts.models import Membership, Person, Role, Team
from opsportal.lib.typed import as_id

PAGE = 50
STATES = {"here": "here", "left": "left", "nologin": "without a login"}


def people_list(*, q: str = "", team: str = "", role: str = "", state: str = "here") -> QuerySet[Person]:
    """People by name, filtered; `state` is here (not left), left, nologin, or "" for all."""
    found = Person.objects.select_related("user").prefetch_related(_teams()).order_by("name", "pk")
    if q:
        found = found.filter(Q(name__icontains=q) | Q(email__icontains=q) | Q(user__username__icontains=q))
    member = {"memberships__team__slug": team} if team else {}
    member |= {"memberships__role": role} if role in Role.values else {}
    if member:
        found = found.filter(**member).distinct()
    wanted = {"here": Q(left_at=None), "left": Q(left_at__isnull=False), "nologin": Q(user=None, left_at=None)}
    return found.filter(wanted[state]) if state in wanted else found


def page_of(found: QuerySet[Person], after: str) -> tuple[list[Person], str]:
    """Fifty people behind the one with the id `after`, and the id to go on from ("" at the end)."""
    known = as_id(after)
    anchor = Person.objects.filter(pk=known).only("name").first() if known is not None else None
    if anchor is not None:
        found = found.filter(Q(name__gt=anchor.name) | Q(name=anchor.name, pk__gt=anchor.pk))
    rows = list(found[: PAGE + 1])
    return rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else ""


def teams_with_counts() -> QuerySet[Team]:
    """Teams by name with `n_people` (not left) and `n_services`."""
    here = Count("memberships", filter=Q(memberships__person__left_at=None), distinct=True)
    return Team.objects.annotate(n_people=here, n_services=Count("services", distinct=True)).order_by("name")


def memberships_of(person: Person) -> QuerySet[Membership]:
    return person.memberships.select_related("team").order_by("team__name")


def _teams() -> Prefetch[str]:
    return Prefetch("memberships", Membership.objects.select_related("team").order_by("team__name"))
