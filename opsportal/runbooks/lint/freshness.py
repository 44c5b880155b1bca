"""What has gone stale: reviews, due dates of maintenance, procedures nobody ran."""

from __future__ import annotations

import re
from datetime import date, timedelta

from opsportal.runbooks.document import Kind, Record
from opsportal.runbooks.lint.facts import Facts
from opsportal.runbooks.lint.findings import Findings, key, shown, title
from opsportal.runbooks.phrases import date as parse_date
from opsportal.runbooks.phrases import frequency
from opsportal.runbooks.phrases.dates import NUMERIC

_NEXT = {
    "next review",
    "next review date",
    "review due",
    "review by",
    "review date",
    "nachste uberprufung",
    "nachste prufung",
    "prochaine revue",
    "prochaine revision",
    "proxima revision",
    "proxima revisao",
    "next audit",
    "valid until",
    "expires",
    "下次审查",
    "下次评审",
}
_LAST = {
    "last reviewed",
    "last reviewed on",
    "last review",
    "reviewed",
    "reviewed on",
    "last verified",
    "last tested",
    "zuletzt gepruft",
    "letzte uberprufung",
    "derniere revue",
    "derniere revision",
    "ultima revision",
    "ultima revisao",
}
_UPDATED = {
    "last updated",
    "last update",
    "updated",
    "updated on",
    "last modified",
    "letzte aktualisierung",
    "zuletzt aktualisiert",
    "stand",
    "derniere mise a jour",
    "ultima actualizacion",
    "ultima atualizacao",
    "最后更新",
    "更新日期",
}
_EVERY = {"review in", "review interval", "review every", "review frequency", "review cycle", "review period"}
_DAYS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}
_LOOKED_UP = {"service_management"}  # start and stop commands are looked up, not run on a schedule


def check(findings: Findings, today: date, facts: Facts) -> None:
    day_first = order_of_dates(findings.document.text)
    reviews(findings, today, facts, day_first)
    for task in findings.document.of(Kind.MAINTENANCE):
        _maintenance(task, findings, today, day_first)
    if facts.last_runs is not None:
        runs = {key(name): day for name, day in facts.last_runs.items()}
        for procedure in findings.document.of(Kind.PROCEDURE):
            _run(procedure, runs, findings, today, facts)
        _tried(findings, today, facts)


def order_of_dates(text: str) -> bool | None:
    """Whether days come first in dates in figures: proved by a day over 12; None if nothing or both are proved."""
    proofs = {
        int(match.group(1)) > 12
        for match in NUMERIC.finditer(text)
        if (int(match.group(1)) > 12) != (int(match.group(3)) > 12)
    }
    return proofs.pop() if len(proofs) == 1 else None


def _day(text: str, day_first: bool | None) -> date | None:
    found = parse_date(text, day_first)
    iso = found.get("date")
    return date.fromisoformat(iso) if isinstance(iso, str) and not found.get("ambiguous") else None


def reviews(findings: Findings, today: date, facts: Facts, day_first: bool | None) -> None:
    """A next review that has passed, else a last one that lies too far back."""
    named = list(_named(findings))
    interval = next(
        (days for name, text, _ in named if name in _EVERY and (days := interval_days(text))), facts.review_every_days
    )
    stated = False
    for name, text, line in named:
        day = _day(text, day_first) if name in _NEXT else None
        stated = stated or day is not None
        if day and day < today:
            message = f"The next review was due on {day.isoformat()}, {(today - day).days} days ago."
            findings.warn(line, "review-date-past", message, "Review the document and set the next date.")
    last = _latest(named, _LAST, day_first) or _latest(named, _UPDATED, day_first)
    if last and not stated and today - last[0] > timedelta(days=interval):
        message = (
            f"Last reviewed on {last[0].isoformat()}, {(today - last[0]).days} days ago; due every {interval} days."
        )
        findings.warn(last[1], "review-overdue", message, "Read it through, correct it, and write the new date.")


def _named(findings: Findings) -> list[tuple[str, str, int]]:
    """Name, text and line of the fields that say something about the document."""
    found = []
    for record in findings.document.records:
        if record.kind is Kind.FIELD:
            found.append((key(record.text("name")), record.text("value"), record.line))
        elif record.kind is Kind.SERVICE:
            found.extend(
                (key(name), value.text, findings.line_of(record, name)) for name, value in record.values.items()
            )
            found.extend((key(name), text, record.line) for name, text in record.extra.items())
    return found


def _latest(named: list[tuple[str, str, int]], names: set[str], day_first: bool | None) -> tuple[date, int] | None:
    days = [(day, line) for name, text, line in named if name in names and (day := _day(text, day_first))]
    return max(days, default=None)


def interval_days(text: str) -> int | None:
    """Days between two occurrences of a frequency, roughly: a month counts 31, a working week 7."""
    rule = frequency(text).rrule
    freq = re.search(r"FREQ=([A-Z]+)", rule)
    every = re.search(r"INTERVAL=(\d{1,6})", rule)
    if not freq:
        return None
    return max(1, _DAYS.get(freq.group(1), 1) * int(every.group(1) if every else 1))


def _maintenance(task: Record, findings: Findings, today: date, day_first: bool | None) -> None:
    due = _day(task.text("next_due"), day_first)
    if due and due < today:
        message = f"“{shown(title(task))}” was due on {due.isoformat()}, {(today - due).days} days ago."
        findings.warn(
            findings.line_of(task, "next_due"),
            "maintenance-overdue",
            message,
            "Do it, or write when it was done and is next due.",
        )


def _run(procedure: Record, runs: dict[str, date | None], findings: Findings, today: date, facts: Facts) -> None:
    name = title(procedure)
    if not name or procedure.text("category") in _LOOKED_UP:
        return
    last = runs.get(key(name))
    if last is None:
        findings.info(
            procedure.line,
            "never-run",
            f"“{shown(name)}” was never run.",
            "Run it once, as a drill if need be, and mend what does not hold.",
        )
        return
    interval = interval_days(procedure.text("frequency"))
    limit = 2 * interval if interval else facts.stale_after_days
    if today - last > timedelta(days=limit):
        message = f"“{shown(name)}” was last run on {last.isoformat()}, {(today - last).days} days ago."
        findings.warn(procedure.line, "not-run-lately", message, "Run it, or take it out if nobody needs it.")


def _tried(findings: Findings, today: date, facts: Facts) -> None:
    """Procedures that were run, but not in their present version by another than its author; and overdue reviews."""
    untried = {key(name) for name in facts.untried}
    reviews = {key(name): day for name, day in facts.reviews.items()}
    for procedure in findings.document.of(Kind.PROCEDURE):
        name = title(procedure)
        if key(name) in untried and not findings.known("never-run", procedure.line):
            message = f"Nobody but its author has tried the present version of “{shown(name)}”."
            findings.info(procedure.line, "not-tried", message, "Ask a colleague for a dry run of it.")
        day = reviews.get(key(name))
        if day is not None and day < today:
            message = f"“{shown(name)}” was to be looked over by {day.isoformat()}."
            findings.warn(procedure.line, "procedure-review-past", message, "Read it through, and set the next day.")
