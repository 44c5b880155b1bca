"""Where one planned wall time of a rule ends up: on which day, at which instant, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from opsportal.lib.recurrence.business import NonBusiness
from opsportal.lib.recurrence.rule import AGAIN, Change, Rule
from opsportal.lib.recurrence.words import day_words, short_day
from opsportal.lib.recurrence.zones import Gap, changes_at, never_skipping, passes, resolve, wall_time

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """One occurrence. `key` names it within its schedule for good, whatever shifts it; `planned` is the naive wall
    time of the rule (iCalendar's RECURRENCE-ID), `local` the one it has come to, `at_utc` the instant. `ends_utc` is
    the end of a window. `notes` say why it is not where the rule has it; `paused` why it is cancelled.
    """

    key: str
    planned: datetime
    local: datetime
    at_utc: datetime
    ends_utc: datetime | None = None
    notes: tuple[str, ...] = ()
    paused: str = ""


@dataclass(frozen=True, slots=True)
class Omitted:
    """A planned wall time without a slot of its own, and why."""

    key: str
    planned: datetime
    why: str


def place(rule: Rule, zone: ZoneInfo, planned: datetime) -> Iterator[Slot | Omitted]:
    """What becomes of a planned wall time: a slot, two in a repeated hour, or none with the reason."""
    local, notes = planned, _clamp_notes(rule, planned)
    if rule.non_business != NonBusiness.KEEP and (off := rule.calendar.reason_off(planned.date())):
        day = rule.calendar.shifted(planned.date(), rule.non_business)
        if not day:
            yield Omitted(rule.key(planned), planned, _omission(rule, off))
            return
        local = datetime.combine(day, planned.time())
        notes = (*notes, f"moved to {day_words(day)}: {off}")
    if rule.series.follows_the_clock:
        yield from _each_pass(rule, zone, planned, local, notes)
    else:
        yield _once(rule, zone, rule.key(planned), planned, local, notes)


def place_moved(rule: Rule, zone: ZoneInfo, change: Change) -> Slot | Omitted | None:
    """The slot of a change at its new wall time, where a day off does not shift it again; None without either."""
    planned = rule.planned(change.key)
    if not planned or not change.to:
        return None
    note = f"moved from {day_words(planned)} {planned:%H:%M}" + (f": {change.reason}" if change.reason else "")
    return _once(replace(rule, gap=never_skipping(rule.gap)), zone, change.key, planned, change.to, (note,))


def _once(
    rule: Rule, zone: ZoneInfo, key: str, planned: datetime, local: datetime, notes: tuple[str, ...]
) -> Slot | Omitted:
    at = resolve(local, zone, rule.gap, rule.overlap)
    if at is None:
        return Omitted(key, planned, f"DST gap: {local:%H:%M} does not exist")
    actual = local
    if changes_at(local, zone):
        actual = wall_time(at, zone)
        skipped = f"DST gap → {actual:%H:%M}"
        notes = (*notes, skipped if actual != local else f"DST overlap → {rule.overlap} {local:%H:%M}")
    return Slot(key, planned, actual, at, _end(rule, zone, local, at), notes, rule.pause_on(actual.date()))


def _each_pass(
    rule: Rule, zone: ZoneInfo, planned: datetime, local: datetime, notes: tuple[str, ...]
) -> Iterator[Slot | Omitted]:
    key, paused = rule.key(planned), rule.pause_on(local.date())
    instants = passes(local, zone)
    if not instants:
        yield Omitted(key, planned, f"DST gap: {local:%H:%M} does not exist")
    for number, at in enumerate(instants):
        again = (AGAIN, ("DST overlap → second pass",)) if number else ("", ())
        moment = local.replace(fold=number)
        yield Slot(key + again[0], planned, moment, at, _end(rule, zone, local, at), (*notes, *again[1]), paused)


def _end(rule: Rule, zone: ZoneInfo, local: datetime, at: datetime) -> datetime | None:
    """The end of the window that begins at wall time `local`: its own wall time, so a night of a change is 7 or 9 h."""
    if rule.duration is not None:
        return at + rule.duration
    if rule.ends is None:
        return None
    wall = datetime.combine(local.date(), rule.ends)
    wall = wall if wall > local else wall + _DAY
    end = resolve(wall, zone, Gap.RFC, rule.overlap) or at
    return end if end > at else at + (wall - local)  # a window that lies in the gap as a whole keeps its length


def _clamp_notes(rule: Rule, planned: datetime) -> tuple[str, ...]:
    wanted = rule.series.pattern.clamped_from(planned.date())
    return (f"{wanted} → {short_day(planned.date())} (clamped)",) if wanted else ()


def _omission(rule: Rule, off: str) -> str:
    if rule.non_business == NonBusiness.SKIP:
        return f"not a business day: {off}"
    return f"no business day near: {off}"
