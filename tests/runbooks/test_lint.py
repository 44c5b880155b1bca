"""Each rule of the linter on a small runbook, with the line it points at; and what must not be reported."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from opsportal.runbooks.document import Document, Kind, Problem, Record, Severity, Value
from opsportal.runbooks.lint import RULES, Facts, lint
from opsportal.runbooks.parse import parse

TODAY = date(2026, 3, 10)
CONTACTS = "\n## Contact Information\n\n| Role | Name | Email | Phone |\n|---|---|---|---|\n"


def problems(text: str, facts: Facts | None = None) -> list[Problem]:
    """All findings of a text, the parser's and the linter's, as a reader sees them."""
    document = parse(text.encode())
    return [*document.problems, *lint(document, today=TODAY, facts=facts)]


def lines(text: str, rule: str, facts: Facts | None = None) -> list[int]:
    assert rule in RULES
    return [problem.line for problem in problems(text, facts) if problem.rule == rule]


def emergency(body: str, title: str = "Disk full") -> str:
    return f"# Shop\n\n## Emergency Procedures\n\n### {title}\n\n{body}\n"


def alerts(*rows: str) -> str:
    table = "\n".join(f"| {row} |" for row in rows)
    return f"\n## Key Alerts\n\n| Alert | Threshold | Action |\n|---|---|---|\n{table}\n"


def test_a_place_left_open_is_reported_once_with_its_line() -> None:
    text = "# Shop\n\n**Owner Team**: [Team Name]\n"
    assert lines(text, "placeholder") == [3]


def test_a_command_that_is_only_a_placeholder_is_open_and_a_variable_in_a_command_is_not() -> None:
    text = emergency("1. Run `[command]`\n2. Restart\n   ```bash\n   kubectl delete pod <POD_NAME>\n   ```")
    assert lines(text, "placeholder") == [7]


def test_a_contact_without_an_address_cannot_be_reached() -> None:
    text = "# Shop\n" + CONTACTS + "| DBA | Ines Falk | | |\n| Lead | Jo Ahn | jo@shop.example | |\n"
    assert lines(text, "contact-without-address") == [7]


def test_the_same_person_with_two_numbers_is_a_contradiction() -> None:
    text = "# Shop\n" + CONTACTS + "| DBA | Ines Falk | | +49 30 901820 |\n| Backup | Ines Falk | | +49 30 901821 |\n"
    assert lines(text, "contradiction") == [8]


def test_one_number_written_in_two_ways_is_no_contradiction() -> None:
    text = (
        "# Shop\n" + CONTACTS + "| DBA | Ines Falk | | +49 30 901 820 |\n| Backup | Ines Falk | | +49 (30) 901820 |\n"
    )
    assert lines(text, "contradiction") == []


@pytest.mark.parametrize("number", ["+1-555-0100", "123-456-7890", "000-000-0000", "77777777"])
def test_a_made_up_number_is_found_whichever_rule_says_so(number: str) -> None:
    text = "# Shop\n" + CONTACTS + f"| DBA | Ines Falk | | {number} |\n"
    assert {7} == {problem.line for problem in problems(text) if problem.rule in {"fake-phone", "placeholder"}}


@pytest.mark.parametrize(
    "host", ["https://api.example.com/health", "ops@yourcompany.com", "https://your-domain/up", "ssh YOUR_HOST"]
)
def test_a_host_of_a_template_is_no_host(host: str) -> None:
    assert lines(emergency(f"1. Look at {host}"), "fake-host") == [7]


@pytest.mark.parametrize(
    "host", ["https://status.shop.example/", "https://exampledata.org", "your site", "my-app is slow"]
)
def test_other_names_are_left_alone(host: str) -> None:
    assert lines(emergency(f"1. Look at {host}"), "fake-host") == []


def test_a_rung_must_name_somebody_the_contacts_know() -> None:
    rungs = "\n### Escalation Matrix\n\n| Level | Contact | When to Escalate |\n|---|---|---|\n"
    text = "# Shop\n" + CONTACTS + "| DBA | Ines Falk | ines@shop.example | |\n" + rungs
    text += "| L1 | DBA | Immediate |\n| L2 | | After 15 minutes |\n| L3 | Head of IT | After 1 hour |\n"
    assert lines(text, "rung-without-contact") == [14]
    assert lines(text, "rung-without-address") == [15]


def test_a_next_review_in_the_past_is_due() -> None:
    assert lines("# Shop\n\n**Next Review**: 2026-03-09\n", "review-date-past") == [3]
    assert lines("# Shop\n\n**Next Review**: 2026-03-10\n", "review-date-past") == []


def test_a_review_is_overdue_by_the_interval_the_document_gives() -> None:
    text = "---\nlast_reviewed_on: 2025-09-01\nreview_in: {}\n---\n# Shop\n"
    assert len(lines(text.format("3 months"), "review-overdue")) == 1
    assert lines(text.format("12 months"), "review-overdue") == []


def test_without_an_interval_a_year_is_the_limit() -> None:
    assert lines("# Shop\n\n**Last Updated**: 2025-01-02\n", "review-overdue") == [3]
    assert lines("# Shop\n\n**Last Updated**: 2025-06-02\n", "review-overdue") == []
    assert lines("# Shop\n\n**Last Updated**: 2025-06-02\n", "review-overdue", Facts(review_every_days=90)) == [3]


def test_a_date_that_could_be_two_days_is_judged_only_when_the_document_proves_the_order() -> None:
    assert lines("# Shop\n\n**Next Review**: 02/05/2026\n", "review-date-past") == []
    proved = "# Shop\n\n**Created**: 12/25/2025\n\n**Next Review**: 02/05/2026\n"
    assert lines(proved, "review-date-past") == [5]


def test_maintenance_past_its_day_is_overdue() -> None:
    table = "| Task | Frequency | Owner | Last Completed | Next Due |\n|---|---|---|---|---|\n"
    text = (
        f"# Shop\n\n## Regular Maintenance Tasks\n\n{table}| Rotate keys | Monthly | Ops | 2026-01-01 | 2026-02-01 |\n"
    )
    assert lines(text, "maintenance-overdue") == [7]


def test_a_procedure_nobody_ran_is_said_only_when_runs_are_known() -> None:
    text = emergency("1. Look")
    assert lines(text, "never-run") == []
    assert lines(text, "never-run", Facts(last_runs={})) == [5]
    assert lines(text, "never-run", Facts(last_runs={"disk FULL": TODAY})) == []


def test_a_procedure_is_stale_after_twice_its_interval_or_after_the_given_days() -> None:
    routine = "# Shop\n\n## Weekly Operations\n\n### Key check\n\n**Frequency**: Weekly\n\n1. Look\n"
    assert lines(routine, "not-run-lately", Facts({"Key check": TODAY - timedelta(days=15)})) == [5]
    assert lines(routine, "not-run-lately", Facts({"Key check": TODAY - timedelta(days=14)})) == []
    drill = Facts({"Disk full": TODAY - timedelta(days=100)}, stale_after_days=90)
    assert lines(emergency("1. Look"), "not-run-lately", drill) == [5]


def test_a_step_that_is_a_to_do_is_not_written() -> None:
    assert lines(emergency("1. Look at the disk\n2. TODO: clean up"), "step-todo") == [8]


def test_an_anchor_without_a_heading_leads_nowhere() -> None:
    text = "# Shop\n\n[ok](#disk-full) [no](#disk-empty)\n\n## Disk full\n"
    assert lines(text, "dead-anchor") == [3]


def test_files_are_judged_only_when_the_caller_knows_them() -> None:
    text = "# Shop\n\n[a](docs/a.md) ![p](img/p.png) [b](../b.md#x) [w](https://w.example)\n`[c](c.md)`\n"
    assert lines(text, "dead-link") == []
    assert lines(text, "dead-link", Facts(files=["docs/a.md", "img/p.png"])) == [3]
    assert lines(text, "dead-image", Facts(files=["docs/a.md", "../b.md"])) == [3]
    assert lines(text, "dead-link", Facts(files=["docs/a.md", "../b.md"])) == []


def test_an_alert_without_procedure_and_a_procedure_without_alert_are_a_pair() -> None:
    text = emergency("1. Look", "Service Down") + alerts("High Error Rate | > 5% | Investigate")
    assert lines(text, "alert-without-procedure") == [13]
    assert lines(text, "procedure-without-alert") == [5]


@pytest.mark.parametrize(
    "row",
    [
        "Service Down | up == 0 | Page",
        "ServiceDown | up == 0 | Page",
        "Site off | up == 0 | Follow Service Down",
        "Site off | up == 0 | [see](#x)",
    ],
)
def test_an_alert_is_answered_by_name_by_words_by_its_action_or_by_a_link(row: str) -> None:
    assert lines(emergency("1. Look", "Service Down") + alerts(row), "alert-without-procedure") == []


def test_an_alert_is_answered_by_a_procedure_with_the_same_metric_in_its_trigger() -> None:
    text = emergency("**Trigger**: Response time > 2 s for 5 minutes\n\n1. Look", "Performance Degradation")
    assert lines(text + alerts("Response Time | > 2000ms | Look"), "alert-without-procedure") == []


def test_a_schedule_must_parse_and_an_unclear_one_is_asked_about() -> None:
    task = "# Shop\n\n## Regular Maintenance Tasks\n\n| Task | Frequency |\n|---|---|\n| Rotate keys | {} |\n"
    assert lines(task.format("now and then"), "schedule-not-understood") == [7]
    assert lines(task.format("Bi-annually"), "schedule-unclear") == [7]
    for good in ("Monthly", "0 2 1 */3 *", "Before releases", "—", "[Frequency]"):
        assert lines(task.format(good), "schedule-not-understood") == []


COLUMNS = "| Metric | Target | Alert Threshold | Critical Threshold |\n|---|---|---|---|\n"
METRICS = "# Shop\n\n## Key Metrics\n\n" + COLUMNS + "| {} |\n"


def test_a_threshold_must_be_a_limit() -> None:
    assert lines(METRICS.format("Error Rate | < 1% | rather high | > 5%"), "threshold-not-understood") == [7]
    assert lines(METRICS.format("Error Rate | < 1% | > 3% | N/A"), "threshold-not-understood") == []


def test_critical_must_not_be_reached_before_alert() -> None:
    assert lines(METRICS.format("Error Rate | < 1% | > 5% | > 3%"), "threshold-order") == [7]
    assert lines(METRICS.format("Availability | 99.9% | 99% | 99.5%"), "threshold-order") == [7]
    assert lines(METRICS.format("Availability | 99.9% | 99.5% | 99%"), "threshold-order") == []


def test_sixteen_steps_in_one_piece_are_too_many() -> None:
    steps = "\n".join(f"{n}. Step {n}" for n in range(1, 17))
    assert lines(emergency(steps), "procedure-too-long") == [5]
    assert lines(emergency(steps.rsplit("\n", 1)[0]), "procedure-too-long") == []


def test_two_procedures_of_one_title_are_reported_at_the_second() -> None:
    text = emergency("1. Look") + "\n### Disk full\n\n1. Look again\n"
    assert lines(text, "duplicate-procedure") == [9]


def test_an_emergency_says_how_soon_to_respond() -> None:
    assert lines(emergency("1. Look"), "emergency-without-response-time") == [5]
    assert lines(emergency("**Response Time**: Immediate\n\n1. Look"), "emergency-without-response-time") == []


def test_findings_of_the_parser_are_not_repeated() -> None:
    text = "# Shop\n\n**Owner Team**: [Team Name]\n\n[no](#nowhere)\n" + CONTACTS + "| DBA | Ines Falk | | |\n"
    document = parse(text.encode())
    said = {(problem.rule, problem.line) for problem in document.problems}
    found = [(problem.rule, problem.line) for problem in lint(document, today=TODAY)]
    assert said
    assert not said & set(found)
    assert len(found) == len(set(found))


def test_a_document_made_by_hand_is_judged_without_its_text() -> None:
    step = Record(Kind.STEP, "step:1", 4, -1, -1, {"text": Value("TODO")})
    procedure = Record(Kind.PROCEDURE, "procedure:1", 3, -1, -1, {"title": Value("Disk full")}, children=[step])
    contact = Record(Kind.CONTACT, "contact:1", 9, -1, -1, {"role": Value("DBA"), "name": Value("[Name]")})
    found = {(problem.rule, problem.line) for problem in lint(Document("", records=[procedure, contact]), today=TODAY)}
    assert {("step-todo", 4), ("placeholder", 9), ("contact-without-address", 9)} <= found


def test_every_finding_says_what_to_do_and_comes_in_the_order_of_the_lines() -> None:
    text = emergency("1. TODO\n2. admin/admin at https://api.example.com") + alerts("Odd | rather high | Look")
    found = lint(parse(text.encode()), today=TODAY)
    assert len(found) >= 5
    assert all(problem.hint and problem.message and problem.rule in RULES for problem in found)
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)
    assert {problem.severity for problem in found} == {Severity.INFO, Severity.WARNING, Severity.ERROR}
