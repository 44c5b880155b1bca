"""What a reader is told about a runbook: the line, what is wrong and what to do."""

from __future__ import annotations

import pytest

from opsportal.runbooks.document import Severity
from opsportal.runbooks.parse import parse


def rules(text: str) -> list[tuple[int, str]]:
    return [
        (problem.line, problem.rule)
        for problem in parse(text.encode()).problems
        if problem.severity is not Severity.INFO
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# Mill\n\n```bash\ngrind\n", (3, "unclosed-fence")),
        ("# Mill\n\nSee [there](#nowhere).\n", (3, "dead-anchor")),
        ("# Mill\n\n**Owner**: [Team Name]\n", (3, "placeholder")),
        ("# Mill\n\nThe wheel turns slowly.\n---\n", (3, "setext-heading")),
        ("## Stop\n\nDo this:\n\n```sh\n# TODO: find the command\n```\n", (6, "step-without-command")),
        ("## Contacts\n\n- **Mill team**: ask around\n", (3, "contact-without-address")),
        ("## Escalation\n\n| Level | Contact | When |\n|--|--|--|\n| L1 | | at once |\n", (5, "rung-without-contact")),
        (
            (
                "## Contacts\n\n| Role | Name | Phone |\n|--|--|--|\n| Miller | Ada | 0301 2345678 |\n"
                "| Guard | Ada | 0301 2345679 |\n"
            ),
            (6, "contradiction"),
        ),
        ("# Mill \u00c3\u00a9tage\n", (1, "double-encoding")),
    ],
)
def test_each_problem_is_told_with_its_line(text: str, found: tuple[int, str]) -> None:
    assert found in rules(text)


@pytest.mark.parametrize(
    "text",
    [
        '# Mill\n\nSee [there](#the-wheel) and [the gate](#gate).\n\n## The wheel\n\n<a id="gate"></a>\n',
        "# Mill\n\nAn error reads [ERROR], a box [x], a note[^1], code `[name]`.\n",
        "# Étage\n\nÀ bientôt, ça va – 50 °C\n",
        (
            "## Contacts\n\n| Role | Name | Phone |\n|--|--|--|\n| Miller | Ada | 0301 2345678 |\n"
            "| Guard | Ada | 0301-234-5678 |\n"
        ),
    ],
)
def test_sound_text_raises_no_problem(text: str) -> None:
    assert rules(text) == []


def test_a_column_nobody_knows_is_told_as_a_mere_hint() -> None:
    document = parse(
        b"## Contacts\n\n| Role | Name | Email | Shoe |\n|--|--|--|--|\n| Miller | Ada | a@mill.test | 41 |\n"
    )
    assert [(problem.line, problem.rule, problem.severity) for problem in document.problems] == [
        (3, "table-column", Severity.INFO)
    ]


def test_twice_encoded_characters_are_listed_with_what_they_mean_and_left_alone() -> None:
    text = "# \u00c3\u0153ber den M\u00fchlen \u00f0\u0178\u201d\u00b4\n"
    document = parse(text.encode())
    (problem,) = document.problems
    assert "2 characters" in problem.message
    assert "\u00dc" in problem.message
    assert document.text == text
