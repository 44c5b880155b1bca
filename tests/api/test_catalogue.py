"""The catalogue by API."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contacts.models import Directory, Team
from procedures.models import Procedure
from services.models import Dependency, Fact, Link, Metric, Service
from tests.api.conftest import DESK, Make

SERVICES = "/api/v1/services/"


def add_services(count: int, name: str = "Service") -> None:
    for number in range(count):
        directory = Directory.objects.create(name=name)
        Service.objects.create(slug=f"{name.lower()}-{number}", name=name, directory=directory)


def walk(client: Client, address: str) -> list[list[str]]:
    """The slugs of all pages from this address on."""
    pages = []
    following: str | None = address
    while following:
        body = client.get(following).json()
        pages.append([row["slug"] for row in body["results"]])
        following = body["next"]
    return pages


def test_paging_shows_every_service_once_also_those_of_one_name(service: Service, caller: Make) -> None:
    add_services(120, "Same")
    pages = walk(caller("read"), SERVICES)
    assert [len(page) for page in pages] == [50, 50, 21]
    assert len({slug for page in pages for slug in page}) == 121


def test_the_next_page_keeps_filters_and_size(caller: Make) -> None:
    add_services(5, "Apple")
    add_services(5, "Pear")
    pages = walk(caller("read"), f"{SERVICES}?q=APP&page_size=2")
    assert [len(page) for page in pages] == [2, 2, 1]
    assert all(slug.startswith("apple") for page in pages for slug in page)


def test_a_service_that_is_added_meanwhile_shifts_no_page(caller: Make) -> None:
    add_services(4, "Middle")
    client = caller("read")
    first = client.get(f"{SERVICES}?page_size=2").json()
    add_services(3, "Early")
    assert [row["slug"] for row in client.get(first["next"]).json()["results"]] == ["middle-2", "middle-3"]


def test_a_name_with_invisible_characters_can_be_paged_over(caller: Make) -> None:
    add_services(3)
    Service.objects.update(name="Zero\u200bwidth")
    assert [len(page) for page in walk(caller("read"), f"{SERVICES}?page_size=1")] == [1, 1, 1]


def test_services_are_filtered_by_team(service: Service, caller: Make) -> None:
    add_services(2)
    rows = caller("read").get(f"{SERVICES}?team=payments").json()["results"]
    assert [(row["slug"], row["team"], row["url"]) for row in rows] == [
        ("ledger", {"slug": "payments", "name": "Payments"}, "/api/v1/services/ledger/")
    ]
    assert caller("read").get(f"{SERVICES}?team=nobody").json()["results"] == []


def test_the_list_takes_the_same_statements_for_any_number_of_services(caller: Make) -> None:
    client = caller("read")
    add_services(1)
    client.get(SERVICES)  # notes the first use of the token
    with CaptureQueriesContext(connection) as few:
        client.get(SERVICES)
    add_services(60, "More")
    with CaptureQueriesContext(connection) as many:
        client.get(SERVICES)
    assert len(few) == len(many) <= 3


def test_a_service_tells_its_facts_counts_links_and_neighbours(service: Service, caller: Make) -> None:
    add_services(1, "Disk")
    Dependency.objects.create(service=service, needs=Service.objects.get(slug="disk-0"))
    Fact.objects.create(service=service, name="Vendor", value=f"Call {DESK}")
    Link.objects.create(service=service, category="dashboard", label="Load", target="https://graphs.example.com")
    Metric.objects.create(service=service, name="Errors", alert="> 5 %")
    Procedure.objects.create(service=service, title="Check")
    Procedure.objects.create(service=service, title="Lost", retired_at="2026-01-01T00:00Z")
    Service.objects.filter(pk=service.pk).update(purpose="Keeps the books", oncall_contact=f"Rota, {DESK}")
    body = caller("read").get(f"{SERVICES}ledger/").json()
    assert (body["purpose"], body["oncall_contact"]) == ("Keeps the books", "Rota, +44 … 00")
    assert body["facts"] == [{"name": "Vendor", "value": "Call +44 … 00"}]
    assert body["links"] == [{"category": "dashboard", "label": "Load", "target": "https://graphs.example.com"}]
    counted = {name: number for name, number in body["counts"].items() if number}
    assert counted == {"contacts": 2, "escalation": 3, "severities": 1, "metrics": 1, "procedures": 1}
    assert (body["needs"], body["needed_by"]) == (["disk-0"], [])
    assert body["addresses"]["contacts"] == "/api/v1/services/ledger/contacts/"
    neighbour = caller("read").get(f"{SERVICES}disk-0/").json()
    assert neighbour["needed_by"] == ["ledger"]


def test_metrics_come_as_written_and_as_understood(service: Service, caller: Make) -> None:
    Metric.objects.create(service=service, name="Errors", target="< 1 %", alert="> 5 %", rules={"alert": [{"op": ">"}]})
    rows = caller("read").get(f"{SERVICES}ledger/metrics/").json()["metrics"]
    assert rows == [
        {"name": "Errors", "target": "< 1 %", "alert": "> 5 %", "critical": "", "rules": {"alert": [{"op": ">"}]}}
    ]


def test_a_login_may_browse(service: Service, team: Team) -> None:
    client = Client()
    client.login(username="ada", password="pass-word-1")
    assert client.get(SERVICES, headers={"accept": "text/html,*/*;q=0.8"}).json()["results"][0]["slug"] == "ledger"


@pytest.mark.parametrize("address", ["/api/v1/services", "/api/v1/services/ledger/contacts"])
def test_a_forgotten_slash_is_put_right(service: Service, caller: Make, address: str) -> None:
    client = caller("read", "contacts:read")
    assert client.get(address, follow=True).status_code == 200
