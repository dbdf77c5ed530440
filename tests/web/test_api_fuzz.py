"""Whatever is asked of the API, it answers as its description says, and never with a failure of its own."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from app.domain.scope import Scope
from app.services.add_token import add_token
from app.web.access import TOKEN, declared
from tests.web.make import make_attempt, make_call, make_case, make_promise

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@pytest.fixture
def api(web, session, runtime, staff):
    now = runtime.clock.now()
    call = make_call(session, runtime.vault, now)
    case = make_case(session, runtime.vault, now, call_key=call.key)
    make_attempt(session, staff["Ada"], make_promise(session, runtime.vault, case, now), now)
    token = add_token(session, "fuzz", scopes=Scope, acts_for=staff["Max"], wall_now=now)
    session.commit()
    description = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", web)
    return description, {"Authorization": f"Bearer {token}"}, case.protocol


@pytest.mark.parametrize("times", [6, pytest.param(150, marks=pytest.mark.long)])
def test_the_api_answers_as_described_whatever_is_asked(api, times):
    """Long: 5,000 cases and more (trust.md row 46); every other one that names a case names one that is there."""
    description, headers, protocol = api
    asked, statuses = 0, set()
    for result in description.get_all_operations():
        operation = result.ok()

        @settings(max_examples=times, suppress_health_check=list(HealthCheck))
        def ask(case):
            nonlocal asked
            asked += 1
            if asked % 2 and "protocol" in case.path_parameters and case.path_parameters["protocol"].isdecimal():
                case.path_parameters["protocol"] = protocol
            answer = case.call(headers=headers)
            statuses.add((case.method, answer.status_code))
            case.validate_response(answer, checks=CHECKS)

        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            given(case=operation.as_strategy(generation_mode=mode))(ask)()

    assert asked >= (5_000 if times > 100 else 150)
    assert {("POST", 200), ("POST", 201), ("POST", 404), ("POST", 422), ("GET", 200)} <= statuses


def test_the_description_names_every_route_and_no_other(web, api):
    description = web.test_client().get("/api/v1/openapi.json").get_json()
    described = {(path, method.upper()) for path, methods in description["paths"].items() for method in methods}
    routes = {
        (
            rule.rule.removeprefix("/api/v1").replace("<int:promise_id>", "{id}").replace("<", "{").replace(">", "}"),
            method,
        )
        for rule in web.url_map.iter_rules()
        if declared(web.view_functions[rule.endpoint]) == TOKEN
        for method in rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}
    }

    assert described == routes
