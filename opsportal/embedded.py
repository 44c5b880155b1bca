"""The whole portal in one process: pages by waitress, and Celery's worker and beat in threads beside it.

Celery does not document how to embed a worker (celery issue 6162); what is used here is kept small, the version is
pinned below the next minor one, and a test starts, rings and stops it.
"""

from __future__ import annotations

import ctypes
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any, NoReturn, Protocol

from celery import Celery
from celery.beat import Scheduler, Service
from celery.worker import WorkController, state
from waitress.server import create_server

READY_WITHIN = 10  # seconds for the worker to start
ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h
FINISH_WITHIN = 10  # seconds that running tasks get on the way out


class Server(Protocol):
    """What waitress makes for one address, or for the several that a name stands for."""

    def run(self) -> None: ...

    def close(self) -> None: ...


class Worker(WorkController):
    """`celery worker`'s own class would take over the signal handlers; this one tells when it listens."""

    def __init__(self, app: Celery, **options: Any) -> None:
        self.ready = threading.Event()
        super().__init__(app=app, **options)

    def on_consumer_ready(self, consumer: Any) -> None:
        self.ready.set()


class Clockwork:
    """A Celery worker (threads, in-memory broker) and beat inside this process."""

    def __init__(self, app: Celery) -> None:
        self._worker = Worker(
            app,
            pool_cls="threads",
            concurrency=4,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            hostname="embedded@localhost",
            quiet=True,
        )
        self._beat = Service(app, scheduler_cls=Scheduler)

    def start(self) -> None:
        """Start both; returns when the worker listens. Raises RuntimeError if it does not within 10 s."""
        threading.Thread(target=self._worker.start, name="worker", daemon=True).start()
        if not self._worker.ready.wait(READY_WITHIN):
            raise RuntimeError("The background worker did not start.")
        threading.Thread(target=self._beat.start, name="beat", daemon=True).start()

    def stop(self) -> None:
        """Ring nothing new and let running tasks finish (at most 10 s); what still waits is due again by its row."""
        self._beat.stop()
        vars(state)["should_stop"] = 0  # to Celery an exit code, where None means "go on": nothing more is taken
        until = time.monotonic() + FINISH_WITHIN
        while state.active_requests and time.monotonic() < until:
            time.sleep(0.05)


def listen(application: Callable[..., Any], host: str, port: int) -> Server:
    """A server that holds its address. Raises OSError when the address is taken or not this machine's."""
    server: Server = create_server(application, host=host, port=port, threads=8, ident=None)
    return server


def serve(server: Server, clockwork: Clockwork, *, ready: Callable[[], None]) -> None:
    """Call `ready` when everything runs, serve until Ctrl-C or SIGTERM, then stop cleanly."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    _share_heap()
    try:
        clockwork.start()
        ready()
        server.run()
    except SystemExit:
        pass
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)  # who asks twice does not want to wait
        clockwork.stop()
        server.close()


def _share_heap() -> None:
    """One heap for all threads. glibc gives each its own, which keeps three megabytes for threads that mostly wait."""
    with suppress(AttributeError, OSError, TypeError):  # another C library: as it is
        ctypes.CDLL(None).mallopt(ARENA_MAX, 1)


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
