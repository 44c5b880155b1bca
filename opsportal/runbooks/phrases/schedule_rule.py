"""From the slots of a schedule to its facts: the RFC 5545 rule, the time, the window, and what must be asked."""

from __future__ import annotations

from opsportal.runbooks.phrases import schedule_words as sw
from opsportal.runbooks.phrases.clock import hhmm
from opsportal.runbooks.phrases.json import Facts
from opsportal.runbooks.phrases.schedule_state import Schedule
from opsportal.runbooks.phrases.tokens import text_of

_PROSE = 12  # a longer text around a mere time of day is a sentence, not a schedule
_PERIODS_PER_YEAR = 12
_NAMES = dict(
    zip(sw.DAY_CODES, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)


def facts_of(schedule: Schedule) -> Facts:
    """Facts of a scanned schedule; empty when it holds none."""
    if not _anything(schedule):
        return {}
    freq, every = _frequency(schedule)
    facts: Facts = {}
    if freq or schedule.options or schedule.asks:
        rule = None if schedule.options or not freq else _rule(schedule, freq, every)
        facts.update(rrule=rule, freq=freq or None)
    if not schedule.explicit and freq:
        facts["inherits"] = True
    _add_times(schedule, facts)
    _add_rest(schedule, facts)
    return facts


def _anything(schedule: Schedule) -> bool:
    named = bool(
        schedule.freq
        or schedule.days
        or schedule.month_days
        or schedule.months
        or schedule.week
        or schedule.options
        or schedule.set_pos
    )
    loose = bool(schedule.times or schedule.span or schedule.part)
    if schedule.explicit or schedule.events or schedule.flags.get("continuous") or "rotation" in schedule.flags:
        return True
    words = sum(token.kind == "word" for token in schedule.rest)
    return (named or loose) and words <= _PROSE


def _frequency(schedule: Schedule) -> tuple[str, int]:
    """FREQ and INTERVAL, by what was said or, failing that, by the days that were named."""
    freq, every = schedule.freq, schedule.interval
    if not freq:
        freq = _implied(schedule)
    if freq == "DAILY" and every == 1 and schedule.days:
        freq = "WEEKLY"
    if schedule.ordinals and freq in {"", "WEEKLY", "DAILY"}:
        freq, every = "MONTHLY", 1
    if (
        schedule.count
        and freq == "YEARLY"
        and every == 1
        and _PERIODS_PER_YEAR % schedule.count == 0
        and not schedule.months
    ):
        freq, every = "MONTHLY", _PERIODS_PER_YEAR // schedule.count
    return freq, every


def _implied(schedule: Schedule) -> str:
    if schedule.ordinals or schedule.month_days or schedule.set_pos or schedule.week:
        return "YEARLY" if schedule.months else "MONTHLY"
    if schedule.months:
        return "YEARLY"
    if schedule.days:
        return "WEEKLY"
    if (schedule.times or schedule.span or schedule.part) and not schedule.events and not schedule.options:
        return "DAILY"
    return ""


def _rule(schedule: Schedule, freq: str, every: int) -> str:
    parts = [f"FREQ={freq}"]
    if every != 1:
        parts.append(f"INTERVAL={every}")
    if schedule.months:
        parts.append(f"BYMONTH={_joined(schedule.months)}")
    if schedule.month_days:
        parts.append(f"BYMONTHDAY={_joined(schedule.month_days)}")
    if schedule.days and not schedule.month_days:
        nth = schedule.ordinals or ("",)
        parts.append("BYDAY=" + ",".join(f"{n}{day}" for n in nth for day in _week_order(schedule.days)))
    if schedule.set_pos:
        parts.append(f"BYSETPOS={schedule.set_pos}")
    return ";".join([*parts, *_by_hours(schedule)])


def _joined(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))


def _week_order(days: tuple[str, ...]) -> list[str]:
    return [code for code in sw.DAY_CODES if code in days]


