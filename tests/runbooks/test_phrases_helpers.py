"""Typed answers: operators of bare values by column and metric, times, placeholders, which limit is laxer."""

from __future__ import annotations

import pytest

from opsportal.runbooks.phrases import (
    cover,
    date,
    escalation,
    frequency,
    is_placeholder,
    laxer,
    placeholders,
    response_time,
    runtime_variables,
    seconds,
    threshold,
    time_box,
)
from opsportal.runbooks.phrases.model import Role


@pytest.mark.parametrize(
    ("text", "role", "metric", "operator"),
    [
        ("99.9%", "target", "Availability", ">="),
        ("99%", "critical", "Availability", "<"),
        ("99.5%", "alert", "Uptime", "<"),
        ("200ms", "target", "Response Time", "<="),
        ("1000ms", "critical", "Response Time", ">"),
        ("0.1%", "target", "Error Rate", "<="),
        ("5%", "alert", "Error Rate", ">"),
        ("100 req/s", "target", "Throughput", ">="),
        ("50 req/s", "critical", "Throughput", "<"),
        ("95%", "target", "Cache hit rate", ">="),
        ("80%", "alert", "CPU usage", ">"),
        ("10 GB", "alert", "Free memory", "<"),
        ("30", "alert", "Frobnications", ""),
        ("< 1%", "critical", "Availability", "<"),
    ],
)
def test_a_bare_value_takes_its_operator_from_column_and_metric(
    text: str, role: Role, metric: str, operator: str
) -> None:
    limit = threshold(text, role=role, metric=metric)
    assert (limit.op, limit.metric, limit.understood) == (operator, metric, True)


def test_a_threshold_gives_hold_time_window_and_unit() -> None:
    limit = threshold("p95 latency > 300ms for 10 minutes over 1h")
    assert (limit.agg, limit.op, limit.value, limit.unit, limit.hold_s, limit.window_s) == (
        "p95",
        ">",
        300,
        "ms",
        600,
        3600,
    )
    assert limit.better == "lower"


def test_two_limits_in_one_phrase_are_two_parts() -> None:
    limit = threshold("99.9% uptime, <500ms response time")
    assert [(part.metric, part.op, part.value) for part in limit.parts] == [
        ("uptime", ">=", 99.9),
        ("response time", "<", 500),
    ]
    assert limit.value == 99.9


def test_a_placeholder_is_a_threshold_without_value() -> None:
    limit = threshold("[%]", role="target", metric="Availability")
    assert limit.placeholder
    assert limit.value is None


@pytest.mark.parametrize(
    ("critical", "alert", "metric", "expected"),
    [
        ("> 3%", "> 5%", "Error rate", True),
        ("> 10%", "> 5%", "Error rate", False),
        ("< 99.5%", "< 99%", "Availability", True),
        ("< 99%", "< 99.5%", "Availability", False),
        ("99%", "99.5%", "Availability", False),
        ("99.9%", "99.5%", "Availability", True),
        ("> 1s", "> 500ms", "Latency", False),
        ("> 400ms", "> 1s", "Latency", True),
        ("> 5%", "> 5%", "Error rate", False),
        ("> 2 GB", "> 512 MB", "Memory usage", False),
        ("> 5%", "> 3s", "Error rate", None),
        ("[%]", "> 5%", "Error rate", None),
        ("5-10%", "> 3%", "Error rate", False),
        ("very high", "> 5%", "Error rate", None),
    ],
)
def test_laxer_finds_limits_the_wrong_way_round(critical: str, alert: str, metric: str, expected: bool | None) -> None:
    assert (
        laxer(threshold(critical, role="critical", metric=metric), threshold(alert, role="alert", metric=metric))
        is expected
    )


def test_a_frequency_has_rule_time_and_zone() -> None:
    found = frequency("last Friday of the month 18:00 Europe/Berlin")
    assert (found.rrule, found.time, found.tz, found.ask) == ("FREQ=MONTHLY;BYDAY=-1FR", "18:00", "Europe/Berlin", "")


