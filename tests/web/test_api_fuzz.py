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

from app.services.add_token import add_token
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
    token = add_token(session, "fuzz", wall_now=now)
    session.commit()
    description = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", web)
    return description, {"Authorization": f"Bearer {token}"}


def test_the_api_answers_as_described_whatever_is_asked(api):
    description, headers = api
    asked = 0
    for result in description.get_all_operations():
        operation = result.ok()

        @settings(max_examples=60, suppress_health_check=list(HealthCheck))
        def ask(case):
            nonlocal asked
            asked += 1
            answer = case.call(headers=headers)
            case.validate_response(answer, checks=CHECKS)

        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            given(case=operation.as_strategy(generation_mode=mode))(ask)()

    assert asked > 300
