"""Measure several sides in turn, round by round, so that whatever else the machine does falls on all of them alike."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bench.cluster import WORKERS, Server
from bench.report import Ratio
from bench.traffic import Request, Timing, ask, send

THROUGHPUT = 16  # connections


@dataclass(frozen=True, slots=True)
class Side:
    """Requests to one server; `once`: each may be sent only once, such as ticks."""

    server: Server
    requests: Sequence[Request]
    once: bool = False

    def part(self, number: int, of: int) -> Sequence[Request]:
        """What a round may send: all, or its own share (the first was sent to see whether it works)."""
        if not self.once:
            return self.requests
        share = (len(self.requests) - 1) // of
        return self.requests[1 + number * share : 1 + (number + 1) * share]


@dataclass(frozen=True, slots=True)
class Round:
    """`cpu` is the server's processor time in milliseconds per answer (the database's is not in it)."""

    timing: Timing
    cpu: float


Rounds = dict[str, list[Round]]
Figure = Callable[[Round], float]


def measure(sides: dict[str, Side], *, rounds: int, seconds: float, connections: int = 1) -> Rounds:
    """Every side in every round, for so many seconds each; what is sent once is shared out over the rounds.

    Raises Refused when a side does not answer as it should.
    """
    for side in sides.values():
        ask(side.server.port, side.requests[0])
    found: Rounds = {name: [] for name in sides}
    for number in range(rounds):
        for name, side in sides.items():
            requests = side.part(number, rounds)
            before = side.server.cpu()
            timing = send(side.server.port, requests, connections=connections, seconds=seconds, once=side.once)
            found[name].append(Round(timing, (side.server.cpu() - before) * 1000 / timing.answers))
    return found


def warm_up(sides: dict[str, Side], seconds: float) -> None:
    """Open connections, prepare statements, load templates. Sides that send once warm up with those that do not."""
    for side in sides.values():
        if not side.once:
            send(side.server.port, side.requests, connections=WORKERS * 4, seconds=seconds)


def latency(one: Round) -> float:
    return one.timing.p50


def cpu(one: Round) -> float:
    return one.cpu


def slower(one: Round) -> float:
    return 1 / one.timing.rate


def speed(rounds: Rounds, ours: str, theirs: str, figure: Figure = latency) -> float:
    """How fast ours is, theirs being 1: the median over the rounds of the ratio within a round."""
    pairs = zip(rounds[ours], rounds[theirs], strict=True)
    return statistics.median(figure(other) / figure(one) for one, other in pairs)


def ratios(one: Rounds, many: Rounds, ours: str, theirs: str, goal: str) -> list[Ratio]:
    """By median latency and processor time of one client, and by throughput of many."""
    name = f"{ours} / {theirs}"
    return [
        Ratio(f"{name}, latency", speed(one, ours, theirs, latency), goal),
        Ratio(f"{name}, processor time", speed(one, ours, theirs, cpu), goal),
        Ratio(f"{name}, throughput", speed(many, ours, theirs, slower), goal),
    ]


def figures(rounds: Rounds) -> dict[str, Any]:
    """Medians over the rounds."""
    found = {}
    for name, side in rounds.items():
        timings = [one.timing.as_json() for one in side]
        medians = {key: statistics.median(timing[key] for timing in timings) for key in timings[0]}
        found[name] = {**medians, "cpu": round(statistics.median(one.cpu for one in side), 3)}
    return found
