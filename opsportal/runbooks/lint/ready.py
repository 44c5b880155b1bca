"""How ready a service is: each part weighed, and a sentence for what is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from opsportal.runbooks.document import Document, Kind, Problem, Record
from opsportal.runbooks.lint.facts import Facts, Readiness
from opsportal.runbooks.lint.findings import key, person, shown, title
from opsportal.runbooks.lint.pairs import unanswered
from opsportal.runbooks.lint.people import Directory
from opsportal.runbooks.lint.steps import steps_of
from opsportal.runbooks.parse.addresses import has_address
from opsportal.runbooks.phrases import is_placeholder, placeholders

# One part: what share of it is there (0 to 1) and the sentences for the rest; None where nothing can be said.
Part = tuple[float, list[str]]
Check = Callable[[Document, Facts], Part | None]
_MOST = 40  # sentences; who misses more starts at the top
_SERVICE = {"owner_team": "No owner", "purpose": "No purpose", "oncall_contact": "No on-call contact"}
_LIMITS = ("target", "alert", "critical")

# What is wrong takes points off: rules, points for each finding, most points, sentence for one and for several.
_FAULTS: tuple[tuple[frozenset[str], float, float, str, str], ...] = (
    (frozenset({"credential"}), 10, 20, "1 credential stands in the text", "{} credentials stand in the text"),
    (frozenset({"placeholder"}), 1, 20, "1 placeholder left", "{} placeholders left"),
    (
        frozenset({"fake-phone", "fake-host"}),
        1,
        10,
        "1 example host or number left",
        "{} example hosts or numbers left",
    ),
    (frozenset({"review-overdue", "review-date-past"}), 5, 5, "The review is overdue", "The review is overdue"),
    (frozenset({"not-run-lately"}), 1, 5, "1 procedure was not run lately", "{} procedures were not run lately"),
    (
        frozenset({"not-tried"}),
        1,
        5,
        "1 procedure was tried by nobody but its author",
        "{} procedures were tried by nobody but their author",
    ),
    (
        frozenset({"procedure-review-past"}),
        1,
        5,
        "1 procedure is past its day of review",
        "{} procedures are past their day of review",
    ),
    (frozenset({"step-todo"}), 1, 5, "1 step is not written yet", "{} steps are not written yet"),
    (
        frozenset({"threshold-order"}),
        2,
        6,
        "1 metric has its limits exchanged",
        "{} metrics have their limits exchanged",
    ),
    (frozenset({"schedule-not-understood"}), 1, 5, "1 schedule is not understood", "{} schedules are not understood"),
    (frozenset({"dead-anchor", "dead-link", "dead-image"}), 0.5, 5, "1 dead link", "{} dead links"),
)


def readiness(document: Document, problems: Sequence[Problem], facts: Facts | None = None) -> Readiness:
    """Score from 0 to 100 and what is missing, heaviest part first.

    `problems` are all findings of the document, the parser's and the linter's. What `facts` do not tell is not counted.
    """
    known = facts or Facts()
    total, reached, missing = 0.0, 0.0, list[str]()
    for weight, check in _PARTS:
        if part := check(document, known):
            total += weight
            reached += weight * part[0]
            missing.extend(part[1])
    lost, sentences = _faults(problems)
    score = max(0, int(100 * reached / total - lost))
    missing += sentences
    return Readiness(min(score, 99) if missing else score, missing[:_MOST])


def _faults(problems: Sequence[Problem]) -> tuple[float, list[str]]:
    points, sentences = 0.0, []
    for rules, each, most, one, many in _FAULTS:
        count = sum(problem.rule in rules for problem in problems)
        if count:
            points += min(most, each * count)
            sentences.append(one if count == 1 else many.format(count))
    return points, sentences


def _filled(text: str) -> bool:
    return bool(text.strip()) and not is_placeholder(text)


def _part(records: Sequence[Record], lost: list[str]) -> Part:
    return (len(records) - len(lost)) / len(records), lost


def _reachable(contact: Record) -> bool:
    texts = [*(value.text for value in contact.values.values()), *contact.extra.values()]
    return any(has_address(text) and not is_placeholder(text) and not placeholders(text) for text in texts)


def _contacts(document: Document, facts: Facts) -> Part:
    contacts = document.of(Kind.CONTACT)
    if not contacts:
        return 0.0, ["No contacts"]
    return _part(contacts, [f'No address for "{person(each)}"' for each in contacts if not _reachable(each)])


def _backups(document: Document, facts: Facts) -> Part | None:
    """A backup is a column of its own, or a second contact where no table has that column."""
    contacts = document.of(Kind.CONTACT)
    with_column = [contact for contact in contacts if "backup" in contact.values]
    if not contacts:
        return None
    if not with_column:
        return (1.0, []) if len(contacts) > 1 else (0.0, [f'No backup for "{person(contacts[0])}"'])
    return _part(
        with_column, [f'No backup for "{person(each)}"' for each in with_column if not _filled(each.text("backup"))]
    )


def _escalation(document: Document, facts: Facts) -> Part:
    rungs = document.of(Kind.ESCALATION)
    contacts = document.of(Kind.CONTACT)
    if not rungs:
        return 0.0, ["No escalation"]
    directory, lost = Directory(contacts), []
    for number, rung in enumerate(rungs, 1):
        contact = rung.text("contact")
        if not _filled(contact):
            lost.append(f'Escalation "{shown(rung.text("level") or f"step {number}")}" names nobody')
        elif contacts and not has_address(contact) and not directory.knows(contact):
            lost.append(f'"{shown(contact)}" of the escalation is in no list of contacts')
    return _part(rungs, lost)


def _alerts(document: Document, facts: Facts) -> Part:
    alerts = document.of(Kind.ALERT)
    if not alerts:
        return 0.0, ["No alerts"]
    lost = unanswered(alerts, document.records)
    return _part(alerts, [f'Alert "{shown(title(each))}" has no procedure' for each in lost])


def _procedures(document: Document, facts: Facts) -> Part:
    procedures = document.of(Kind.PROCEDURE)
    if not procedures:
        return 0.0, ["No procedures"]
    lost = [each for each in procedures if not steps_of(each) and not each.blocks]
    return _part(procedures, [f'Procedure "{shown(title(each))}" has no steps' for each in lost])


def _emergencies(document: Document, facts: Facts) -> Part:
    found = any(each.text("category") == "emergency" for each in document.of(Kind.PROCEDURE))
    return (1.0, []) if found else (0.0, ["No emergency procedure"])


def _routine(document: Document, facts: Facts) -> Part:
    rows = [*document.of(Kind.PROCEDURE), *document.of(Kind.MAINTENANCE)]
    found = any(each.text("frequency").strip() for each in rows)
    return (1.0, []) if found else (0.0, ["No routine procedure with a frequency"])


def _runs(document: Document, facts: Facts) -> Part | None:
    looked_up = "service_management"
    procedures = [each for each in document.of(Kind.PROCEDURE) if each.text("category") != looked_up and title(each)]
    if facts.last_runs is None or not procedures:
        return None
    run = {key(name) for name, day in facts.last_runs.items() if day is not None}
    lost = [each for each in procedures if key(title(each)) not in run]
    return _part(procedures, [f'Procedure "{shown(title(each))}" was never run' for each in lost])


def _metrics(document: Document, facts: Facts) -> Part:
    metrics = document.of(Kind.METRIC)
    if not metrics:
        return 0.0, ["No key metrics"]
    lost = [each for each in metrics if not any(_filled(each.text(name)) for name in _LIMITS)]
    return _part(metrics, [f'Metric "{shown(title(each))}" has no limit' for each in lost])


def _service(document: Document, facts: Facts) -> Part:
    """Owner, purpose and on-call contact; the last may also stand in the list of contacts."""
    services = document.of(Kind.SERVICE)
    lost = [name for name in _SERVICE if not any(_filled(service.text(name)) for service in services)]
    if any("on call" in key(person(each)) and _reachable(each) for each in document.of(Kind.CONTACT)):
        lost = [name for name in lost if name != "oncall_contact"]
    return (len(_SERVICE) - len(lost)) / len(_SERVICE), [_SERVICE[name] for name in lost]


_PARTS: tuple[tuple[int, Check], ...] = (
    (16, _contacts),
    (14, _emergencies),
    (14, _escalation),
    (14, _alerts),
    (12, _procedures),
    (8, _backups),
    (8, _runs),
    (8, _metrics),
    (8, _service),
    (6, _routine),
)
