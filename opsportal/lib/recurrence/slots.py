"""The slots of a rule between two instants, and the next one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import groupby, islice
from operator import attrgetter
from zoneinfo import ZoneInfo

from opsportal.lib.recurrence.business import MAX_SHIFT, NonBusiness
from opsportal.lib.recurrence.errors import RuleError
from opsportal.lib.recurrence.pattern import FIRST_DAY, LAST_DAY
from opsportal.lib.recurrence.place import Omitted, Slot, place, place_moved
from opsportal.lib.recurrence.rule import Rule
from opsportal.lib.recurrence.series import HORIZON
from opsportal.lib.recurrence.words import joined, short_day
from opsportal.lib.recurrence.zones import never_skipping, resolve, wall_span, wall_time, zone_of

MOST = 200_000  # slots in one answer: every five minutes for two years
EARLIEST, LATEST = (datetime.combine(day, time(), tzinfo=UTC) for day in (FIRST_DAY, LAST_DAY))
_TICK = timedelta(microseconds=1)
_FAR = timedelta(days=MAX_SHIFT + 8)  # no two wall times further apart come to the same instant
_when = attrgetter("at_utc")


def between(rule: Rule, start: datetime, end: datetime) -> list[Slot]:
    """The slots with start ≤ at_utc < end (aware datetimes), in order, paused ones included.

    Slots that come to the same instant (a Saturday's and a Monday's, both on Monday) are one. For any instants
    a ≤ b ≤ c, between(a, b) + between(b, c) is between(a, c). Raises RuleError for a rule that is none and for over
    200,000 slots.
    """
    zone = zone_of(rule.zone)
    placed = [slot for slot in _placed(rule, zone, start, end) if isinstance(slot, Slot)]
    inside = [slot for slot in placed if start <= slot.at_utc < end]
    if len(inside) > 1:
        inside = [_merged(list(same)) for _, same in groupby(sorted(inside, key=_when), key=_when)]
    if rule.changes:
        kept = [slot for slot in inside if slot.key not in rule.changed]
        inside = sorted([*kept, *_moved(rule, zone, start, end)], key=_when)
    return inside


def omitted(rule: Rule, start: datetime, end: datetime) -> list[Omitted]:
    """What the rule plans from `start` to `end` but has no slot of its own for, each with its reason, in order."""
    zone = zone_of(rule.zone)
    placed = _placed(rule, zone, start - _FAR, end + _FAR)
    without = [item for item in placed if isinstance(item, Omitted)]
    slots = sorted((slot for slot in placed if isinstance(slot, Slot)), key=_when)
    for _, same in groupby(slots, key=_when):
        without += _without_own(rule, list(same))
    inside = [item for item in without if start <= (resolve(item.planned, zone) or start) < end]
    return sorted(inside, key=attrgetter("planned"))


def next_after(rule: Rule, instant: datetime) -> Slot | None:
    """The first slot later than `instant` (aware) that is not paused; None when there is none within 60 years."""
    zone = zone_of(rule.zone)
    since = instant + _TICK
    for until in _reaches(rule, zone, since):
        if found := [slot for slot in between(rule, since, until) if not slot.paused]:
            return found[0]
        since = until
    return None


def upcoming(rule: Rule, instant: datetime, number: int) -> list[Slot]:
    """The next `number` slots later than `instant` that are not paused."""
    found: list[Slot] = []
    while len(found) < number and (slot := next_after(rule, found[-1].at_utc if found else instant)):
        found.append(slot)
    return found


def _placed(rule: Rule, zone: ZoneInfo, start: datetime, end: datetime) -> list[Slot | Omitted]:
    """All that comes of the wall times that can resolve into [start, end), and some around them."""
    if end <= start or start >= LATEST:
        return []
    low, high = wall_span(max(start, EARLIEST), min(end, LATEST), zone)
    if rule.non_business == NonBusiness.NEXT:
        low = rule.calendar.reach_back(low)
    elif rule.non_business == NonBusiness.PREVIOUS:
        high = rule.calendar.reach_on(high)
    walls = list(islice(rule.series.between(low, high), MOST + 1))
    if len(walls) > MOST:
        raise RuleError(f"The schedule happens over {MOST:,} times in that period; ask for a shorter one.")
    return [placed for wall in walls for placed in place(rule, zone, wall)]


def _merged(same: list[Slot]) -> Slot:
    """One slot for those at one instant: the one that was planned there, else the earliest planned."""
    if len(same) == 1:
        return same[0]
    own = _own(same)
    others = [short_day(slot.planned) + f" {slot.planned:%H:%M}" for slot in same if slot is not own]
    return replace(own, notes=(*own.notes, f"also for {joined(others)}"))


def _own(same: list[Slot]) -> Slot:
    return next((slot for slot in same if slot.planned == slot.local), same[0])


def _moved(rule: Rule, zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[Slot]:
    for change in rule.changed.values():
        at = resolve(change.to, zone, never_skipping(rule.gap), rule.overlap) if change.to else None
        if at and start <= at < end and isinstance(moved := place_moved(rule, zone, change), Slot):
            yield moved


def _without_own(rule: Rule, same: list[Slot]) -> Iterator[Omitted]:
    """Of the slots at one instant: those another one stands in for, and that one if it was left out."""
    kept = _own(same)
    for slot in same:
        change = rule.changed.get(slot.key)
        if slot is not kept:
            yield Omitted(slot.key, slot.planned, f"at the same time as the one planned for {short_day(kept.planned)}")
        elif change and not change.to:
            yield Omitted(slot.key, slot.planned, change.reason or "left out")


def _reaches(rule: Rule, zone: ZoneInfo, since: datetime) -> Iterator[datetime]:
    """Instants up to which to look for the next slot: over one planned time, then two more, four …, to the horizon."""
    walls = rule.series.since(wall_time(since, zone).replace(fold=0))
    number = 1
    while chunk := list(islice(walls, number)):
        yield max(since, resolve(chunk[-1], zone) or since) + _TICK
        number *= 2
    yield since + HORIZON  # what was shifted or moved to after the rule's last planned time
