"""Whatever stands in a cell: an answer that is JSON, in little time, and never an error."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsportal.runbooks import phrases
from opsportal.runbooks.phrases import KINDS, parse_phrase

TABLE = Path(__file__).with_name("phrases.tsv").read_text(encoding="utf-8").splitlines()
WORDS = sorted({word for line in TABLE for word in line.split("\t")[1].split()})
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from([*"()[]{}<>.,:;/-+*%$`'\"|\\~≥≤=!年月日每", "h30", "P1M", "24:00", "1e9", "½", "\u0301"]),
)
PHRASES = st.one_of(
    st.text(max_size=60), st.lists(PIECES, max_size=9).map(" ".join), st.lists(PIECES, max_size=9).map("".join)
)
HARD = [
    "a ",
    "5 ",
    "(",
    "5 min ",
    "over 5m ",
    "> 5% and ",
    "每天",
    "[",
    "1-",
    "$(",
    "* ",
    "_",
    "<a",
    "every other ",
    "1",
    "1,111",
    "\u0301",
    "`a`",
    "a{",
    "\\<",
    "Monday, ",
    "{{a ",
    "\n",
    "for ",
    "1 of ",
    "first ",
    "until ",
    "~",
    "min ",
    "p9",
    "7 x ",
    "/",
]


@settings(max_examples=400, deadline=None)
@given(kind=st.sampled_from(sorted(KINDS)), text=PHRASES)
def test_any_text_gives_json_with_its_text_and_whether_it_was_understood(kind: str, text: str) -> None:
    answer = parse_phrase(kind, text)
    assert answer["text"] == text
    assert answer["understood"] in (True, False)
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer


@settings(max_examples=200, deadline=None)
@given(text=PHRASES)
def test_typed_answers_agree_with_the_json(text: str) -> None:
    assert phrases.threshold(text).understood == parse_phrase("threshold", text)["understood"]
    assert phrases.frequency(text).understood == parse_phrase("frequency", text)["understood"]
    length = phrases.seconds(text)
    assert length.min is None or length.max is None or length.min <= length.max
    assert phrases.laxer(phrases.threshold(text), phrases.threshold("> 5%")) in (True, False, None)
    assert isinstance(phrases.is_placeholder(text), bool)


@pytest.mark.parametrize("piece", HARD)
def test_twenty_thousand_characters_take_no_time(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    for kind in KINDS:
        began = time.perf_counter()
        parse_phrase(kind, text)
        assert time.perf_counter() - began < 2  # far above the 0.2 s it takes, so that a busy machine does not fail it
    began = time.perf_counter()
    phrases.placeholders(text)
    phrases.runtime_variables(text)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize("text", ["", " ", "-", "N/A", "?", "\n", "—"])
def test_nothing_is_not_understood(text: str) -> None:
    for kind in KINDS:
        assert parse_phrase(kind, text)["understood"] is False
