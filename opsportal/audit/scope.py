"""Whose event it is: the team whose managers may read it.

A model says in `AUDIT_TEAM` on which way its rows lead to a team, as a query would: "procedure__service__team".
Where the way forks, as from a maintenance window to its services, the team made first has the event. Events about
rows without such a way are for administrators only.
"""

from __future__ import annotations

from django.db import models

Known = dict[tuple[str, object, str], int | None]


def team_of(subject: models.Model, known: Known | None = None) -> int | None:
    """Id of the row's team; None without one. One query at most, none where the way is loaded or in `known`."""
    row, way = subject, str(getattr(subject, "AUDIT_TEAM", ""))
    while way:
        step, _, rest = way.partition("__")
        field = row._meta.get_field(step)
        if not rest and isinstance(field, models.Field):
            team: int | None = field.value_from_object(row)
            return team
        if step not in row._state.fields_cache:
            return _asked(row, way, {} if known is None else known)
        below = row._state.fields_cache[step]
        if below is None:
            return None
        row, way = below, rest
    return None


def _asked(row: models.Model, way: str, known: Known) -> int | None:
    """The team at the end of the way, by a query that begins as far along it as the row itself knows."""
    step, _, rest = way.partition("__")
    field = row._meta.get_field(step)
    if isinstance(field, models.ForeignKey):
        model, key, way = field.remote_field.model, field.value_from_object(row), rest
    else:
        model, key = type(row), row.pk
    if key is None:
        return None
    asked = (model._meta.label, key, way)
    if asked not in known:
        teams = model._base_manager.filter(pk=key, **{f"{way}__isnull": False})
        known[asked] = teams.order_by(way).values_list(way, flat=True).first()
    return known[asked]
