"""What is sent is packed where the browser takes it, and the API keeps its strong ETags."""

from __future__ import annotations

import gzip
from uuid import uuid4

from contacts.models import Person
from procedures.models import Run
from tests.factories import HTMX, steps_of, visitor

PACKED = {"Accept-Encoding": "gzip, br"}


def test_a_page_and_a_tick_are_sent_packed(run: Run, ada: Person) -> None:
    client, page = visitor(ada), run.get_absolute_url()
    response = client.get(page, headers=PACKED)
    assert response["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(response.content)
    assert "Accept-Encoding" in response["Vary"]
    sent = {"op": str(uuid4()), "state": "done"}
    tick = client.post(f"{page}steps/{steps_of(run)[0].pk}/answer/", sent, headers={**HTMX, **PACKED})
    assert tick["Content-Encoding"] == "gzip"
    assert len(tick.content) <= 2048 + 100  # and up to a hundred bytes of padding
    assert "Content-Encoding" not in client.get(page)


def test_the_api_answers_unpacked_with_a_strong_etag(run: Run, ada: Person) -> None:
    response = visitor(ada).get("/api/v1/services/", headers=PACKED)
    assert "Content-Encoding" not in response
    assert response["ETag"].startswith('"')