def _by_hours(schedule: Schedule) -> list[str]:
    """BYHOUR (and BYMINUTE) for several times a day that share their minute; others stay in `times`."""
    times = sorted({clock.minutes % 1440 for clock in schedule.times})
    if len(times) < 2 or len({minutes % 60 for minutes in times}) > 1:
        return []
    by_minute = [f"BYMINUTE={times[0] % 60}"] if times[0] % 60 else []
    return [f"BYHOUR={','.join(str(minutes // 60) for minutes in times)}", *by_minute]


def _add_times(schedule: Schedule, facts: Facts) -> None:
    _add_parts(schedule, facts)
    if schedule.span:
        facts.update(time=hhmm(schedule.span.start), end=hhmm(schedule.span.stop))
        if "end_day" not in schedule.flags:
            facts.update({"window": schedule.span.seconds} | ({"next_day": True} if schedule.span.next_day else {}))
    elif len(schedule.times) == 1:
        facts["time"] = hhmm(schedule.times[0].minutes % 1440)  # 24:00 is the midnight a day begins with
    elif schedule.times:
        facts["times"] = [hhmm(minutes) for minutes in sorted(clock.minutes % 1440 for clock in schedule.times)]
    elif schedule.part:
        facts["time"] = None
    if schedule.zone:
        facts["tz"] = schedule.zone.name


def _add_parts(schedule: Schedule, facts: Facts) -> None:
    if schedule.part:
        facts["part"] = schedule.part
    if schedule.more_parts:
        facts["parts"] = [schedule.part, *schedule.more_parts]


def _add_rest(schedule: Schedule, facts: Facts) -> None:
    if schedule.week is not None:
        facts.update(week=schedule.week, day=None if not schedule.days else schedule.days[0])
    if schedule.events:
        facts["event"] = schedule.events[0]
        if len(schedule.events) > 1:
            facts["events"] = list(schedule.events)
    if schedule.count:
        facts["count"] = schedule.count
    facts.update(schedule.flags)
    asks = [*schedule.asks, *_open_questions(schedule, facts)]
    if asks:
        facts["ask"] = " ".join(dict.fromkeys(asks))
    if schedule.options:
        facts["options"] = list(schedule.options)
    if note := _trimmed(schedule):
        facts["note"] = note


_EDGES = {
    "and",
    "&",
    "only",
    "at",
    "on",
    "und",
    "et",
    "y",
    "e",
    "the",
    "of",
    "in",
    "each",
    "every",
    "from",
    "by",
    "le",
    "la",
    "和",
    "jeden",
    "des",
    "within",
}


def _trimmed(schedule: Schedule) -> str:
    """The words no rule took, without the small ones that only joined what the rules took."""
    rest = list(schedule.rest)
    while rest and (rest[0].kind == "punct" or rest[0].key in _EDGES):
        rest.pop(0)
    while rest and (rest[-1].kind == "punct" or rest[-1].key in _EDGES):
        rest.pop()
    return text_of(schedule.source, rest).strip("()[]+ ;,:-.&/")


def _open_questions(schedule: Schedule, facts: Facts) -> list[str]:
    freq = facts.get("freq")
    if (
        freq in {"MONTHLY", "YEARLY"}
        and schedule.days
        and not (schedule.ordinals or schedule.set_pos or schedule.month_days or schedule.week)
    ):
        return [
            f"Which {'/'.join(_NAMES[day] for day in schedule.days)} of the {'month' if freq == 'MONTHLY' else 'year'}: first, second, third, fourth or last?"
        ]
    spread = freq == "MONTHLY" and schedule.freq == "YEARLY"
    known = {
        "DAILY": len(schedule.times),
        "WEEKLY": len(schedule.days),
        "MONTHLY": len(schedule.month_days) or len(schedule.ordinals),
    }
    if schedule.count and not spread and isinstance(freq, str) and known.get(freq, 0) < schedule.count:
        unit = {"DAILY": "times of the day", "WEEKLY": "days of the week", "MONTHLY": "days of the month"}.get(
            freq, "times"
        )
        return [f"On which {schedule.count} {unit}?"] if freq != "DAILY" else [f"At which {schedule.count} {unit}?"]
    return []
