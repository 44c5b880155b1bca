"""Teams, and who does what in them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from contacts.actions.administrators import one_stays
from contacts.models import Membership, Person, Role, Team
from opsportal.audit.trail import Happening, record, record_many
from opsportal.lib.errors import ActionError, Conflict


class TeamTaken(Conflict):
    message = "There is a team of this name already."


class UnknownRole(ActionError):
    message = "Somebody is a viewer, operator, editor, manager or admin."


class HasLeft(ActionError):
    message = "This person has left; take them back first."


def add_team(
    *, name: str, by: Person, now: datetime, email: str = "", phone: str = "", second_factor_required: bool = False
) -> Team:
    """A new team; `phone` is the on-call line that its members see on every page. Raises TeamTaken."""
    name = name.strip()
    with transaction.atomic():
        _free(name)
        team = Team.objects.create(
            name=name,
            slug=_free_slug(name),
            email=email.strip(),
            phone=phone.strip(),
            second_factor_required=second_factor_required,
        )
        record(verb="team.added", subject=team, actor=by, now=now)
    return team


def change_team(
    *,
    team: Team,
    name: str,
    email: str,
    phone: str,
    by: Person,
    now: datetime,
    second_factor_required: bool | None = None,
) -> list[str]:
    """Give a team another name, address, on-call line or rule; returns what changed. Its slug stays, for links to it.

    `second_factor_required` as it was when None.

    Raises TeamTaken.
    """
    values: dict[str, object] = {"name": name.strip(), "email": email.strip(), "phone": phone.strip()}
    if second_factor_required is not None:
        values["second_factor_required"] = second_factor_required
    with transaction.atomic():
        _free(name.strip(), but=team)
        current = Team.objects.select_for_update().get(pk=team.pk)
        changed = [field for field, value in values.items() if getattr(current, field) != value]
        if changed:
            Team.objects.filter(pk=team.pk).update(**values)
            current.refresh_from_db()
            record(verb="team.changed", subject=current, actor=by, now=now, fields=changed)
    return changed


def set_role(*, person: Person, team: Team, role: str, by: Person, now: datetime) -> bool:
    """Put somebody into a team, or change what they may do there; False if it was so already.

    Raises UnknownRole, HasLeft, LastAdministrator.
    """
    if role not in Role.values:
        raise UnknownRole
    if person.left_at is not None:
        raise HasLeft
    with transaction.atomic(), one_stays():
        membership, made = Membership.objects.get_or_create(person=person, team=team, defaults={"role": role})
        if not made and membership.role == role:
            return False
        Membership.objects.filter(pk=membership.pk).update(role=role)
        told = {"team": team.name, "role": role, "before": "" if made else membership.role}
        record_many([Happening("person.role_set", person, by, now, told, team.pk)])
    return True


def remove_from_team(*, person: Person, team: Team, by: Person, now: datetime) -> bool:
    """Take somebody out of a team; False if they were not in it. Raises LastAdministrator."""
    with transaction.atomic(), one_stays():
        membership = Membership.objects.filter(person=person, team=team).first()
        if membership is None:
            return False
        membership.delete()
        told = {"team": team.name, "before": membership.role}
        record_many([Happening("person.role_removed", person, by, now, told, team.pk)])
    return True


def _free(name: str, but: Team | None = None) -> None:
    if not name:
        raise ActionError("A team needs a name.")
    same = Team.objects.filter(name__iexact=name)
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise TeamTaken


def _free_slug(name: str) -> str:
    """The name as part of an address; with a number behind it where another team has that already."""
    base = slugify(name)[:50] or "team"
    taken = set(Team.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for number in range(1, len(taken) + 2) if (slug := _numbered(base, number)) not in taken)


def _numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base}-{number}"
