"""The OpenAPI description is true: complete, valid, and what schemathesis sends by it is answered by it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.test import Client, RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import booleans
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from opsportal.api import contract
from opsportal.api.endpoint import Endpoint
from opsportal.api.urls import urlpatterns
from services.models import Service
from tests.api.conftest import forget_requests

CHECKS = [
    schemathesis.checks.not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
]

NOTHING_HEAVY = """
import sys, django
django.setup()
from django.urls import reverse
reverse("api:services")
print([name for name in ("rest_framework.views", "drf_spectacular.openapi") if name in sys.modules])
"""


def description() -> Any:
    return json.loads(contract.schema(RequestFactory().get("/api/schema/")).content)


def test_the_description_is_found_without_a_login() -> None:
    response = Client().get("/api/schema/")
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert response.json() == description()


def test_the_description_is_valid_and_without_warnings() -> None:
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, format="openapi-json", stdout=out)
    assert json.loads(out.getvalue())["info"]["title"] == "opsportal"


def test_every_address_is_described_with_its_parameters() -> None:
    paths = description()["paths"]
    found: Any = [pattern for pattern in urlpatterns if isinstance(pattern.callback, Endpoint)]
    endpoints = {str(pattern.pattern).replace("<slug:slug>", "{slug}"): pattern.callback for pattern in found}
    assert paths.keys() == {f"/api/v1/{path}" for path in endpoints}
    for path, endpoint in endpoints.items():
        described = paths[f"/api/v1/{path}"]["get"]
        sent = {parameter["name"] for parameter in described.get("parameters", []) if parameter["in"] == "query"}
        assert sent == {parameter.name for parameter in endpoint.parameters}
        assert endpoint.access == f"token:{endpoint.scope}"
        assert f"`{endpoint.scope}`" in described["description"]


def test_the_frameworks_of_the_description_are_not_loaded_without_need() -> None:
    done = subprocess.run([sys.executable, "-c", NOTHING_HEAVY], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.django_db(transaction=True)  # a WSGI application closes its connection after each request
def test_what_is_sent_by_the_description_is_answered_by_it(service: Service, bearer: Callable[..., str]) -> None:
    headers = {"Authorization": bearer("read", "contacts:read", "contacts:phone")}
    schema = schemathesis.openapi.from_dict(description())
    schema.app = get_wsgi_application()
    answered: set[int] = set()
    operations: list[Any] = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) == 8
    for operation in operations:

        @settings(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(), known=booleans())
        def answer(case: schemathesis.Case[Any], known: bool) -> None:
            forget_requests()
            if known and "slug" in case.path_parameters:
                case.path_parameters["slug"] = service.slug
            response = case.call(base_url="http://testserver", headers=headers)
            answered.add(response.status_code)
            case.validate_response(response, checks=CHECKS)

        answer()
    assert {200, 400, 404} <= answered
