"""Whether a schedule can be kept, said in a sentence before it is saved; and what its next dates would be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from opsportal.lib.errors import ActionError
from opsportal.lib.recurrence import Rule, omitted, upcoming
from opsportal.lib.recurrence.catchup import validate_timing
from opsportal.lib.recurrence.floating import floating_slot
from opsportal.lib.recurrence.sentence import floating_sentence, sentence
from opsportal.lib.recurrence.validate import validate
from opsportal.lib.recurrence.zones import zone_of
from procedures.models import Schedule

LONGEST = 366 * 24 * 3600  # seconds that a delay may have
FURTHEST = 10_000  # units of a floating distance, as in the INTERVAL of a rule
MOST_SHOWN = 50
Assign = Schedule.Assign


class BadTimes(ActionError):
    message = "Write times as 09:00, several with a space between: 09:00 17:00."


@dataclass(frozen=True, slots=True)
class Shown:
    """A date of a preview: the wall time of the rule's zone, the instant (None: left out), and every explanation."""

    local: datetime
    utc: datetime | None
    notes: tuple[str, ...]


def check(schedule: Schedule, *, whom: bool = True) -> None:
    """Raises ActionError with a sentence for a schedule, saved or not, that cannot be kept.

    Without `whom` it may have lost the person or team that was to do it: then the service's team does.
    """
    _check_delays(schedule)
    if not schedule.title.strip():
        raise ActionError("Say what is to be done.")
    if len(schedule.rrule) > 500 or len(schedule.times) > 200:
        raise ActionError("The rule is too long to be kept; make several schedules of it.")
    try:
        plain = schedule.plain_rule()
    except ValueError:
        raise BadTimes from None
    if schedule.floats:
        _check_floating(schedule)
    else:
        validate(schedule.rule() if schedule.pk else plain)
    if whom:
        _check_whom(schedule)


def words(schedule: Schedule) -> str:
    """The schedule as a sentence. Raises RuleError and ValueError for one that cannot be kept."""
    if schedule.floats:
        return floating_sentence(schedule.floating())
    return sentence(schedule.rule() if schedule.pk else schedule.plain_rule())


def preview(rule: Rule, now: datetime, number: int = 10) -> list[Shown]:
    """The next dates of a rule with the reasons for every shift, those left out among them, at most 50.

    Empty for a rule that has come to its end. Raises RuleError for what `validate` refuses: a rule that never happens
    says so.
    """
    validate(rule)
    slots = upcoming(rule, now, min(number, MOST_SHOWN))
    if not slots:
        return []
    left_out = (one for one in omitted(rule, now, slots[-1].at_utc) if not one.why.startswith("at the same time"))
    shown = [Shown(slot.local, slot.at_utc, slot.notes) for slot in slots]
    shown += [Shown(one.planned, None, (one.why,)) for one in islice(left_out, MOST_SHOWN)]
    return sorted(shown, key=lambda one: (one.local.replace(fold=0), one.utc is None))


def preview_of(schedule: Schedule, now: datetime, number: int = 10) -> list[Shown]:
    """As `preview`, for a schedule that need not be saved; of a floating one the first date."""
    check(schedule)
    if not schedule.floats:
        return preview(schedule.rule() if schedule.pk else schedule.plain_rule(), now, number)
    slot = floating_slot(schedule.floating(), None)
    return [Shown(slot.local, slot.at_utc, slot.notes)]


def _check_delays(schedule: Schedule) -> None:
    delays = {"open_before": schedule.open_before, "due_after": schedule.due_after, "miss_after": schedule.miss_after}
    if any(abs(seconds) > LONGEST for seconds in delays.values()) or abs(schedule.remind_before or 0) > LONGEST:
        raise ActionError("No delay can be longer than a year.")
    if (schedule.remind_before or 0) < 0:
        raise ActionError("The reminder comes before the work is due; its time cannot be negative.")
    validate_timing(schedule.timing())


def _check_floating(schedule: Schedule) -> None:
    if schedule.rrule:
        raise ActionError("A schedule counted from the last completion has a distance, not a rule.")
    if not 1 <= (schedule.every or 0) <= FURTHEST:
        raise ActionError(f"Say after how long it is due again: from 1 to {FURTHEST:,}.")
    if len(schedule.times.split()) != 1:
        raise ActionError("A schedule counted from the last completion has one time of the day.")
    zone_of(schedule.zone)
    floating_slot(schedule.floating(), None)


def _check_whom(schedule: Schedule) -> None:
    missing = {
        Assign.PERSON: (schedule.person_id, "Choose the person who is to do it."),
        Assign.ROLE: (schedule.role, "Choose the role whose people are to do it."),
        Assign.TEAM: (schedule.team_id, "Choose the team that is to do it."),
    }
    chosen, sentence_of = missing.get(Assign(schedule.assign), (True, ""))
    if not chosen:
        raise ActionError(sentence_of)
    if schedule.floats and schedule.share == Schedule.Share.ALL:
        raise ActionError("What is counted from the last completion is done by one of them, not by each.")


def changed_fields(before: dict[str, object], after: dict[str, object]) -> dict[str, list[str]]:
    """What an edit changed, for the audit trail: field → the value before and after, as text."""
    return {name: [str(before[name]), str(value)] for name, value in after.items() if before[name] != value}
