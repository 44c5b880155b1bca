"""Rows of made-up services with their directory and the records of their runbooks."""

from __future__ import annotations

from collections.abc import Iterator

from contacts.models import Contact, Directory, EscalationLevel, SeverityLevel
from incidents.models import KeyAlert, KnownIssue
from opsportal.lib.bulk import Row
from opsportal.scale.people import People
from opsportal.scale.shape import SERVICES_PER_TEAM, Ids, Shape
from opsportal.scale.words import service_name
from procedures.models import MaintenanceTask
from services.models import ChangeEntry, Dependency, Link, MaintenanceWindow, Metric, Service

DIRECTORY = ("id", "name")
SERVICE = (
    "id",
    "slug",
    "name",
    "version",
    "environment",
    "owner_team",
    "last_updated",
    "purpose",
    "dependencies",
    "team_id",
    "directory_id",
    "readiness",
)
CONTACT = ("id", "directory_id", "position", "role", "name", "email", "phone", "backup", "person_id")
LEVEL = ("id", "directory_id", "position", "level", "contact", "when", "after_seconds", "contact_role_id")
SEVERITY = ("id", "directory_id", "position", "name", "response_time", "response_seconds")
METRIC = ("id", "service_id", "position", "name", "target", "alert", "critical")
ALERT = ("id", "service_id", "position", "name", "threshold", "severity", "response_time", "response_seconds", "action")
ISSUE = ("id", "service_id", "position", "title", "symptoms", "diagnosis", "resolution")
LINK = ("id", "service_id", "position", "category", "label", "target")
TASK = ("id", "service_id", "position", "task", "frequency", "owner", "rrule")
WINDOW = ("id", "service_id", "position", "day_time", "duration")
CHANGE = ("id", "service_id", "position", "date", "on", "change", "author")
DEPENDENCY = ("id", "service_id", "needs_id")

ROLES = ("Service Owner", "Tech Lead", "On-Call Engineer", "Engineering Manager")
RUNGS = (("L1", 2, 0), ("L2", 1, 900), ("L3", 0, 1800), ("L4", 3, 3600))  # level, place of the contact, seconds
SEVERITIES = (("Critical", 0), ("High", 900), ("Medium", 3600))
METRICS = (("Availability", "≥ 99.9%", "< 99.5%", "< 99%"), ("Error Rate", "< 0.5%", "> 1%", "> 3%"))
ALERTS = (("Service Down", "Availability < 99%", "Critical"), ("High Error Rate", "Error rate > 1%", "High"))
LINKS = (("dashboard", "Overview"), ("dashboard", "Errors"), ("log", "Application"), ("reference", "Architecture"))
TASKS = (("Log rotation", "Daily", "FREQ=DAILY"), ("Certificate renewal", "Monthly", "FREQ=MONTHLY"))


class Services:
    """Each method: the rows of one kind for the service with this number, counted from 0."""

    def __init__(self, shape: Shape, ids: Ids, people: People) -> None:
        self.shape, self.people = shape, people
        self.service, self.directory, self.contact = ids.of(Service), ids.of(Directory), ids.of(Contact)
        self.level, self.severity, self.metric = ids.of(EscalationLevel), ids.of(SeverityLevel), ids.of(Metric)
        self.alert, self.issue, self.link = ids.of(KeyAlert), ids.of(KnownIssue), ids.of(Link)
        self.task, self.window, self.change = ids.of(MaintenanceTask), ids.of(MaintenanceWindow), ids.of(ChangeEntry)
        self.dependency = ids.of(Dependency)

    def directories(self, number: int) -> Iterator[Row]:
        yield self.directory(number), service_name(self.service(number))

    def services(self, number: int) -> Iterator[Row]:
        pk = self.service(number)
        team = self.people.team(number // SERVICES_PER_TEAM)
        yield (
            pk,
            f"service-{pk:05d}",
            service_name(pk),
            "1.0",
            "Production",
            f"Team {team:04d}",
            self.shape.now.date().isoformat(),
            "Takes requests, keeps state, answers. Made up to measure with.",
            service_name(self.service(number // 2)) if number else "",
            team,
            self.directory(number),
            60 + number % 40,
        )

    def contacts(self, number: int) -> Iterator[Row]:
        for place, role in enumerate(ROLES):
            person, name = self.people.of_service(number, place)
            _, backup = self.people.of_service(number, place + 1)
            pk = self.contact(number * len(ROLES) + place)
            email, phone = f"contact-{pk}@scale.example", f"+44 1632 {960_000 + pk % 1000}"
            yield pk, self.directory(number), place + 1, role, name, email, phone, backup, person

    def levels(self, number: int) -> Iterator[Row]:
        for index, (level, place, seconds) in enumerate(RUNGS):
            when = f"Not resolved after {seconds // 60} minutes" if seconds else "Immediately"
            contact = self.contact(number * len(ROLES) + place)
            pk = self.level(number * len(RUNGS) + index)
            yield pk, self.directory(number), index + 1, level, ROLES[place], when, seconds, contact

    def severities(self, number: int) -> Iterator[Row]:
        for index, (name, seconds) in enumerate(SEVERITIES):
            pk = self.severity(number * len(SEVERITIES) + index)
            yield pk, self.directory(number), index + 1, name, f"{seconds // 60} minutes", seconds

    def metrics(self, number: int) -> Iterator[Row]:
        for index, texts in enumerate(METRICS):
            yield self.metric(number * len(METRICS) + index), self.service(number), index + 1, *texts

    def alerts(self, number: int) -> Iterator[Row]:
        for index, (name, threshold, severity) in enumerate(ALERTS):
            pk = self.alert(number * len(ALERTS) + index)
            yield pk, self.service(number), index + 1, name, threshold, severity, "15 minutes", 900, f"Follow {name}"

    def issues(self, number: int) -> Iterator[Row]:
        texts = (
            "Queue stands still",
            "- Age of the oldest message rises",
            "- A consumer hangs",
            "1. Restart the consumer",
        )
        yield self.issue(number), self.service(number), 1, *texts

    def links(self, number: int) -> Iterator[Row]:
        pk = self.service(number)
        for index, (category, label) in enumerate(LINKS):
            target = f"https://grafana.scale.example/d/{pk}/{index}"
            yield self.link(number * len(LINKS) + index), pk, index + 1, category, label, target

    def tasks(self, number: int) -> Iterator[Row]:
        for index, (task, frequency, rule) in enumerate(TASKS):
            pk = self.task(number * len(TASKS) + index)
            yield pk, self.service(number), index + 1, task, frequency, "Automated", rule

    def windows(self, number: int) -> Iterator[Row]:
        yield self.window(number), self.service(number), 1, "Tuesday 22:00-23:00 Europe/London", "1 hour"

    def changes(self, number: int) -> Iterator[Row]:
        day = self.shape.now.date()
        _, author = self.people.of_service(number, 4)
        yield self.change(number), self.service(number), 1, day.isoformat(), day, "Initial runbook", author

    def dependencies(self, number: int) -> Iterator[Row]:
        if number:
            yield self.dependency(number), self.service(number), self.service(number // 2)
