"""One tick of the schedules: plan ahead, write down what was missed, open what is due, remind."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from procedures.actions.opening import open_due, settle
from procedures.actions.planning import plan_schedules
from procedures.actions.reminders import remind

LONGEST = 60.0  # seconds of work in one tick; what is left is done by the next


@dataclass(frozen=True, slots=True)
class Tick:
    """How many schedules were planned and had missed occurrences, how many occurrences were opened and reminded of."""

    planned: int
    settled: int
    opened: int
    reminded: int = 0


def materialise(*, now: datetime, last_seen: datetime) -> Tick:
    """Bring the occurrences up to `now`. Idempotent; any number at once.

    `last_seen` is when this was last known to have run to its end: from then to `now` the portal was down, if that is
    longer than a few ticks.
    """
    until = time.monotonic() + LONGEST

    def stop() -> bool:
        return time.monotonic() > until

    planned = plan_schedules(now=now, last_seen=last_seen, stop=stop)
    settled = settle(now=now, last_seen=last_seen, stop=stop)
    opened = open_due(now=now, last_seen=last_seen, stop=stop)
    return Tick(planned, settled, opened, remind(now=now, stop=stop))
