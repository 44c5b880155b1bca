"""The clockwork as real processes that are killed, doubled and left dead for hours: no instant is lost or doubled.

The numbers are those of the fault battery: what was done and what was missed is what was due, whatever happened.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db.models import Count
from django.utils import timezone

from opsportal.models import Heartbeat
from opsportal.tasks import clockwork
from procedures.models import Occurrence, Run, Schedule
from services.models import Service
from tests.faults.conftest import QUARTER, Start, judged, live_until, past_quarter, quarterly
from tests.peers.celery import ROOT
from tests.peers.process import wait_for

HOURS = 3
SCHEDULES = 12
SLOTS = SCHEDULES * HOURS * 4

KILLED_WHILE_PLANNING = """
import os, signal
import django
django.setup()
from django.utils import timezone
from procedures.actions import clockwork, planning
written = planning.floating.plan_next
def die(*arguments, **more):  # the rows are inserted, when to look again is not written yet
    os.kill(os.getpid(), signal.SIGKILL)
planning.floating.plan_next = die
clockwork.materialise(now=timezone.now(), last_seen=timezone.now())
"""

AT_ANOTHER_TIME = """
import datetime, sys
import time_machine
shift = datetime.timedelta(hours=int(sys.argv[1]))
time_machine.travel(datetime.datetime.now(datetime.timezone.utc) + shift, tick=True).start()
import django
django.setup()
from opsportal.tasks import clockwork
clockwork()
"""


def doubled() -> list[object]:
    slots = Occurrence.objects.values("schedule", "slot").annotate(number=Count("pk")).filter(number__gt=1)
    instants = Occurrence.objects.values("schedule", "at").annotate(number=Count("pk")).filter(number__gt=1)
    return [*slots, *instants]


def test_killed_between_the_rows_and_the_next_look_nothing_is_lost_or_doubled(
    service: Service, process_env: dict[str, str], start: Start
) -> None:
    """Case 3."""
    quarterly(service, 3, past_quarter())
    Schedule.objects.update(rrule="FREQ=HOURLY", times=f"{past_quarter():%H:%M}", miss_after=3600)
    killed = subprocess.run([sys.executable, "-c", KILLED_WHILE_PLANNING], cwd=ROOT, env=process_env, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not Occurrence.objects.exists()  # one transaction: the rows went with it
    start("worker")
    start("beat")
    wait_for(lambda: not Schedule.objects.to_plan(timezone.now()).exists(), "all was planned")
    wait_for(lambda: Run.objects.count() == 3, "all that is due was opened")
    assert doubled() == []
    assert Occurrence.objects.values("schedule").annotate(Count("pk")).count() == 3


def test_dead_for_three_hours_every_instant_is_a_run_or_missed(service: Service, start: Start) -> None:
    """Case 4: 12 schedules of 15 minutes; the first half of the time is planned already, as it always is."""
    until = past_quarter()
    since = until - timedelta(hours=HOURS)
    quarterly(service, SCHEDULES, since + timedelta(seconds=1))
    live_until(since + timedelta(seconds=2))
    start("worker")
    began = timezone.now()
    start("beat")
    wait_for(lambda: judged(since, until) >= SLOTS, "all was caught up on", patience=60)
    assert timezone.now() - began <= timedelta(seconds=60)
    rows = Occurrence.objects.filter(at__gt=since, at__lte=until)
    assert rows.count() == judged(since, until) == SLOTS == 144
    missed = rows.filter(state="missed")
    assert missed.count() >= SLOTS - SCHEDULES
    assert set(missed.exclude(at=until).values_list("reason", flat=True)) == {"system"}
    assert Run.objects.filter(occurrence__in=rows).count() == SLOTS
    assert doubled() == []


@pytest.mark.parametrize("number", [2, 5])
def test_several_beats_and_workers_at_once_double_nothing(service: Service, start: Start, number: int) -> None:
    """Case 5."""
    since = past_quarter() - timedelta(hours=1)
    quarterly(service, 30, since)
    Schedule.objects.update(rrule="FREQ=HOURLY")
    for _ in range(2):
        start("worker")
    for _ in range(number):
        start("beat")
    wait_for(lambda: not Schedule.objects.to_plan(timezone.now()).exists(), "all was planned", patience=60)
    wait_for(lambda: not Occurrence.objects.opening(timezone.now()).exists(), "all was opened", patience=60)
    assert doubled() == []
    every = Occurrence.objects.filter(at__lt=since + timedelta(days=59)).values("schedule").annotate(number=Count("pk"))
    assert {row["number"] for row in every} == {59 * 24}
    assert Run.objects.count() == Run.objects.values("occurrence").distinct().count()


@pytest.mark.parametrize(("rule", "says"), [("FREQ=NEVER", "FREQ"), ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", "")])
def test_a_rule_that_raises_or_never_fires_leaves_the_others_on_time(
    service: Service, start: Start, rule: str, says: str
) -> None:
    """Case 16."""
    since = past_quarter()
    good = quarterly(service, 5, since)
    bad = quarterly(service, 1, since)[0]
    Schedule.objects.filter(pk=bad.pk).update(rrule=rule)
    start("worker")
    start("beat")
    wait_for(lambda: Run.objects.count() == len(good), "the others were opened")
    bad.refresh_from_db()
    assert says in bad.quarantine_error
    assert bool(bad.quarantined_until) == bool(says)
    wait_for(lambda: Heartbeat.objects.heard(clockwork.name) is not None, "the tick ended well")


def test_a_clock_that_goes_wrong_on_one_host_moves_nothing(service: Service, process_env: dict[str, str]) -> None:
    """Case 14: the clock of a host is an hour behind, then two ahead; rows are judged by the database's.

    Under SQLite the host's clock is the database's, so that it must at least never lose or double an instant.
    """
    now = past_quarter() + QUARTER / 3
    quarterly(service, 4, past_quarter() - timedelta(hours=2))
    live_until(now - timedelta(hours=2) + QUARTER / 2)
    for hours in (-1, 2, 0):
        subprocess.run([sys.executable, "-c", AT_ANOTHER_TIME, str(hours)], cwd=ROOT, env=process_env, check=True)
    assert doubled() == []
    since, until = past_quarter() - timedelta(hours=2) + QUARTER, past_quarter()
    assert not Occurrence.objects.filter(at__gte=since, at__lte=until, state="planned").exists()
    per_schedule = Occurrence.objects.filter(at__gte=since, at__lte=until).values("schedule").annotate(n=Count("pk"))
    assert {row["n"] for row in per_schedule} == {8}
    if "DATABASE_URL" in process_env:
        assert not Run.objects.filter(opens_at__gt=timezone.now()).exists()
