"""No input makes the parser raise, lose text or hang."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opsportal.runbooks.document import Kind, encode
from opsportal.runbooks.parse import parse
from tests.runbooks.places import faults

PIECES = (
    "# ", "## ", "### 1. ", "Step 2 – ", "- ", "* ", "1. ", "2. ", "- [ ] ", "> ", "    ", "\t", "```",
    "```bash\n", "~~~\n", "# do it\n", "| a | b |\n|---|---|\n", "|", "\\|", "<br>", "**", "**Symptoms**: ",
    "**Fix:**\n", "**1. Go**", "Owner: x", "---\n", "===\n", "+++\n", "Contacts", "Escalation", "Key Metrics",
    "Alerts", "Daily", "Troubleshooting", "Change Log", "Error: ", "\n", "\n\n", "\r\n", "\r", "\ufeff", "<!--",
    "-->", "[a](#b)", "[x]: y\n", "`", "✅ ", "ðŸ”´", "每日", "：", "0-5 min", "→", "< 5%", "a@b.test",
    "+49 30 1234567", "\x00", "\x0c", "\u2028", " ", "word",
)  # fmt: skip
MEGABYTE = 1_000_000
HOSTILE = {
    "brackets": b"[" * 50_000,
    "many brackets": b"[" * MEGABYTE,
    "open links": b"[a](b" * 200_000,
    "nested quotes": b">" * 2_000 + b" x\n",
    "nested lists": b"- " * 2_000 + b"x\n",
    "deep lists": b"".join(b" " * (2 * depth) + b"- x\n" for depth in range(980)),
    "wide table": b"|a" * 20_000 + b"|\n" + b"|-" * 20_000 + b"|\n" + b"|b" * 20_000 + b"|\n",
    "long wide table": b"# Metrics\n\n" + b"|Metric|Goal" * 9_000 + b"|\n" + b"|-" * 18_000 + b"|\n" + b"|b" * 400_000,
    "one line": b"x" * MEGABYTE,
    "one line of words": b"# " + b"word " * 190_000,
    "headings": b"# h\n" * 250_000,
    "steps with fences": b"# P\n\n" + b"".join(b"%d. do it\n```\nls\n```\n\n" % number for number in range(1, 40_000)),
    "comments in code": b"# P\n\n```bash\n" + b'# comment\nls "\n' * 60_000 + b"```\n",
    "labels": b"# P\n\n" + b"**Do it**:\n\n1. x\n\n" * 50_000,
    "rules": b"# A\n\n```yaml\n- alert: A\n" + b"  expr: |\n" * 90_000 + b"```\n",
    "stars": b"**a" * 330_000,
    "binary": bytes(range(256)) * 3_900,
    "carriage returns": b"\r" * MEGABYTE,
}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_generated_markdown_is_read_with_true_places(text: str) -> None:
    data = text.encode()
    document = parse(data)
    assert encode(document.text) == data
    assert faults(document) == []


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_and_come_back(data: bytes) -> None:
    document = parse(data)
    assert encode(document.text) == data
    assert faults(document) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_megabyte_is_read_in_ten_seconds_of_work(name: str) -> None:
    data = HOSTILE[name][:MEGABYTE]
    begun = time.process_time()
    document = parse(data)
    assert time.process_time() - begun < 10
    assert encode(document.text) == data


def test_what_is_too_long_to_read_is_kept_as_text_and_said() -> None:
    document = parse(b"# h\n" * 60_000)
    rest = document.of(Kind.SECTION)[-1]
    (problem,) = [problem for problem in document.problems if problem.rule == "too-long"]
    assert rest.line == problem.line == 30_001
    assert rest.text("body").count("# h") == 30_000
