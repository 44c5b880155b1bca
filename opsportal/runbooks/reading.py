"""Read a runbook file: refuse what is none, parse the rest, and gather every finding."""

from __future__ import annotations

from datetime import date

from opsportal.lib.errors import ActionError
from opsportal.runbooks.document import Document, Problem, Severity
from opsportal.runbooks.lint import lint
from opsportal.runbooks.parse import parse

LARGEST = 1_000_000
UTF16 = (b"\xff\xfe", b"\xfe\xff")


class TooLarge(ActionError):
    message = "The file is larger than 1 MB. A runbook is text: leave pictures and logs out, or split it by service."
    status = 413


class NotText(ActionError):
    message = "This is no text file. A runbook is Markdown, saved as UTF-8."


class WrongEncoding(ActionError):
    message = "The file is UTF-16. Save it as UTF-8 and import it again; nothing was changed."


def read(data: bytes, today: date) -> Document:
    """The document, with the parser's and the linter's findings by line.

    Raises TooLarge (over 1 MB), WrongEncoding (UTF-16), NotText (binary data).
    """
    if len(data) > LARGEST:
        raise TooLarge
    if data.startswith(UTF16):
        raise WrongEncoding
    if data.count(b"\0") > max(8, len(data) // 100):
        raise NotText
    document = parse(data)
    document.problems = sorted([*_encoding(data), *document.problems, *lint(document, today=today)], key=_place)
    return document


def _place(problem: Problem) -> tuple[int, str]:
    return problem.line, problem.rule


def _encoding(data: bytes) -> list[Problem]:
    """Bytes that are no UTF-8 and NUL bytes: kept as they are, but said."""
    problems = []
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(
            Problem(
                line,
                "not-utf8",
                Severity.WARNING,
                "Some bytes are not UTF-8; they are shown as � and kept as they are.",
                "Save the file as UTF-8 and import it again.",
            )
        )
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        problems.append(Problem(line, "nul", Severity.WARNING, "The text holds NUL characters.", "Remove them."))
    return problems
