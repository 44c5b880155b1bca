"""Chance, the same on every machine: values, people and times drawn from a run's own source of randomness."""

from __future__ import annotations

import math
from collections.abc import Mapping
from random import Random
from typing import Any

from opsportal.demo.history import Rule


def source(*names: object) -> Random:
    """Randomness that depends on the names only (`Random` seeds a text by its SHA-512, alike everywhere)."""
    return Random("|".join(map(str, names)))


def value(rule: Rule, random: Random, days_ago: int) -> str:
    """A typed answer by one of the rules described in `history.yaml`. Raises ValueError for an unknown rule."""
    match rule:
        case {"always": fixed}:
            return str(fixed)
        case {"pick": weights}:
            return choice(weights, random)
        case {"count": mean}:
            return str(min(_poisson(mean, random), rule.get("max", math.inf)))
        case {"countdown": {"first": first, "last": last, "today": today}}:
            return str(last + (today - last + days_ago) % (first - last + 1))
        case {"mean": mean, "spread": spread}:
            drawn = random.gauss(mean - rule.get("drift", 0) * days_ago, spread)
            return f"{_clamp(drawn, rule):.{rule['decimals']}f}"
        case _:
            raise ValueError(f"no such rule for a value: {rule}")


def choice(weights: Mapping[Any, float], random: Random) -> str:
    return str(random.choices(list(weights), list(weights.values()))[0])


def happens(share: float, random: Random) -> bool:
    return random.random() < share


def moments(count: int, random: Random) -> list[float]:
    """`count` rising parts of a whole, between 0 and 1: when in the course of a run its steps were answered."""
    paces = [random.uniform(0.5, 1.5) for _ in range(count + 1)]
    total = sum(paces)
    return [sum(paces[: index + 1]) / total for index in range(count)]


def _clamp(number: float, rule: Rule) -> float:
    return max(float(rule.get("min", -math.inf)), min(float(rule.get("max", math.inf)), number))


def _poisson(mean: float, random: Random) -> int:
    """Knuth's method (The Art of Computer Programming, 3.4.1), fine for small means."""
    count, product, limit = 0, random.random(), math.exp(-mean)
    while product > limit:
        count, product = count + 1, product * random.random()
    return count
