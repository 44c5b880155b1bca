"""Run by `test_delivery`: senders as processes, each of which is forked anew when it is killed, until nothing waits.

Prints the number of each process. Leases are two seconds long, so that nobody waits half a minute for one to run out.
"""

from __future__ import annotations

import importlib
import os
import time
from datetime import timedelta

import django
from django.utils import timezone

SENDERS = 3
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opsportal.settings")
django.setup()
delivery = importlib.import_module("contacts.delivery")
models = importlib.import_module("contacts.models")
setattr(importlib.import_module("contacts.actions.leases"), "LEASE", timedelta(seconds=2))


def main() -> None:
    """Never touches the database: a connection does not survive a fork."""
    alive = {fork() for _ in range(SENDERS)}
    while alive:
        pid, status = os.wait()
        alive.discard(pid)
        if os.WIFSIGNALED(status):
            alive.add(fork())


def fork() -> int:
    """A process that sends until nothing waits."""
    pid = os.fork()
    if pid == 0:
        while waiting():
            delivery.deliver_due(clock=timezone.now)
            time.sleep(0.05)
        os._exit(0)
    print(pid, flush=True)
    return pid


def waiting() -> bool:
    return bool(models.Message.objects.filter(state="waiting").exists())


if __name__ == "__main__":
    main()
