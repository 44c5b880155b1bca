"""Values a machine must be able to read: schedules, durations, thresholds and their order."""

from __future__ import annotations

from opsportal.runbooks import phrases
from opsportal.runbooks.document import Kind, Record
from opsportal.runbooks.lint.findings import Findings, shown, title
from opsportal.runbooks.phrases.model import Role

_NOTHING = {"", "-", "--", "—", "–", "n/a", "na", "none", "nil", "/", "tbd"}
_LIMITS: dict[Kind, dict[str, Role]] = {
    Kind.METRIC: {"target": "target", "alert": "alert", "critical": "critical"},
    Kind.ALERT: {"threshold": "alert"},
}
_SCHEDULES = {Kind.PROCEDURE: "frequency", Kind.MAINTENANCE: "frequency", Kind.MAINTENANCE_WINDOW: "day_time"}
_LENGTHS = {
    Kind.PROCEDURE: ("duration", "response_time"),
    Kind.MAINTENANCE_WINDOW: ("duration",),
    Kind.ALERT: ("response_time",),
    Kind.SEVERITY_LEVEL: ("response_time",),
}


def check(findings: Findings) -> None:
    for record in findings.document.records:
        if name := _SCHEDULES.get(record.kind):
            _schedule(record, name, findings)
        for name, role in _LIMITS.get(record.kind, {}).items():
            _limit(record, name, role, findings)
        for name in _LENGTHS.get(record.kind, ()):
            _length(record, name, findings)
        if record.kind is Kind.METRIC:
            _order(record, findings)


def _open(text: str) -> bool:
    """Nothing to judge: empty, or still to be filled in, which another rule says."""
    return text.strip().casefold() in _NOTHING or bool(phrases.placeholders(text))


def _called(record: Record) -> str:
    return shown(title(record)) or "the maintenance window"


def _schedule(record: Record, name: str, findings: Findings) -> None:
    text = record.text(name)
    if _open(text):
        return
    found = phrases.frequency(text)
    line = findings.line_of(record, name)
    if not found.understood:
        message = f"“{shown(text)}” of “{_called(record)}” is no schedule the portal can keep."
        findings.warn(
            line,
            "schedule-not-understood",
            message,
            "Write it like “Weekly, Monday 10:00 Europe/Berlin” or “every 90 days”.",
        )
    elif found.ask:
        message = f"“{shown(text)}” can be read in more than one way. {found.ask}"
        findings.info(line, "schedule-unclear", message, "Write which one is meant.")


def _limit(record: Record, name: str, role: Role, findings: Findings) -> None:
    text = record.text(name)
    if _open(text) or phrases.threshold(text, role=role, metric=record.text("name")).understood:
        return
    message = f"“{shown(text)}” of “{shown(title(record))}” is no limit a machine can check."
    findings.info(
        findings.line_of(record, name),
        "threshold-not-understood",
        message,
        "Write value and unit, for example “> 5% for 5 minutes”.",
    )


def _order(metric: Record, findings: Findings) -> None:
    critical = phrases.threshold(metric.text("critical"), role="critical", metric=metric.text("name"))
    alert = phrases.threshold(metric.text("alert"), role="alert", metric=metric.text("name"))
    if phrases.laxer(critical, alert):
        both = f"critical ({shown(critical.text, 30)}) is reached before alert ({shown(alert.text, 30)})"
        message = f"“{_called(metric)}”: {both}."
        findings.warn(
            findings.line_of(metric, "critical"),
            "threshold-order",
            message,
            "Exchange the two, or correct the one that is wrong.",
        )


def _length(record: Record, name: str, findings: Findings) -> None:
    text = record.text(name)
    if _open(text):
        return
    understood = phrases.response_time(text).understood if name == "response_time" else phrases.seconds(text).understood
    if not understood:
        message = f"“{shown(text)}” of “{_called(record)}” is no length of time."
        findings.info(
            findings.line_of(record, name),
            "duration-not-understood",
            message,
            "Write it like “15 minutes” or “1-2 hours”.",
        )
