"""At most so many requests a minute for each caller, over all processes, without a shared count for each request.

A process takes requests from the shared count (Django's cache) in batches and hands them out by itself. What a process
has taken and not used is lost at the end of the minute, so a caller never gets more than the limit, and at worst a
batch less for each process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from django.core.cache import cache

LIMIT = 300
WINDOW = 60
BATCH = 30
REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """`remaining` requests until `reset` seconds from now; `allowed` says whether this one counts as one of them."""

    allowed: bool
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        limits = {
            "RateLimit-Limit": str(LIMIT),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }
        return limits if self.allowed else {**limits, "Retry-After": str(self.reset)}


@dataclass(slots=True)
class Share:
    """What this process may still hand out in a window; `taken` is how much all processes took, as last seen."""

    window: int
    left: int = 0
    taken: int = 0


class Throttle:
    """Counts requests by caller. `draw(key, window)` takes a batch from the shared count and returns its new value."""

    def __init__(self, draw: Callable[[str, int], int]) -> None:
        self._draw = draw
        self._shares: dict[str, Share] = {}
        self._lock = Lock()

    def take(self, key: str, now: float) -> Allowance:
        """Count one request of the caller; `now` is a Unix time in seconds."""
        window, passed = divmod(int(now), WINDOW)
        with self._lock:
            share = self._share(key, window)
            if not share.left and share.taken < LIMIT:
                share.taken = self._draw(key, window)
                share.left = max(0, min(share.taken, LIMIT) - (share.taken - BATCH))
            allowed = share.left > 0
            share.left -= allowed
            remaining = max(0, LIMIT - share.taken) + share.left
        return Allowance(allowed, remaining, WINDOW - passed)

    def forget(self) -> None:
        """Begin anew, as a process just started."""
        with self._lock:
            self._shares.clear()

    def _share(self, key: str, window: int) -> Share:
        share = self._shares.get(key)
        if share is None or share.window != window:
            if len(self._shares) >= REMEMBERED:
                self._shares.clear()
            share = self._shares[key] = Share(window)
        return share


def draw_from_cache(key: str, window: int) -> int:
    """Add a batch to the caller's count of this window in Django's cache; returns the sum."""
    name = f"api-rate:{key}:{window}"
    if cache.add(name, BATCH, timeout=2 * WINDOW):
        return BATCH
    try:
        return int(cache.incr(name, BATCH))
    except ValueError:  # thrown out of a full cache meanwhile
        cache.set(name, BATCH, timeout=2 * WINDOW)
        return BATCH


throttle = Throttle(draw_from_cache)
