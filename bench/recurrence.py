"""How many next occurrences a second: our engine, from any day on, against dateutil's rrule from the old start.

Run `python -m bench.recurrence`; prints JSON. Rates are per second of CPU, the best of several rounds. "cold" asks a
rule that no one has asked before in this process, with a time zone and half of them with a holiday calendar.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from time import process_time
from typing import TypeVar

from cronsim import CronSim
from dateutil.rrule import rrulestr

from opsportal.lib.recurrence import BusinessCalendar, NonBusiness, Rule, between, next_after

START = date(2015, 1, 5)
NOW = datetime(2026, 11, 5, 7, 12, tzinfo=UTC)
ROUNDS = 5
T = TypeVar("T")
TEXTS = (
    "FREQ=DAILY",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
    "FREQ=MONTHLY;BYMONTHDAY=31",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")
MINUTELY = "FREQ=MINUTELY;INTERVAL=15"


def main() -> None:
    """Print the rates and their ratios."""
    kept, shifted = _rules(holidays=False), _rules(holidays=True)
    answer: dict[str, float] = {
        "next_per_second": _rate(next_after, kept),
        "next_with_holidays_per_second": _rate(next_after, shifted),
        "next_cold_per_second": _rate(next_after, _fresh(), rounds=1),
        "rrule_from_old_start_per_second": _rate(_rrule_next, TEXTS),
        "rrule_minutely_from_old_start_per_second": _rate(_rrule_next, [MINUTELY], rounds=1),
        "next_minutely_per_second": _rate(next_after, [Rule(MINUTELY, (time(9),), "Europe/Berlin", START)] * 500),
        "cronsim_daily_per_second": _rate(_cron_next, ["0 9 * * *"] * 500),
        "between_60_days_slots_per_second": _between_rate([*kept, *shifted]),
    }
    answer["times_rrule"] = answer["next_per_second"] / answer["rrule_from_old_start_per_second"]
    print(json.dumps({name: round(value, 1) for name, value in answer.items()}, indent=2))


def _rules(*, holidays: bool) -> list[Rule]:
    way = NonBusiness.NEXT if holidays else NonBusiness.KEEP
    calendar = BusinessCalendar("DE", "BE") if holidays else BusinessCalendar()
    pairs = product(TEXTS, ZONES, range(6, 18))
    return [Rule(text, (time(hour),), zone, START, non_business=way, calendar=calendar) for text, zone, hour in pairs]


def _fresh() -> list[Rule]:
    """Rules nobody asked before: other hours and starts; as in life, most share the pattern of their days."""
    calendar = BusinessCalendar("DE", "BY")
    ways = (NonBusiness.KEEP, NonBusiness.PREVIOUS)
    rules = []
    for text, zone, number in product(TEXTS, ZONES, range(40)):
        at, start = (time(number % 24, 30),), START + timedelta(days=number)
        rules.append(Rule(text, at, zone, start, non_business=ways[number % 2], calendar=calendar))
    return rules


def _rate(next_of: Callable[[T, datetime], object], items: Sequence[T], rounds: int = ROUNDS) -> float:
    """The best rate of some rounds over all items, each asked at an instant of its own."""
    moments = [NOW + timedelta(hours=7 * number) for number in range(len(items))]
    best = 0.0
    for _ in range(rounds):
        began = process_time()
        for item, moment in zip(items, moments, strict=True):
            next_of(item, moment)
        best = max(best, len(items) / (process_time() - began))
    return best


def _rrule_next(text: str, moment: datetime) -> datetime | None:
    rule = rrulestr(text, dtstart=datetime.combine(START, time(9)))
    return rule.after(moment.replace(tzinfo=None))


def _cron_next(text: str, moment: datetime) -> datetime:
    return next(CronSim(text, moment))


def _between_rate(rules: Sequence[Rule]) -> float:
    began = process_time()
    number = sum(len(between(rule, NOW, NOW + timedelta(days=60))) for rule in rules)
    return number / (process_time() - began)


if __name__ == "__main__":
    main()
