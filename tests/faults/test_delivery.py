"""Senders that are killed, and a queue that is emptied: nothing is lost, and what may have arrived says so."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from contacts.actions import enqueue
from contacts.actions.channels import add_channel, switch_own_email
from contacts.actions.leases import PER_LANE
from contacts.actions.messages import DELIVER
from contacts.models import Attempt, Channel, Message, Person
from opsportal.celery import app
from tests.factories import make_person
from tests.peers.celery import Celery
from tests.peers.process import kill, wait_for
from tests.peers.redis import Redis
from tests.peers.web_server import Reply, Request, WebServer

ROOT = Path(__file__).resolve().parents[2]
KILLS, MESSAGES = 12, 300


@pytest.fixture
def receiver() -> Iterator[WebServer]:
    server = WebServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def environment(process_env: dict[str, str], receiver: WebServer) -> dict[str, str]:
    """Of a process that may reach the receiver."""
    return {**process_env, "OUTGOING_ALLOW": "127.0.0.1", "OUTGOING_PORTS": str(receiver.port)}


@pytest.fixture
def ada(transactional_db: None, receiver: WebServer) -> Person:
    """Somebody who is told by a webhook only."""
    person = make_person()
    switch_own_email(owner=person, enabled=False, by=person, now=timezone.now())
    add_channel(owner=person, kind="webhook", address=f"{receiver.url}/in", by=person, now=timezone.now())
    Message.objects.all().delete()
    Channel.objects.update(verified_at=timezone.now())
    return person


def tell(person: Person, key: str) -> None:
    with transaction.atomic():
        enqueue(key=key, to=person, subject=f"About {key}", text="", now=timezone.now())


def sender(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """A process that sends what is due, and ends."""
    command = [sys.executable, "manage.py", "deliver_due"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)


def expire_leases() -> None:
    """As if the half minute were over."""
    Message.objects.filter(state="waiting").update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_sender_killed_between_the_acceptance_and_writing_it_down_repeats_once(
    ada: Person, receiver: WebServer, environment: dict[str, str]
) -> None:
    ids = list[str]()

    def take(request: Request) -> Reply:
        ids.append(request.headers["webhook-id"])
        if len(ids) == 1:
            kill(first)
        return Reply()

    receiver.behave = take
    tell(ada, "page:1")
    first = sender(environment)
    wait_for(lambda: first.poll() is not None, "the sender was killed")
    assert Message.objects.get().state == "waiting"
    assert sender(environment).wait(30) == 0
    assert len(receiver.requests) == 1, "the lease still holds"
    expire_leases()
    assert sender(environment).wait(30) == 0
    assert ids == ["page:1", "page:1"]
    assert [json.loads(request.body)["data"]["repeat"] for request in receiver.requests] == [False, True]
    assert list(Attempt.objects.order_by("n").values_list("outcome", flat=True)) == ["unknown", "accepted"]
    assert Message.objects.get().state == "sent"


def test_senders_killed_again_and_again_lose_nothing(
    ada: Person, receiver: WebServer, environment: dict[str, str]
) -> None:
    """Three at once, of which one is killed again and again, over some hundred messages."""
    receiver.behave = lambda _: Reply(wait=random.uniform(0.005, 0.03))
    for number in range(MESSAGES):
        tell(ada, f"page:{number}")
    command = [sys.executable, "-m", "tests.faults.senders"]
    parent = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, start_new_session=True)
    born: list[int] = []
    reading = threading.Thread(target=_read_numbers, args=(parent, born))
    reading.start()
    killed, until = 0, time.monotonic() + 120
    try:
        while parent.poll() is None and time.monotonic() < until:
            if killed < KILLS and len(receiver.requests) > 10 + killed * MESSAGES // KILLS * 0.8:
                killed += _killed(random.choice(born))
            time.sleep(0.02)
    finally:
        kill(parent)
        reading.join()
    _nothing_lost(receiver, killed)


def _read_numbers(parent: subprocess.Popen[bytes], into: list[int]) -> None:
    if parent.stdout is not None:
        into.extend(int(line) for line in parent.stdout)


def _killed(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def _nothing_lost(receiver: WebServer, killed: int) -> None:
    """Each message arrived, and whatever came a second time said so; no more of that than attempts that were killed.

    A first arrival may call itself a repeat: its sender was killed before it sent anything, which nobody can know.
    """
    told: dict[str, list[bool]] = defaultdict(list)
    for request in receiver.requests:
        told[request.headers["webhook-id"]].append(json.loads(request.body)["data"]["repeat"])
    assert set(told) == {f"page:{number}" for number in range(MESSAGES)}
    assert [key for key, repeats in told.items() if repeats.count(False) > 1] == []
    assert sum(len(repeats) - 1 for repeats in told.values()) <= killed * PER_LANE
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    assert killed == KILLS


@pytest.mark.once
def test_an_emptied_queue_and_a_killed_worker_lose_nothing(
    ada: Person, receiver: WebServer, environment: dict[str, str], redis_server: Redis, tmp_path: Path
) -> None:
    environment = {**environment, "REDIS_URL": redis_server.url}
    receiver.behave = lambda _: Reply(wait=0.02)
    for number in range(60):
        tell(ada, f"page:{number}")
    with app.connection_for_write(redis_server.url) as connection:
        for _ in range(20):
            app.send_task(DELIVER, connection=connection)
    redis_server.flush()
    beat, worker = Celery.beat(environment, tmp_path / "beat"), Celery.worker(environment, tmp_path / "worker")
    try:
        wait_for(lambda: len(receiver.requests) > 10, "beat rang and the worker began", patience=60)
        worker.kill()
        redis_server.flush()
        expire_leases()
        worker = Celery.worker(environment, tmp_path / "second")
        wait_for(lambda: not Message.objects.filter(state="waiting").exists(), "all were sent", patience=60)
    finally:
        worker.kill()
        beat.kill()
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 60
