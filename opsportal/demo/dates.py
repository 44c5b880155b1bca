"""Move the dates of a runbook to the present."""

from __future__ import annotations

import re
from datetime import date, timedelta

_ISO = re.compile(rb"(?<![\w-])(\d{4}-\d{2}-\d{2})(?![\w-])")
_ENTRY = re.compile(rb"^\| (\d{4}-\d{2}-\d{2}) \|.*\n", re.MULTILINE)
_UPDATED = re.compile(rb"(?<=^\*\*Last Updated\*\*: ).*$", re.MULTILINE)


def weeks_between(as_of: date, today: date) -> timedelta:
    """Whole weeks from `as_of` to at most `today`: weekdays stay, and what was done by then stays in the past."""
    return timedelta(weeks=(today - as_of).days // 7)


def shifted(source: bytes, by: timedelta) -> bytes:
    """The document with each ISO date moved; anything that is no date of the calendar stays."""

    def move(match: re.Match[bytes]) -> bytes:
        try:
            return (date.fromisoformat(match[1].decode()) + by).isoformat().encode()
        except (ValueError, OverflowError):
            return match[0]

    return _ISO.sub(move, source)


def as_it_was(source: bytes, day: date) -> bytes:
    """The document before the newer entries of its change log were written."""
    newest = max((match[1] for match in _ENTRY.finditer(source) if _is_until(match, day)), default=b"")
    older = _ENTRY.sub(lambda match: match[0] if _is_until(match, day) else b"", source)
    return _UPDATED.sub(newest, older) if newest else older


def _is_until(entry: re.Match[bytes], day: date) -> bool:
    return entry[1].decode() <= day.isoformat()
