"""The forms of a page, so that a benchmark posts what a browser would."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

from bench.traffic import Request

FORM = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class Form:
    """`buttons` are the names and values of its submit buttons."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def post(self, headers: dict[str, str], **changed: str) -> Request:
        body = urlencode({**self.fields, **changed})
        return Request(self.action, "POST", {**headers, "Content-Type": FORM}, body)


class Forms(HTMLParser):
    """Collects the forms of a page; a form that posts through htmx counts with its hx-post address."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open: Form | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = given.get("hx-post") or given.get("action", "")
            self._open = Form(action, given.get("method", "get").lower())
            self.found.append(self._open)
        elif self._open is not None and given.get("name"):
            self._control(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    def _control(self, tag: str, given: dict[str, str]) -> None:
        if self._open is None:
            return
        kind = given.get("type", "submit" if tag == "button" else "text")
        if kind == "submit":
            self._open.buttons.append((given["name"], given.get("value", "")))
        elif kind not in ("checkbox", "radio") or "checked" in given:
            self._open.fields[given["name"]] = given.get("value", "")


def ticks(html: str, headers: dict[str, str]) -> list[Request]:
    """A request for each open step of a run's page that says: done, with a number where a value is asked for."""
    requests = []
    for form in Forms(html).found:
        done = [(name, value) for name, value in form.buttons if value == "done"]
        if form.method == "post" and "op" in form.fields and done:
            value = {"value": "1"} if "value" in form.fields else {}
            requests.append(form.post(headers, **value, **dict(done)))
    return requests
