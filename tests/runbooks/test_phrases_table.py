"""Every phrase of the table gives exactly its JSON: real wordings in six languages, and what is not understood."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dateutil.rrule import rrulestr
from django.core.management import CommandError, call_command

from opsportal.runbooks.phrases import JSON, KINDS, UnknownKindError, parse_phrase

TABLE = Path(__file__).with_name("phrases.tsv")
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "phrases.tsv"
ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("kind", "phrase", "expected"), ROWS, ids=[f"{kind}: {phrase}" for kind, phrase, _ in ROWS])
def test_a_phrase_means_what_the_table_says(kind: str, phrase: str, expected: str) -> None:
    found = parse_phrase(kind, phrase)
    assert found == {"understood": True, **json.loads(expected), "text": phrase}


def test_the_table_covers_every_kind_with_phrases_that_are_and_are_not_understood() -> None:
    for kind in KINDS:
        answers = [json.loads(expected).get("understood", True) for name, _, expected in ROWS if name == kind]
        assert answers.count(True) >= 15
    assert sum(not json.loads(expected).get("understood", True) for _, _, expected in ROWS) >= 25


def test_every_rule_of_the_table_comes_true() -> None:
    rules = [json.loads(expected).get("rrule") for kind, _, expected in ROWS if kind == "frequency/window"]
    start = datetime(2026, 1, 1, tzinfo=UTC)
    found = [rrulestr(rule, dtstart=start).after(start) for rule in rules if rule]
    assert len(found) > 150
    assert all(found)


def test_no_phrase_of_the_collected_table_is_missing_here() -> None:
    collected = SHARED.read_text(encoding="utf-8") if SHARED.exists() else TABLE.read_text(encoding="utf-8")
    known = {(kind, phrase) for kind, phrase, _ in ROWS}
    reader = csv.reader(io.StringIO(collected), delimiter="\t", quoting=csv.QUOTE_NONE)
    assert {(row[0], row[1]) for row in reader if row[0] in KINDS} <= known


def test_short_names_of_kinds_mean_the_same() -> None:
    assert parse_phrase("frequency", "daily") == parse_phrase("frequency/window", "daily")
    assert parse_phrase("Time_Box", "0-5 min") == parse_phrase("duration/time box", "0-5 min")


def test_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(UnknownKindError, match="colour"):
        parse_phrase("colour", "red")


def test_the_command_prints_json() -> None:
    out = io.StringIO()
    call_command("parse_phrase", "threshold", "Error rate > 5% for 5 minutes", stdout=out)
    answer: dict[str, JSON] = json.loads(out.getvalue())
    assert (answer["metric"], answer["op"], answer["v"], answer["for"]) == ("Error rate", ">", 5, 300)


def test_the_command_ends_with_2_for_an_unknown_kind() -> None:
    with pytest.raises(CommandError) as error:
        call_command("parse_phrase", "colour", "red")
    assert error.value.returncode == 2
