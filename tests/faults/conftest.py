"""A world with schedules, whose clockwork runs as real processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from opsportal.models import Heartbeat
from opsportal.tasks import clockwork
from procedures.actions.clockwork import materialise
from procedures.models import Occurrence, Schedule
from services.models import Service
from tests.factories import make_procedure, make_service, make_team
from tests.peers.celery import Celery
from tests.peers.redis import Redis

Start = Callable[[str], Celery]
QUARTER = timedelta(minutes=15)


@pytest.fixture
def service(transactional_db: None) -> Service:
    return make_service(team=make_team())


@pytest.fixture
def start(process_env: dict[str, str], redis_server: Redis, tmp_path: Path) -> Iterator[Start]:
    """Start a worker or a beat on this test's database and Redis: `start("beat")`. All are killed at the end."""
    running: list[Celery] = []
    environment = {**process_env, "REDIS_URL": redis_server.url}

    def begin(kind: str) -> Celery:
        log = tmp_path / f"{kind}-{len(running)}.log"
        make = Celery.worker if kind == "worker" else Celery.beat
        running.append(make(environment, log))
        return running[-1]

    yield begin
    for process in running:
        process.kill()


def quarterly(service: Service, number: int, since: datetime) -> list[Schedule]:
    """Schedules of every 15 minutes, each with its procedure, planned from `since` on."""
    return [
        Schedule.objects.create(
            service=service,
            procedure=make_procedure(service, title=f"Look {one}"),
            title=f"Look {one}",
            rrule="FREQ=MINUTELY;INTERVAL=15",
            starts_on=since.date(),
            due_after=300,
            miss_after=600,
            catch_up="none",
            plan_at=since,
            planned_until=since,
        )
        for one in range(number)
    ]


def live_until(moment: datetime) -> None:
    """As if the clockwork had run until then."""
    materialise(now=moment, last_seen=moment)
    Heartbeat.objects.mark(clockwork.name, moment)


def past_quarter(now: datetime | None = None) -> datetime:
    """The last full quarter of an hour."""
    now = now or timezone.now()
    return now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)


def judged(since: datetime, until: datetime) -> int:
    """How many occurrences of a time are open, done or missed: everything but forgotten."""
    rows = Occurrence.objects.filter(at__gt=since, at__lte=until)
    return rows.exclude(state=Occurrence.State.PLANNED).count()
