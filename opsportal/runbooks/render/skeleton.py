"""A whole document in the template's form, for a service that was made in the portal."""

from __future__ import annotations

from collections.abc import Iterable

from opsportal.runbooks.document import Kind, Record
from opsportal.runbooks.render.template import (
    LABELS,
    command,
    fact,
    issue,
    link,
    procedure,
    section,
    table,
    window,
)

ROUTINE = (("daily", "Daily Operations"), ("weekly", "Weekly Operations"), ("monthly", "Monthly Operations"))


class Skeleton:
    """Writes the sections of the template in their order; a section without records keeps its heading."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._by_kind: dict[Kind, list[Record]] = {}
        for record in records:
            self._by_kind.setdefault(record.kind, []).append(record)
        self._lines: list[str] = []

    def render(self) -> str:
        """The document, with line feeds as line ends."""
        self._service()
        self._routine()
        self._emergency()
        self._management()
        self._monitoring()
        self._maintenance()
        self._contacts()
        self._rest()
        return "\n".join(self._lines).rstrip() + "\n"

    def _of(self, kind: Kind, category: str = "") -> list[Record]:
        found = self._by_kind.get(kind, [])
        return [record for record in found if record.text("category") == category] if category else found

    def _part(self, heading: str, *parts: list[str]) -> None:
        if self._lines:
            self._lines.append("")
        self._lines.append(heading)
        for number, part in enumerate(parts):
            self._lines += ["", *part] if number else part

    def _table(self, heading: str, kind: Kind) -> None:
        self._part(heading, table(kind, self._of(kind)))

    def _service(self) -> None:
        service = next(iter(self._of(Kind.SERVICE)), Record(Kind.SERVICE, "service", 1, 0, 0))
        names = ("version", "environment", "owner_team", "last_updated", "oncall_contact")
        facts = [f"**Service Name**: {service.text('name')}"]
        facts += [f"**{LABELS[name]}**: {service.text(name)}".rstrip() for name in names]
        facts += [line for record in self._of(Kind.FIELD) for line in fact(record, 0)]
        self._part("# Operations Runbook")
        self._part("## Service Information", facts)
        self._part("## Service Overview")
        self._part("### Purpose", service.text("purpose").splitlines())
        traits = ("service_type", "technology_stack", "dependencies", "dependents")
        shape = [f"- **{LABELS[name]}**: {' '.join(service.text(name).split())}".rstrip() for name in traits]
        more = service.text("architecture").splitlines()
        self._part("### Architecture", shape, *([more] if more else []))
        self._table("### Key Metrics", Kind.METRIC)

    def _routine(self) -> None:
        self._part("## Standard Operations")
        for category, heading in ROUTINE:
            self._part(f"### {heading}")
            for record in self._of(Kind.PROCEDURE, category):
                self._part(*_headed(procedure(record, 4)))
        if others := self._of(Kind.PROCEDURE, "standard"):
            self._part("### Other Operations")
            for record in others:
                self._part(*_headed(procedure(record, 4)))

    def _emergency(self) -> None:
        self._part("## Emergency Procedures")
        for record in self._of(Kind.PROCEDURE, "emergency"):
            self._part(*_headed(procedure(record, 3)))
        self._part("## Common Issues")
        for record in self._of(Kind.ISSUE):
            self._part(*_headed(issue(record, 3)))

    def _management(self) -> None:
        self._part("## Service Management")
        for record in self._of(Kind.PROCEDURE, "service_management"):
            self._part(*_headed(procedure(record, 3)))
        configuration = [line for record in self._of(Kind.LINK, "configuration") for line in link(record, 0)]
        self._part("### Configuration Management", configuration)
        if commands := self._of(Kind.COMMAND):
            self._part("## Useful Commands")
            for record in commands:
                self._part(*_headed(command(record, 3)))

    def _monitoring(self) -> None:
        self._part("## Monitoring and Alerting")
        self._links("### Dashboards", "dashboard")
        self._table("### Key Alerts", Kind.ALERT)
        self._links("### Log Locations", "log")

    def _links(self, heading: str, category: str) -> None:
        self._part(heading, [line for record in self._of(Kind.LINK, category) for line in link(record, 0)])

    def _maintenance(self) -> None:
        self._part("## Maintenance")
        self._table("### Regular Maintenance Tasks", Kind.MAINTENANCE)
        windows = [window(record, 0) for record in self._of(Kind.MAINTENANCE_WINDOW)]
        self._part("### Scheduled Maintenance Windows", *windows)

    def _contacts(self) -> None:
        self._part("## Contact Information")
        self._table("### Primary Contacts", Kind.CONTACT)
        self._table("### Escalation Matrix", Kind.ESCALATION)
        if self._of(Kind.SEVERITY_LEVEL):
            self._table("### Severity Levels", Kind.SEVERITY_LEVEL)
        self._table("### External Dependencies", Kind.EXTERNAL_DEPENDENCY)

    def _rest(self) -> None:
        for record in self._of(Kind.SECTION):
            self._part(*_headed(section(record, 2)))
        self._links("## Documentation References", "reference")
        self._table("## Change Log", Kind.CHANGE)


def _headed(lines: list[str]) -> tuple[str, list[str]]:
    return lines[0], lines[1:]
