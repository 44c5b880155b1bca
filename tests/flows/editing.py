"""The procedure editor's form, as a browser sends it back."""

from __future__ import annotations

from html.parser import HTMLParser

from django.test import Client
from django.urls import reverse

from opsportal.runbooks.exporter import export
from procedures.models import Procedure, Step
from services.models import Service


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


DESK = """# Desk
## Service Information
**Service Name**: Sorting Desk
**Owner Team**: Ledger crew

## Service Overview
### Key Metrics
| Metric | Target | Critical Threshold | Alert Threshold |
|--------|--------|--------------------|-----------------|
| Crates | < 1% | > 5% | > 2% |

## Standard Operations
### Daily Operations
#### Morning round
**Frequency**: Daily
**Steps**:
1. Enter the lag (max 10 s) of the belt, see [notes](https://wiki.example)
   > **Caution**: hot surface.

   ```bash
   belt lag
   ```
2. Count the crates
   - in bay 1
   - in bay 2
     - also the small ones

A loose word between the steps.

3. Close the board

   **Expected**: the lamp is off

## Emergency Procedures
### Fire
**Response Time**: 5 minutes

#### Immediate Response (0-5 minutes)
Stay calm.
1. Leave the bay
2. Close the door

#### Recovery (15+ minutes)
1. Sweep the bay

## Change Log
| Date | Change | Author | Approved By |
|------|--------|--------|-------------|
"""


def address(title: str = "Morning round") -> str:
    procedure = Procedure.objects.current().get(title=title)
    return reverse("record_edit", args=[procedure.service.slug, "procedure", procedure.pk])


def document(desk: Service) -> str:
    return export(desk).decode()


def steps(title: str = "Morning round") -> list[str]:
    version = Procedure.objects.current().get(title=title).current_version
    return list(Step.objects.filter(version=version).order_by("position").values_list("text", flat=True))


def rid(fields: dict[str, list[str]], words: str) -> str:
    return next(row for row in fields["row"] if words in fields[f"{row}-text"][0])