def test_a_zone_two_people_take_differently_is_asked_about() -> None:
    assert "America/New_York" in frequency("daily 8:00 AM EST").ask


def test_a_schedule_that_counts_from_the_last_run_floats() -> None:
    found = frequency("7 days after completion")
    assert (found.rrule, found.floating) == ("FREQ=DAILY;INTERVAL=7", True)


def test_durations_are_spans_of_seconds() -> None:
    assert (seconds("30–60 minutes").min, seconds("30–60 minutes").max) == (1800, 3600)
    assert (seconds("up to 1 h").min, seconds("up to 1 h").max) == (0, 3600)
    assert (seconds("two or more hours").min, seconds("two or more hours").max) == (7200, None)
    assert not seconds("a while").understood


def test_a_time_box_is_read_from_the_heading_of_a_phase() -> None:
    box = time_box("Diagnosis Steps (5-15 minutes)")
    assert (box.min, box.max, box.understood) == (300, 900, True)
    assert not time_box("Recovery Actions").understood
    assert not time_box("Duration: 5 minutes").understood


def test_response_times_are_upper_bounds() -> None:
    assert (response_time("Immediate").max, response_time("15 minutes").max) == (0, 900)
    assert response_time("Next business day").understood
    assert response_time("Next business day").max is None
    assert response_time("4 business hours").business


def test_a_rung_names_its_contact_and_its_time() -> None:
    rung = escalation("L2 Tech Lead (15-30 min)")
    assert (rung["level"], rung["contact"], rung["after"], rung["until"]) == ("L2", "Tech Lead", 900, 1800)


def test_hours_of_cover_have_days_and_times() -> None:
    hours = cover("Mon-Fri 9am-5:30pm")
    assert (hours["days"], hours["start"], hours["end"]) == (["MO", "TU", "WE", "TH", "FR"], "09:00", "17:30")


def test_day_and_month_follow_what_the_document_proves() -> None:
    assert (date("03/04/2026")["date"], date("03/04/2026")["ambiguous"]) == ("2026-04-03", True)
    assert date("03/04/2026", day_first=False)["date"] == "2026-03-04"
    assert "ask" not in date("03/04/2026", day_first=True)


@pytest.mark.parametrize(
    "text",
    [
        "[Team Name]",
        "[%]",
        "**[Date]**",
        "TBD",
        "________",
        "$(date)",
        "<your-name>",
        "{{ owner }}",
        "[X]%",
        "`[Path/URL]`",
    ],
)
def test_a_value_that_is_only_a_placeholder_is_one(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ann",
        "[Ann](mailto:ann@example.org)",
        "[ops@example.org]",
        "[ ] done",
        "[0-5 min]",
        "Error rate < [X]%",
        "<br>",
    ],
)
def test_a_value_with_words_of_its_own_is_no_placeholder(text: str) -> None:
    assert not is_placeholder(text)


def test_placeholders_are_listed_as_written() -> None:
    assert placeholders("Call [Name] at [Phone], then see $(date) and <b>TBD</b>") == [
        "[Name]",
        "[Phone]",
        "$(date)",
        "TBD",
    ]


def test_variables_of_a_command_are_listed_once() -> None:
    code = (
        "kubectl logs <POD_NAME> -n ${NAMESPACE}\nkubectl delete pod <POD_NAME>\nsudo systemctl restart [service-name]"
    )
    assert runtime_variables(code) == ["<POD_NAME>", "${NAMESPACE}", "[service-name]"]


def test_what_a_command_sets_itself_is_not_asked_for() -> None:
    code = 'POD=$(kubectl get pod -o name)\nfor host in a b; do echo "${host} ${POD}"; done\n'
    code += 'docker ps --format "{{.Names}}"\nls [a-z]*'
    assert runtime_variables(code) == []
