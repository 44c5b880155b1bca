"""The procedure editor's form, as a browser sends it back."""

from __future__ import annotations

from html.parser import HTMLParser

from django.test import Client


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._textarea = self._select = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = found.get("id") == "edit"
        if not self._inside:
            return
        if tag == "textarea":
            self._textarea = found["name"]
            self.fields.append((self._textarea, ""))
        elif tag == "select":
            self._select = found["name"]
        elif tag == "option" and "selected" in found:
            self.fields.append((self._select, found["value"]))
        elif tag == "input" and found.get("type") == "checkbox":
            self.fields += [(found["name"], "on")] if "checked" in found else []
        elif tag == "input":
            self.fields.append((found["name"], found.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        self._textarea = "" if tag == "textarea" else self._textarea
        self._inside = self._inside and tag != "form"

    def handle_data(self, data: str) -> None:
        if self._textarea and self._inside:
            name, text = self.fields[-1]
            self.fields[-1] = (name, text + data)


def fields_in(html: str) -> dict[str, list[str]]:
    """Name → values of the form `edit`, as they stand; a textarea's first line break is none of its text."""
    reader = _Fields()
    reader.feed(html)
    fields: dict[str, list[str]] = {}
    for name, value in reader.fields:
        fields.setdefault(name, []).append(value.removeprefix("\n"))
    return fields


def form_at(client: Client, address: str) -> dict[str, list[str]]:
    return fields_in(client.get(address).content.decode())
