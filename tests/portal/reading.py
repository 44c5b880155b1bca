"""What comes back from a page."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from contacts.models import Person
from tests.factories import visitor


def get(person: Person, path: str, /, **query: str) -> str:
    """The page as the person sees it; it has to answer 200."""
    response = visitor(person).get(path, query)
    assert response.status_code == 200
    return text(response)


def text(response: Any) -> str:
    return str(response.content.decode())


def rows(person: Person, path: str, /, **query: str) -> list[dict[str, str]]:
    """A CSV download as dictionaries."""
    response: Any = visitor(person).get(path, query)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    whole = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(whole)))


def words(html: str) -> str:
    """The text of a page without tags, white space folded."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def next_page(html: str) -> str:
    """The query of the link to the next page; "" on the last."""
    found = re.search(r'href="(\?[^"]*)" rel="next"', html)
    return found[1].replace("&amp;", "&") if found else ""
