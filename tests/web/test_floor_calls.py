"""The call log and one call turn by turn, for supervisors."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.services.enter_calls import enter_calls
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
    enter_calls(runtime.database, runtime.vault)
    return made


def test_the_newest_call_stands_first_and_a_hidden_number_is_said_to_be_hidden(sue, calls):
    page = sue.get("/floor/calls").text

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
        ("range=yesterday", 1),
        ("range=today&since=2026-03-01T10:00", 2),
        ("outcome=told", 3),
        ("outcome=talked", 0),
        ("recording=no&repeat=yes", 1),
        ("q=kettle", 0),
    ],
)
def test_the_log_is_filtered_by_what_stands_in_its_address(sue, calls, query, found):
    assert sue.get(f"/floor/calls?{query}").text.count('href="/floor/calls/') == found


@one_database
def test_a_filter_that_cannot_be_used_is_named(sue, calls):
    answer = sue.get("/floor/calls?phone=teapot")

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


@one_database
def test_pages_of_the_log_neither_skip_nor_repeat_a_call_while_others_come_in(sue, session, runtime):
    now, vault = runtime.clock.now(), runtime.vault
    for number in range(120):
        make_call(session, vault, now - timedelta(minutes=number // 3), key=f"call-{number:03}")
    session.commit()
    enter_calls(runtime.database, vault)
    seen, address = [], "/floor/calls?range=today"
    while address:
        page = sue.get(address).text
        seen += re.findall(r'href="/floor/calls/(CA\w+)"', page)
        make_call(session, vault, now, key=f"late-{len(seen)}")
        session.commit()
        enter_calls(runtime.database, vault)
        onward = re.search(r'class="button" href="(/floor/calls[^"]*)"', page)
        address = onward and onward[1].replace("&amp;", "&")

    assert len(seen) == len(set(seen)) == 120
    assert 'first: <span class="figure">123</span>' in sue.get("/floor/calls?range=today").text


@one_database
def test_a_case_is_found_by_its_number_in_groups_and_by_words_of_its_product(sue, session, runtime, calls):
    case = make_case(session, runtime.vault, runtime.clock.now(), call_key=calls[1].key)
    session.commit()
    enter_calls(runtime.database, runtime.vault)

    def found(query):
        return re.findall(r'href="/floor/calls/(CA\w+)"', sue.get(f"/floor/calls?{query}").text)

    assert found(f"q={case.protocol[:2]}+{case.protocol[2:6]}+{case.protocol[6:]}") == [calls[1].network_id]
    assert found("q=Kettle") == [calls[1].network_id]
    assert found("q=kettle+teapot") == []
    assert found(f"q={calls[2].network_id}") == [calls[2].network_id]
    assert sue.get("/floor/calls?q=%25").status_code == 422


@one_database
@pytest.mark.parametrize(
    "hostile", ["node=%25", "outcome='%3B--", "agent=1+OR+1", "since=yesterday", "range=always", "overdue=perhaps",
                "cursor=AAAA", "node=" + "x" * 5000, "phone=%00", "q=" + "%F0%9F%98%80" * 300],
)  # fmt: skip
def test_nothing_typed_into_an_address_breaks_the_log(sue, calls, hostile):
    assert sue.get(f"/floor/calls?{hostile}").status_code in (200, 422)


@one_database
def test_the_words_as_they_were_sent_are_for_administrators(as_, calls, runtime):
    append_turn(runtime, calls[0].key, {}, runtime.clock.now())
    path = f"/floor/calls/{calls[0].network_id}"
    max_, sue = as_("Max"), as_("Sue")

    assert "&lt;Say&gt;Hallo&lt;/Say&gt;" in max_.get(f"{path}/raw").text
    assert f'href="{path}/raw"' in max_.get(path).text
    assert "permission raw" in sue.get(path).text
    assert sue.get(f"{path}/raw").status_code == 403
    assert max_.get("/floor/calls/CA0/raw").status_code == 404
