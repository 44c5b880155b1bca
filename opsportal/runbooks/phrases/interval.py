"""A length of time as an ISO 8601 period and as the rule "every so long"."""

from __future__ import annotations

from opsportal.runbooks.phrases.json import Facts
from opsportal.runbooks.phrases.lengths import Span, whole

_PERIOD_UNIT = {
    "w": "P{}W",
    "d": "P{}D",
    "month": "P{}M",
    "quarter": "P{}M",
    "year": "P{}Y",
    "h": "PT{}H",
    "min": "PT{}M",
    "s": "PT{}S",
}


def period(span: Span) -> str:
    """ISO 8601 text of a duration: 3 months → `P3M`."""
    count = span.months if span.unit == "quarter" else span.count
    return _PERIOD_UNIT.get(span.unit, "PT{}S").format(
        whole(count) if span.unit in _PERIOD_UNIT else whole(span.low or 0)
    )


_FREQ_UNIT = {"w": "WEEKLY", "d": "DAILY", "h": "HOURLY", "min": "MINUTELY", "s": "SECONDLY"}


def interval(span: Span) -> Facts:
    """`rrule` and `freq` of "every so long"; `{}` for a length no rule can say."""
    if span.months:
        years = span.unit == "year" and span.count == int(span.count)
        return _every("YEARLY", int(span.count)) if years else _every("MONTHLY", span.months)
    if span.unit in _FREQ_UNIT and span.count == int(span.count):
        return _every(_FREQ_UNIT[span.unit], int(span.count))
    for name, size in (("DAILY", 86400), ("HOURLY", 3600), ("MINUTELY", 60)):
        if span.low and span.low % size == 0:
            return _every(name, int(span.low // size))
    return {}


def _every(freq: str, n: int) -> Facts:
    return {"rrule": f"FREQ={freq}" + (f";INTERVAL={n}" if n != 1 else ""), "freq": freq}
