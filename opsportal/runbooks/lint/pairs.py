"""Alerts and procedures belong together: an alert without one wakes somebody who then does not know what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from opsportal.runbooks.document import Kind, Record
from opsportal.runbooks.lint.findings import Findings, key, shown, title, words
from opsportal.runbooks.phrases import threshold

_LINK = re.compile(r"\]\([^()\s]+\)|https?://\S+")
_COMMON = words(
    "service the a an of on in is and or to for alert issue high low down error procedure emergency critical warning "
    "handling response recovery problem too slow"
)
_MOST = 400  # alerts or answers that are compared with each other; the work grows with their product


@dataclass(frozen=True, slots=True)
class _Name:
    """What of a record is compared: its words, and the metric it watches or is triggered by."""

    key: str
    words: frozenset[str]
    metric: str


def check(findings: Findings) -> None:
    document = findings.document
    alerts = document.of(Kind.ALERT)[:_MOST]
    for alert in unanswered(alerts, document.records):
        hint = "Name the procedure in its action, or write one under its name."
        message = f"Alert “{shown(title(alert))}” has no procedure."
        findings.warn(alert.line, "alert-without-procedure", message, hint)
    watches = [(alert, _alert_name(alert)) for alert in alerts]
    for procedure in document.of(Kind.PROCEDURE)[:_MOST] if alerts else ():
        name = _answer_name(procedure)
        if procedure.text("category") == "emergency" and not any(_belongs(*watch, name) for watch in watches):
            message = f"No alert leads to the emergency procedure “{shown(title(procedure))}”."
            hint = "Add the alert that starts it, or say who does."
            findings.info(procedure.line, "procedure-without-alert", message, hint)


def unanswered(alerts: Sequence[Record], records: Iterable[Record]) -> list[Record]:
    """The alerts that do not say what to do: no link, no steps of their own, no procedure or known issue that fits."""
    answers = [_answer_name(each) for each in records if each.kind in (Kind.PROCEDURE, Kind.ISSUE)][:_MOST]
    lost = []
    for alert in alerts[:_MOST]:
        name = _alert_name(alert)
        if not _answers_itself(alert) and not any(_belongs(alert, name, answer) for answer in answers):
            lost.append(alert)
    return lost


def _answers_itself(alert: Record) -> bool:
    texts = (alert.text(name) for name in ("action", "name", "procedure", "runbook"))
    steps = alert.children or any(block.kind in {"code", "list"} for block in alert.blocks)
    return bool(steps) or any(_LINK.search(text) for text in texts)


def _alert_name(alert: Record) -> _Name:
    metric = threshold(alert.text("threshold")).metric or alert.text("name")
    return _Name(key(alert.text("name")), frozenset(words(alert.text("name"))), key(metric))


def _answer_name(record: Record) -> _Name:
    trigger = record.text("trigger")
    metric = key(threshold(trigger).metric) if trigger else ""
    return _Name(key(title(record)), frozenset(words(title(record))), metric)


def _belongs(alert: Record, name: _Name, answer: _Name) -> bool:
    if not answer.key:
        return False
    if name.key == answer.key or f" {answer.key} " in f" {key(alert.text('action'))} ":
        return True
    return _alike(name.words, answer.words) or (bool(answer.metric) and answer.metric in {name.metric, name.key})


def _alike(first: frozenset[str], second: frozenset[str]) -> bool:
    """One name holds all of the other, or they share most of the words that say something."""
    if not first or not second:
        return False
    both = first & second
    if both in (first, second):
        return bool(both - _COMMON) or first == second or len(both) > 1
    one, two = first - _COMMON, second - _COMMON
    return bool(one and two) and len(one & two) * 2 > min(len(one), len(two))
