"""A rule as iCalendar (RFC 5545): what an operator's own calendar shows is what the portal plans.

A rule that RFC 5545 can say goes out as an RRULE, one event per time of the day; what policies shift or leave out
within the period becomes an override (RECURRENCE-ID) or EXDATE. A rule it cannot say (clamped 30th and 31st together,
steps that follow the clock) goes out as its dates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from opsportal.lib.late import Late
from opsportal.lib.recurrence.ical_text import rrule_text
from opsportal.lib.recurrence.place import Slot
from opsportal.lib.recurrence.rule import Rule
from opsportal.lib.recurrence.slots import between
from opsportal.lib.recurrence.zones import resolve, wall_span, zone_of

if TYPE_CHECKING:
    import icalendar
else:
    icalendar = Late("icalendar")

PRODUCT = "-//opsportal//schedules//EN"


@dataclass(frozen=True)
class Card:
    """What an event says beside its times. `stamp` (aware) is when it was last changed."""

    uid: str
    summary: str
    stamp: datetime
    description: str = ""


def to_ical(rule: Rule, card: Card, start: datetime, end: datetime) -> bytes:
    """A VCALENDAR with the rule's events and its time zone, right from `start` to `end` (aware)."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    for event in events(rule, card, start, end):
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def events(rule: Rule, card: Card, start: datetime, end: datetime) -> list[icalendar.Event]:
    """The rule's VEVENTs: their instants in [start, end) are those of `between`, paused slots left out.

    The series ends with `end`, since shifts beyond it are not known; a feed is written anew with a later one.
    """
    slots = [slot for slot in between(rule, start, end) if not slot.paused]
    text = rrule_text(rule)
    if text is None:
        return _dated(card, slots)
    zone = zone_of(rule.zone)
    planned = {slot.planned: slot for slot in slots}
    series = _by_time(rule, zone, list(planned), start, end)
    return [event for at, walls in series for event in _series(_named(card, rule, at), zone, text, walls, planned)]


def _by_time(
    rule: Rule, zone: ZoneInfo, planned: list[datetime], start: datetime, end: datetime
) -> list[tuple[time, list[datetime]]]:
    """The planned wall times of the period and of what was moved into it, by time of the day."""
    low, high = wall_span(start, end, zone)
    walls = rule.series.between(min([low, *planned]), max([high, *planned]))
    ordered = sorted(walls, key=lambda wall: (wall.time(), wall))
    return [(at, list(those)) for at, those in groupby(ordered, key=datetime.time)]


def _named(card: Card, rule: Rule, at: time) -> Card:
    """Several times a day are several series, each with a UID of its own."""
    return card if rule.series.once_a_day else replace(card, uid=f"{card.uid}-{at:%H%M}")


def _series(
    card: Card, zone: ZoneInfo, text: str, walls: list[datetime], planned: dict[datetime, Slot]
) -> Iterator[icalendar.Event]:
    """The event of a series, then the overrides for its slots that are elsewhere or of another length."""
    length = next((_length(planned[wall]) for wall in walls if wall in planned), None)
    event = _event(card, walls[0].replace(tzinfo=zone), length)
    event.add("rrule", icalendar.vRecur.from_ical(f"{text};UNTIL={resolve(walls[-1], zone):%Y%m%dT%H%M%SZ}"))
    for wall in walls:
        if wall not in planned:
            event.add("exdate", wall.replace(tzinfo=zone))
    yield event
    for slot in (planned[wall] for wall in walls if wall in planned):
        if slot.at_utc != resolve(slot.planned, zone) or _length(slot) != length:
            override = _event(card, slot.at_utc, _length(slot))
            override.add("recurrence-id", slot.planned.replace(tzinfo=zone))
            yield override


def _dated(card: Card, slots: list[Slot]) -> list[icalendar.Event]:
    """Each slot an event of its own, named by its key."""
    return [_event(replace(card, uid=f"{card.uid}-{slot.key}"), slot.at_utc, _length(slot)) for slot in slots]


def _length(slot: Slot) -> timedelta | None:
    return slot.ends_utc - slot.at_utc if slot.ends_utc else None


def _event(card: Card, at: datetime, length: timedelta | None) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", card.uid)
    event.add("summary", card.summary)
    event.add("dtstamp", card.stamp.astimezone(UTC))
    event.add("dtstart", at)
    if card.description:
        event.add("description", card.description)
    if length is not None:
        event.add("duration", length)
    return event
