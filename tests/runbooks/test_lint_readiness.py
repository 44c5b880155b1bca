"""The score of a service and the sentences for what is missing."""

from __future__ import annotations

from datetime import date

from opsportal.runbooks.document import Document
from opsportal.runbooks.lint import Facts, Readiness, lint, readiness
from opsportal.runbooks.parse import parse

TODAY = date(2026, 3, 10)
FULL = """# Shop runbook

## Service Information
**Service Name**: Shop
**Owner Team**: Storefront
**On-Call Contact**: #shop-oncall

## Service Overview
### Purpose
Sells things.

### Key Metrics
| Metric | Target | Critical Threshold | Alert Threshold |
|---|---|---|---|
| Error Rate | < 1% | > 5% | > 3% |

## Daily Operations
### Morning check
**Frequency**: Daily
1. Look at the dashboard

## Emergency Procedures
### High Error Rate
**Response Time**: 15 minutes
1. Roll back

## Key Alerts
| Alert | Threshold | Severity | Response Time | Action |
|---|---|---|---|---|
| High Error Rate | Error rate > 5% | High | 15 minutes | Roll back |

## Contact Information
### Primary Contacts
| Role | Name | Email | Phone | Backup |
|---|---|---|---|---|
| On-Call Engineer | Ines Falk | ines@shop.example | +49 30 901820 | Jo Ahn |

### Escalation Matrix
| Level | Contact | When to Escalate |
|---|---|---|
| L1 | On-Call Engineer | Immediate issues |
"""


def ready(text: str, facts: Facts | None = None) -> Readiness:
    document = parse(text.encode())
    return readiness(document, [*document.problems, *lint(document, today=TODAY, facts=facts)], facts)


def test_a_filled_runbook_is_ready() -> None:
    assert ready(FULL) == Readiness(100, [])


def test_an_empty_document_is_not() -> None:
    empty = readiness(Document(""), [])
    assert empty.score == 0
    assert {"No contacts", "No escalation", "No emergency procedure", "No alerts"} <= set(empty.missing)


def test_a_missing_backup_is_named_by_role() -> None:
    found = ready(FULL.replace("| Jo Ahn |", "| [Backup] |"))
    assert 'No backup for "On-Call Engineer"' in found.missing
    assert found.score < 100


def test_an_alert_without_procedure_is_named() -> None:
    found = ready(FULL.replace("### High Error Rate", "### Flood in the cellar"))
    assert found.missing == ['Alert "High Error Rate" has no procedure']


def test_procedures_count_as_run_only_when_runs_are_known() -> None:
    found = ready(FULL, Facts(last_runs={"Morning check": TODAY}))
    assert found.missing == ['Procedure "High Error Rate" was never run']
    assert ready(FULL, Facts(last_runs={"Morning check": TODAY, "High Error Rate": TODAY})).score == 100


def test_placeholders_are_counted() -> None:
    found = ready(FULL.replace("Storefront", "[Team Name]").replace("Sells things.", "See [Reference] and [Link]."))
    assert "3 placeholders left" in found.missing
    assert "No owner" in found.missing


def test_a_credential_costs_more_than_a_placeholder() -> None:
    secret = ready(FULL.replace("Roll back\n\n", "Log in as admin/admin\n\n"))
    place = ready(FULL.replace("Sells things.", "Sells [Things]."))
    assert secret.score < place.score < 100


def test_more_missing_never_raises_the_score() -> None:
    scores = [ready(FULL).score]
    text = FULL
    for part in ("### Escalation Matrix", "### Key Metrics", "## Key Alerts", "### Primary Contacts"):
        start = text.index(part)
        stop = text.find("\n#", start + 3)
        text = text[:start] + (text[stop + 1 :] if stop > 0 else "")
        scores.append(ready(text).score)
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] < 60
