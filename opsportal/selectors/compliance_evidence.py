"""What a signed report says, row by row, and whether its figures are those of its rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from opsportal.lib.signed import Broken
from opsportal.selectors.compliance_tally import Tally
from procedures.models import Occurrence

KIND = "opsportal evidence report"
VERSION = 1
COLUMNS = ("planned", "due", "service", "what", "state", "reason", "explanation", "approver", "done_by", "ended")


def row_of(row: Occurrence) -> list[Any]:
    """An occurrence in the order of COLUMNS: times as ISO 8601 in UTC, `planned` as the schedule's local time."""
    who = (str(row.decided_by or ""), str(row.ended_by or ""))
    ended = _time(row.ended_at) if row.ended_at else ""
    what = (row.service.name, row.schedule.title)
    return [row.local, _time(row.due_at), *what, row.state, row.reason, row.explanation, *who, ended]


def _time(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _counts_of(tally: Tally) -> dict[str, int]:
    """The figures that a report states."""
    names = ("due", "on_time", "late", "overdue", "missed", "system", "operator", "abandoned")
    return {name: getattr(tally, name) for name in (*names, "excused", "outage", "cancelled", "open")}


def check_content(content: dict[str, Any]) -> None:
    """That a report is one of this kind, and its figures are those of its rows. Raises Broken."""
    if content.get("kind") != KIND or content.get("version") != VERSION:
        raise Broken("this is another kind of report, or of another version of the portal")
    found = counted(content["rows"], datetime.fromisoformat(content["made_at"]))
    if found != content["figures"]:
        wrong = sorted(name for name in found if found[name] != content["figures"].get(name))
        raise Broken(f"the figures are not those of the rows: {', '.join(wrong)}")


def counted(rows: Iterable[list[Any]], made_at: datetime) -> dict[str, int]:
    """The figures of the rows as they were at that time."""
    tally = Tally()
    for values in rows:
        row = dict(zip(COLUMNS, values, strict=True))
        past = datetime.fromisoformat(row["due"]) < made_at or row["reason"] == Occurrence.Reason.DECIDED
        tally.add(row["state"], row["reason"], past, 1)
    return _counts_of(tally)
