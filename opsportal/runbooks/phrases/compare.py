"""Which of two limits is easier to reach."""

from __future__ import annotations

from opsportal.runbooks.phrases.model import Threshold
from opsportal.runbooks.phrases.quantity import BYTES

_TIME = {
    "ns": 1e-9,
    "us": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "d": 86400.0,
    "w": 604800.0,
    "month": 2592000.0,
    "year": 31536000.0,
}


def laxer(critical: Threshold, alert: Threshold) -> bool | None:
    """True if `critical` is reached before `alert` would be, so that the two are the wrong way round; None if they cannot be compared.

    Error rate critical `> 3 %` with alert `> 5 %` is laxer; availability critical `< 99.5 %` with alert `< 99 %` too.
    """
    first, second = _scaled(critical), _scaled(alert)
    if first is None or second is None or first[1] != second[1]:
        return None
    side = _side(critical, alert)
    if not side or first[0] == second[0]:
        return False if first[0] == second[0] and side else None
    return first[0] < second[0] if side == "lower" else first[0] > second[0]


def _side(critical: Threshold, alert: Threshold) -> str:
    """Which way is better: by the metric, else by the operators, which say when it is bad."""
    better = critical.better or alert.better
    if better:
        return better
    ops = {op[0] for op in (critical.op, alert.op) if op and op[0] in "<>"}
    return {">": "lower", "<": "higher"}.get(ops.pop(), "") if len(ops) == 1 else ""


def _scaled(limit: Threshold) -> tuple[float, str] | None:
    """Value in a common unit, and the name of the kind of unit; of a range the end that is reached first."""
    value = limit.value
    if value is None and limit.low is not None and limit.high is not None:
        value = limit.high if limit.better == "higher" else limit.low
    if value is None:
        return None
    if limit.unit in _TIME:
        return value * _TIME[limit.unit], "time"
    if limit.unit in BYTES:
        return value * BYTES[limit.unit], "bytes"
    return value, limit.unit
