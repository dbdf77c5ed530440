"""The call log and one call turn by turn, for supervisors."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.web.make import CUSTOMER, make_call, make_case
from tests.web.test_api import append_turn

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def calls(session, runtime):
    """Three calls on three days, the last one by somebody who hides their number."""
    now, vault = runtime.clock.now(), runtime.vault
    made = [make_call(session, vault, now - timedelta(days=2 - day), key=f"call-{day}") for day in range(2)]
    nobody = vault.seal("", "calls:caller:call-2")
    made.append(make_call(session, vault, now, key="call-2", language="pt-BR", caller=nobody, caller_index=None))
    session.commit()
    return made


def test_the_newest_call_stands_first_and_a_hidden_number_is_said_to_be_hidden(sue, calls):
    page = sue.get("/floor/").text

    assert page.index("today 10:00") < page.index("yesterday 10:00")
    assert "withheld" in page
    assert "4:00" in page


@one_database
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("phone=030+23125042", 2),
        ("language=pt-BR", 1),
        ("since=2026-03-01", 2),
        ("until=2026-03-01", 1),
        ("phone=&language=&since=", 3),
        ("hotline=sac", 0),
    ],
)
def test_the_log_is_filtered_by_what_stands_in_its_address(sue, calls, query, found):
    assert sue.get(f"/floor/?{query}").text.count('href="/floor/calls/') == found


@one_database
def test_a_filter_that_cannot_be_used_is_named(sue, calls):
    answer = sue.get("/floor/?phone=teapot")

    assert answer.status_code == 422
    assert "is no telephone number" in answer.text


@one_database
def test_one_call_is_told_turn_by_turn_and_leads_to_its_cases(sue, calls, session, runtime):
    case = make_case(session, runtime.vault, runtime.clock.now(), call_key=calls[0].key)
    session.commit()
    append_turn(runtime, calls[0].key, {}, runtime.clock.now())
    page = sue.get(f"/floor/calls/{calls[0].network_id}").text

    assert "Hallo" in page
    assert f'href="/desk/cases/{case.protocol}"' in page
    assert CUSTOMER[-4:] in page


@one_database
def test_a_call_that_is_not_there_is_a_page_that_says_so(sue):
    assert sue.get("/floor/calls/CA0").status_code == 404
