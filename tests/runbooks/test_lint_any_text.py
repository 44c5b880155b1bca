"""Whatever a document holds: the linter answers, in time, with lines that exist."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsportal.runbooks.lint import Facts, lint, readiness
from opsportal.runbooks.parse import parse

TODAY = date(2026, 3, 10)
PIECES = st.sampled_from(
    [
        "# Shop\n",
        "## Key Alerts\n",
        "## Contact Information\n",
        "### Escalation Matrix\n",
        "## Emergency Procedures\n",
        "### Disk full\n",
        "| Alert | Threshold |\n|---|---|\n",
        "| Role | Phone | Backup |\n|---|---|---|\n",
        "| a | b | c |\n",
        "| [x] | > [Y]% | |\n",
        "1. TODO\n",
        "- **Next Review**: 31/02/2026\n",
        "**Last Updated**: 1999\n",
        "```\n",
        "[a](#b) ![c](d.png)\n",
        "admin/admin\n",
        "\n",
        "---\n",
        "\r\n",
        "\x00",
        "PGPASSWORD=abcd\n",
        "**Frequency**: every blue moon\n",
        "> quote\n",
        "555-0100\n",
        "https://example.com\n",
        "<details>\n",
        "\u2028",
        "😀",
    ]
)


@settings(max_examples=150, deadline=None)
@given(text=st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=25).map("".join))
def test_any_document_is_judged_with_lines_that_exist(text: str) -> None:
    document = parse(text.encode("utf-8", "surrogatepass"))
    facts = Facts(last_runs={}, files=[])
    found = lint(document, today=TODAY, facts=facts)
    assert all(1 <= problem.line <= document.text.count("\n") + 1 for problem in found)
    assert 0 <= readiness(document, [*document.problems, *found], facts).score <= 100


@pytest.mark.parametrize(
    "piece", ["`", "[", "eyJ", "curl -u ", "[a](#b) ", "password: ", "555 ", "a.", "A_", "1", "x", "https://"]
)
def test_two_hundred_thousand_characters_of_anything_end(piece: str) -> None:
    document = parse((piece * 200_000)[:200_000].encode())
    began = time.perf_counter()
    lint(document, today=TODAY)
    assert time.perf_counter() - began < 10  # it takes under a second; the limit only catches work that grows squared
