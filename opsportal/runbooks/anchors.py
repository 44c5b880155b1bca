"""Where the headings of a runbook stand on the page of its service, so that its own links lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from opsportal.lib.markdown import headings, slug_of
from opsportal.runbooks.phrases.tokens import fold

# Headings of the runbook template, and where their content stands.
PLACES = {
    "overview": ("service information", "service overview", "overview", "purpose", "architecture", "dependencies"),
    "metrics": ("key metrics", "metrics"),
    "procedures": ("standard operations", "procedures", "daily operations", "weekly operations", "monthly operations",
                   "other operations"),
    "emergency": ("emergency procedures", "emergency", "emergencies"),
    "issues": ("troubleshooting guide", "troubleshooting", "common issues", "known issues"),
    "management": ("service management", "useful commands", "commands", "configuration management"),
    "monitoring": ("monitoring and alerting", "monitoring", "alerting", "key alerts", "dashboards", "log locations",
                   "logs"),
    "maintenance": ("maintenance", "maintenance procedures", "regular maintenance tasks", "regular maintenance",
                    "scheduled maintenance windows", "maintenance windows"),
    "contacts": ("contact information", "contacts", "primary contacts"),
    "escalation": ("escalation matrix", "escalation", "escalation path", "severity levels"),
    "external": ("external dependencies",),
    "references": ("documentation references", "references", "documentation", "links"),
    "changes": ("change log", "changelog", "version history", "revision history"),
}  # fmt: skip


class Anchors:
    """The page's places by the anchors of the document. `page` is the context of the service page."""

    def __init__(self, page: Mapping[str, Any]) -> None:
        self.page = page

    def target(self, name: str) -> str:
        """The address of what `#name` meant in the document; "" where the page has no such place."""
        plain = _plain(name)
        return next((self._known[key] for key in (plain, plain.rstrip("0123456789")) if key in self._known), "")

    @cached_property
    def _known(self) -> dict[str, str]:
        known: dict[str, str] = {}
        for title, address in self._places():
            known.setdefault(_plain(title), address)
        return known

    def _places(self) -> Iterator[tuple[str, str]]:
        for group in ("routine", "emergencies", "management"):
            yield from ((row.title, f"/procedures/{row.pk}/") for row in self.page.get(group, ()))
        yield from ((row.title, f"#issue-{row.pk}") for row in self.page.get("issues", ()))
        for section in self.page.get("sections", ()):
            yield section.title, f"#section-{section.pk}"
            yield from ((slug, f"#s{section.pk}-{slug}") for slug in headings(section.body))
        service = self.page.get("service")
        if service is not None:
            yield service.name, "#main"
            yield from ((slug, f"#architecture-{slug}") for slug in headings(service.architecture))
        yield from ((title, f"#{place}") for place, titles in PLACES.items() for title in titles)


def _plain(text: str) -> str:
    """An anchor by its letters and figures, without a number in front: makers of anchors differ in the rest."""
    return re.sub(r"[\W_]+", "", fold(slug_of(text))).lstrip("0123456789")
