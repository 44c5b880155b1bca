"""What a runbook lacks and what has gone stale in it. Pure functions of a parsed document: no database, no clock.

`lint` gives findings with line, rule, severity, message and what to do, without those the parser has put in
`Document.problems` already. `readiness` weighs all findings into a score and names what is missing.
"""

from __future__ import annotations

from datetime import date

from opsportal.runbooks.document import Document, Problem
from opsportal.runbooks.lint import freshness, links, pairs, people, secrets, steps, values
from opsportal.runbooks.lint.facts import Facts, Readiness
from opsportal.runbooks.lint.findings import Findings
from opsportal.runbooks.lint.ready import readiness

__all__ = ["RULES", "Facts", "Readiness", "lint", "readiness"]

RULES = (
    "alert-without-procedure",
    "contact-without-address",
    "contradiction",
    "credential",
    "dead-anchor",
    "dead-image",
    "dead-link",
    "duplicate-procedure",
    "duration-not-understood",
    "emergency-without-response-time",
    "fake-host",
    "fake-phone",
    "maintenance-overdue",
    "never-run",
    "not-run-lately",
    "not-tried",
    "placeholder",
    "procedure-review-past",
    "procedure-too-long",
    "procedure-without-alert",
    "procedure-without-steps",
    "review-date-past",
    "review-overdue",
    "rung-without-address",
    "rung-without-contact",
    "schedule-not-understood",
    "schedule-unclear",
    "step-todo",
    "threshold-not-understood",
    "threshold-order",
)


def lint(document: Document, *, today: date, facts: Facts | None = None) -> list[Problem]:
    """Findings in the order of the document, at most 500 of a rule; `today` in the reader's own zone."""
    findings = Findings(document)
    known = facts or Facts()
    people.check(findings)
    steps.check(findings)
    values.check(findings)
    pairs.check(findings)
    freshness.check(findings, today, known)
    links.check(findings, known)
    secrets.check(findings)
    return sorted(findings.problems, key=lambda problem: (problem.line, problem.rule))
