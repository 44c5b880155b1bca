"""The rate limit over several processes."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from opsportal.api.throttle import BATCH, LIMIT, Throttle, draw_from_cache


class Pool:
    """The shared count, and how often it was asked."""

    def __init__(self) -> None:
        self.taken: dict[tuple[str, int], int] = {}
        self.asked = 0

    def draw(self, key: str, window: int) -> int:
        self.asked += 1
        self.taken[key, window] = self.taken.get((key, window), 0) + BATCH
        return self.taken[key, window]


def test_four_processes_together_let_no_more_than_the_limit_through() -> None:
    pool = Pool()
    processes = [Throttle(pool.draw) for _ in range(4)]
    allowed = sum(processes[turn % 4].take("token:1", 60.0).allowed for turn in range(4 * LIMIT))
    assert allowed == LIMIT
    assert pool.asked <= LIMIT / BATCH + len(processes)


def test_a_busy_process_loses_no_more_than_a_batch_to_each_idle_one() -> None:
    pool = Pool()
    busy, idle = Throttle(pool.draw), Throttle(pool.draw)
    assert idle.take("token:1", 60.0).allowed
    assert sum(busy.take("token:1", 61.0).allowed for _ in range(LIMIT)) == LIMIT - BATCH


def test_callers_and_minutes_are_counted_apart() -> None:
    throttle = Throttle(Pool().draw)
    *_, last = [throttle.take("token:1", 119.0) for _ in range(LIMIT + 1)]
    assert (last.allowed, last.headers()["Retry-After"]) == (False, "1")
    assert throttle.take("token:2", 119.0).allowed
    assert throttle.take("token:1", 120.0).remaining == LIMIT - 1


@pytest.mark.django_db
def test_the_shared_count_is_kept_in_the_cache() -> None:
    cache.clear()
    assert [draw_from_cache("token:1", 7) for _ in range(3)] == [BATCH, 2 * BATCH, 3 * BATCH]
    assert draw_from_cache("token:1", 8) == BATCH
