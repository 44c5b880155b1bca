"""Signed evidence: what it holds, and that nothing in it can be changed without being found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from contacts.models import Person, Team
from opsportal.actions.evidence import NotOver, sign_month
from opsportal.audit.models import AuditEvent
from opsportal.audit.trail import record
from opsportal.lib.periods import month_of
from opsportal.lib.signed import Broken, canonical, fingerprint, sign, verified
from opsportal.models import SignedReport
from opsportal.selectors.compliance_evidence import check_content
from procedures.models import Schedule
from services.models import Service
from tests.factories import visitor
from tests.reports.conftest import NOON, TODAY, happen

OCTOBER = month_of(TODAY.replace(month=10))
OTHER_SECRET = "another secret key, of somebody else's portal"


@pytest.fixture
def october(daily: Schedule, mia: Person) -> Schedule:
    happen(daily, 30, "done", ended_by=mia)
    happen(daily, 31, "done_late", ended_by=mia)
    happen(daily, 32, "missed", "operator")
    happen(daily, 33, "excused", "operator", decided_by=mia, explanation="Straße gesperrt")
    happen(daily, 1, "done")
    with transaction.atomic():
        record(verb="service.created", subject=daily.service, actor=mia, now=NOON)
    return daily


@pytest.fixture
def report(crew: Team, mia: Person, october: Schedule) -> SignedReport:
    return sign_month(team=crew, service=None, month=OCTOBER, person=mia, now=NOON)


def content(report: SignedReport) -> dict[str, Any]:
    return verified(report.body).content


def test_a_report_lists_the_month_with_approvers_and_the_head_of_the_trail(report: SignedReport) -> None:
    told = content(report)
    check_content(told)
    assert [(row[4], row[5], row[7], row[8]) for row in told["rows"]] == [
        ("excused", "operator", "Mia Manager", ""), ("missed", "operator", "", ""),
        ("done_late", "", "", "Mia Manager"), ("done", "", "", "Mia Manager"),
    ]  # fmt: skip
    assert {name: told["figures"][name] for name in ("due", "on_time", "late", "missed", "excused")} == {
        "due": 4, "on_time": 1, "late": 1, "missed": 1, "excused": 1
    }  # fmt: skip
    head, event = AuditEvent.objects.order_by("seq")
    assert told["audit"] == {"seq": head.seq, "hash": head.hash}
    assert (event.verb, event.data["digest"]) == ("evidence.signed", report.digest)


def test_a_month_that_is_not_over_is_not_signed(crew: Team, mia: Person) -> None:
    with pytest.raises(NotOver):
        sign_month(team=crew, service=None, month=month_of(TODAY), person=mia, now=NOON)


def test_a_report_can_be_of_one_service(crew: Team, mia: Person, october: Schedule, ledger: Service) -> None:
    told = content(sign_month(team=crew, service=ledger, month=OCTOBER, person=mia, now=NOON))
    assert (told["service"], len(told["rows"])) == ("ledger", 4)


CHANGES = {
    "a figure": lambda told: told["figures"].update(missed=0, due=3),
    "the state of a row": lambda told: told["rows"][1].__setitem__(4, "done"),
    "a row left out": lambda told: told["rows"].pop(),
    "the reason": lambda told: told["rows"][0].__setitem__(6, "flood"),
    "the approver": lambda told: told["rows"][0].__setitem__(7, "Al Admin"),
    "the month": lambda told: told.update(month="2026-09"),
    "the head": lambda told: told["audit"].update(hash="0" * 64),
}


@pytest.mark.parametrize("what", CHANGES)
def test_any_change_breaks_the_signature(what: str, report: SignedReport) -> None:
    document = json.loads(report.body)
    CHANGES[what](document["report"])
    with pytest.raises(Broken, match="changed after it was signed"):
        verified(json.dumps(document))


def test_white_space_and_the_order_of_names_are_no_change(report: SignedReport) -> None:
    document = json.loads(report.body)
    shuffled = {name: document[name] for name in reversed(document)}
    assert verified(json.dumps(shuffled, indent=4, ensure_ascii=True)).digest == report.digest


NO_REPORTS = ["", "{}", "[]", "null", '{"report": 1, "signature": {}}', '{"report": {}, "signature": 3}']


@pytest.mark.parametrize("text", NO_REPORTS)
def test_what_is_no_report_is_told_as_such(text: str) -> None:
    with pytest.raises(Broken, match="no signed report"):
        verified(text)


def test_figures_that_are_not_those_of_the_rows_are_found_even_when_signed(report: SignedReport) -> None:
    told = content(report)
    told["figures"]["on_time"] = 99
    with pytest.raises(Broken, match="on_time"):
        check_content(verified(sign(told, "x")).content)


def saved(report: SignedReport, folder: Path) -> str:
    path = folder / "report.json"
    path.write_text(report.body, encoding="utf-8")
    return str(path)


def test_the_command_finds_a_true_report_whole(
    report: SignedReport, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_evidence", saved(report, tmp_path))
    said = capsys.readouterr().out
    assert "4 due, 1 on time" in said
    assert report.digest in said


def test_a_report_and_an_exported_trail_are_checked_without_database_and_secret(
    report: SignedReport, tmp_path: Path, django_db_blocker: DjangoDbBlocker, settings: Any
) -> None:
    path, chain = saved(report, tmp_path), str(tmp_path / "chain.jsonl")
    call_command("export_audit", chain)
    key = verified(report.body).public_key
    settings.SECRET_KEY = OTHER_SECRET
    with django_db_blocker.block():
        call_command("verify_evidence", path, key=key, chain=chain)
        call_command("verify_evidence", path, key=fingerprint(key), chain=chain)
        call_command("verify_audit", file=chain, head=content(report)["audit"]["hash"])
        with pytest.raises(CommandError, match="not part of it"):
            call_command("verify_audit", file=chain, head="0" * 64)


def test_a_report_signed_with_another_key_is_not_trusted(report: SignedReport, tmp_path: Path) -> None:
    path = tmp_path / "forged.json"
    path.write_text(sign(content(report), OTHER_SECRET), encoding="utf-8")
    with pytest.raises(CommandError, match="another key"):
        call_command("verify_evidence", str(path))


def test_a_report_that_the_portal_s_own_key_signed_beside_the_trail_is_not_trusted(
    report: SignedReport, tmp_path: Path, settings: Any
) -> None:
    told = content(report)
    told["made_by"] = "Al Admin"
    path = tmp_path / "forged.json"
    path.write_text(sign(told, settings.SECRET_KEY), encoding="utf-8")
    with pytest.raises(CommandError, match="does not know this report"):
        call_command("verify_evidence", str(path))


def test_a_trail_that_was_rewritten_is_found(report: SignedReport, tmp_path: Path) -> None:
    path, chain = saved(report, tmp_path), tmp_path / "chain.jsonl"
    call_command("export_audit", str(chain))
    lines = chain.read_text(encoding="utf-8").splitlines()
    changed = lines[0].replace("Mia Manager", "Max Manager")
    chain.write_text("\n".join([changed, *lines[1:]]) + "\n", encoding="utf-8")
    with pytest.raises(CommandError, match="broken: event 1 was changed"):
        call_command("verify_evidence", path, chain=str(chain))
    chain.write_text(lines[0] + "\n", encoding="utf-8")
    with pytest.raises(CommandError, match="does not know this report"):
        call_command("verify_evidence", path, chain=str(chain))
    chain.write_text("not json\n", encoding="utf-8")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_evidence", path, chain=str(chain))


def test_the_page_makes_prints_and_hands_out_the_report(mia: Person, october: Schedule) -> None:
    client = visitor(mia)
    made = client.post("/reports/evidence/make/", {"team": "ledger-crew", "month": "2026-10"}, follow=True)
    page = made.content.decode()
    report = SignedReport.objects.get()
    assert report.digest in page
    assert "Straße gesperrt" in page
    assert "holds, and is this portal" in page
    file = client.get(f"/reports/evidence/{report.pk}/report.json")
    assert verified(file.content.decode()).digest == report.digest
    assert "attachment" in file["Content-Disposition"]
    assert "October 2026" in client.get("/reports/evidence/").content.decode()


def test_a_report_changed_in_the_database_is_shown_as_broken(mia: Person, report: SignedReport) -> None:
    SignedReport.objects.update(body=report.body.replace('"missed"', '"done"'))
    page = visitor(mia).get(f"/reports/evidence/{report.pk}/").content.decode()
    assert "changed after it was signed" in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"month": "2026-11"}, "not ended"),
        ({"month": "2026-13"}, "such as 2026-10"),
        ({"month": "2026-10", "service": "crane"}, "no such service"),
        ({"month": "2026-10", "team": "harbour-crew"}, "valid choice"),
    ],
)
def test_what_cannot_be_signed_is_told(data: dict[str, str], words: str, mia: Person, crane: Service) -> None:
    response = visitor(mia).post("/reports/evidence/make/", {"team": "ledger-crew", **data})
    assert response.status_code == 422
    assert words in response.content.decode()


def test_another_team_s_evidence_is_closed(omar: Person, report: SignedReport) -> None:
    client = visitor(omar)
    assert client.get(f"/reports/evidence/{report.pk}/").status_code == 403
    assert client.get(f"/reports/evidence/{report.pk}/report.json").status_code == 403
    assert "October" not in client.get("/reports/evidence/").content.decode()


def test_canonical_json_is_the_same_whatever_the_order() -> None:
    assert canonical({"b": "é", "a": [1]}) == b'{"a":[1],"b":"\\u00e9"}'
