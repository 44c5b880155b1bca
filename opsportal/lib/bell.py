"""A doorbell for work that has just become due. It is a courtesy: whoever misses the ring finds the rows anyway.

Actions ring it and know nothing of queues; the process that has one hangs it up (`hang`).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial

from django.db import transaction

QUIET_AFTER_FAILURE = 30.0  # seconds in which a broken bell is not tried again, for it may take long to fail
log = logging.getLogger(__name__)


class Bell:
    """What is rung, and until when it is left alone."""

    def __init__(self) -> None:
        self._ring: Callable[[str], object] | None = None
        self._quiet_until = 0.0

    def hang(self, ring: Callable[[str], object]) -> None:
        """`ring` is called with the name of a task, after the commit that made work for it."""
        self._ring = ring

    def ring(self, task: str) -> None:
        """Ring once the present transaction has committed."""
        transaction.on_commit(partial(self._now, task), robust=True)

    def _now(self, task: str) -> None:
        if self._ring is None or time.monotonic() < self._quiet_until:
            return
        try:
            self._ring(task)
        except Exception as error:
            self._quiet_until = time.monotonic() + QUIET_AFTER_FAILURE
            log.warning("Could not ring %s: %s", task, type(error).__name__)


BELL = Bell()
