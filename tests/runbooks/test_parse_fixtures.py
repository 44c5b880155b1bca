"""Whole runbooks of several families, read and compared with what was counted in them by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from opsportal.runbooks.document import encode
from opsportal.runbooks.parse import parse
from tests.runbooks.corpus import corpus_bytes, expectations, score
from tests.runbooks.places import faults

FIXTURES = Path(__file__).parent / "fixtures"
EXPECTED: dict[str, dict[str, Any]] = json.loads((FIXTURES / "expected.json").read_text("utf-8"))
WRITTEN: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda data: data,
    "with CR LF": lambda data: data.replace(b"\n", b"\r\n"),
    "with lone CR": lambda data: data.replace(b"\n", b"\r"),
    "with a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "without a line end at its end": lambda data: data.rstrip(b"\n"),
}


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("name", EXPECTED)
def test_everything_counted_by_hand_is_found_however_the_file_is_written(name: str, written: str) -> None:
    result = score(EXPECTED[name], parse(WRITTEN[written]((FIXTURES / name).read_bytes())))
    assert (result.wrong, result.inexact, result.missing) == ({}, {}, [])


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("name", EXPECTED)
def test_every_value_stands_where_it_says(name: str, written: str) -> None:
    data = WRITTEN[written]((FIXTURES / name).read_bytes())
    document = parse(data)
    assert faults(document) == []
    assert encode(document.text) == data


def test_public_runbooks_are_read_with_nine_of_ten_records_and_hardly_a_wrong_one() -> None:
    for name, expected in expectations().items():
        document = parse(corpus_bytes(expected))
        result = score(expected, document)
        assert result.inexact == {}, name
        assert result.missing == [], name
        assert result.recall >= 0.9, name
        assert result.precision >= 0.95, name
        assert faults(document) == [], name
