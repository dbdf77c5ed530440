"""What other systems read: the names of the contract, on both databases."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from jsonschema import Draft202012Validator

from app.models.call import Transcript
from app.models.staff import Staff
from app.services.add_token import add_token, revoke_token
from tests.web.make import CUSTOMER, PROTOCOLS, make_attempt, make_call, make_case, make_promise

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
RFC3339_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")


@pytest.fixture
def shop(otto, session, runtime):
    """Another system with a token; asks and gives back what came."""
    token = add_token(session, "shop", wall_now=runtime.wall.now())
    session.commit()

    def ask(path, **args):
        return otto.get(f"/api/v1{path}", query_string=args, headers={"Authorization": f"Bearer {token}"})

    return ask


@pytest.fixture
def matter(session, runtime, staff):
    """A complaint with its call, a promise and an attempt by Ada."""
    now, vault = runtime.clock.now(), runtime.vault
    call = make_call(session, vault, now)
    case = make_case(session, vault, now, call_key=call.key, owner_id=staff["Ada"].id)
    promise = make_promise(session, vault, case, now, call_key=call.key)
    make_attempt(session, session.get(Staff, staff["Ada"].id), promise, now + timedelta(minutes=30))
    session.commit()
    return case


def test_a_case_has_the_fields_of_the_contract(shop, matter):
    case = shop(f"/cases/{matter.protocol}").get_json()

    assert {name: case[name] for name in ("protocol", "kind", "status", "channel", "language", "phone")} == {
        "protocol": PROTOCOLS[0],
        "kind": "complaint",
        "status": "received",
        "channel": "phone",
        "language": "de",
        "phone": CUSTOMER,
    }
    assert (case["demand_type"], case["owner"], case["outcome"]) == ("complaint", "ada@office.example", None)
    assert case["promise"]["due_at"] == "2026-03-02T14:00:00Z"
    assert case["promise"]["status"] == "open"
    assert case["promise"]["spoken_text"] == "Wir rufen Sie heute bis fünfzehn Uhr zurück."
    assert [event["kind"] for event in case["events"]] == ["received"]
    assert case["record"]["matter"]["narrative"] == "Er pfeift, aber er kocht nicht."
    assert case["completeness"] > 0
    assert RFC3339_UTC.fullmatch(case["received_at"])


def test_a_promise_has_the_fields_of_the_contract(shop, matter):
    (promise,) = shop("/promises", status="open").get_json()["items"]

    assert promise["protocol"] == PROTOCOLS[0]
    assert (promise["due_at"], promise["latest_start_at"]) == ("2026-03-02T14:00:00Z", "2026-03-02T13:00:00Z")
    (attempt,) = promise["attempts"]
    assert attempt["started_at"] == "2026-03-02T09:30:00Z"
    assert (attempt["result"], attempt["network_id"]) == ("connected", "CA" + "a" * 32)
    assert shop("/promises", status="kept").get_json()["items"] == []


@pytest.mark.parametrize(
    "spelling", ["+493023125042", "+49 30 23125042", "0049 30 23125042", "(030) 23125-042", " 493023125042"]
)
@one_database
def test_a_number_finds_its_cases_in_any_spelling(shop, matter, spelling):
    for path in ("/cases", "/calls", "/promises"):
        assert len(shop(path, phone=spelling).get_json()["items"]) == 1


@one_database
def test_another_number_finds_nothing_and_nonsense_is_refused(shop, matter):
    assert shop("/cases", phone="+493023125099").get_json()["items"] == []
    assert shop("/cases", phone="nonsense").status_code == 422


@one_database
def test_a_case_to_be_called_back_elsewhere_is_found_by_the_number_the_call_came_from(shop, session, runtime):
    now = runtime.clock.now()
    call = make_call(session, runtime.vault, now)
    make_case(session, runtime.vault, now, {"complainant.phone": "+493023125077"}, call_key=call.key)
    session.commit()

    assert len(shop("/cases", phone=CUSTOMER).get_json()["items"]) == 1
    assert len(shop("/cases", phone="+493023125077").get_json()["items"]) == 1


@one_database
def test_cases_are_filtered_by_kind_and_time(shop, session, runtime):
    now = runtime.clock.now()
    make_case(session, runtime.vault, now)
    make_case(session, runtime.vault, now + timedelta(hours=1), protocol=PROTOCOLS[1], kind="cancellation")
    session.commit()

    def found(**args):
        return [case["protocol"] for case in shop("/cases", **args).get_json()["items"]]

    assert found(kind="cancellation") == [PROTOCOLS[1]]
    assert found(since="2026-03-02T10:30:00+01:00") == [PROTOCOLS[1]]
    assert found(until="2026-03-02T09:30:00Z") == [PROTOCOLS[0]]
    assert found() == [PROTOCOLS[1], PROTOCOLS[0]]


def test_pages_hold_every_row_once_also_while_new_ones_come_in(shop, session, runtime):
    now = runtime.clock.now()
    for number in range(7):
        make_case(session, runtime.vault, now + timedelta(minutes=number // 2), protocol=f"26000000{number:02d}")
    session.commit()
    seen, cursor = [], None
    while True:
        page = shop("/cases", limit=3, **({"cursor": cursor} if cursor else {})).get_json()
        seen += [case["protocol"] for case in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
        make_case(session, runtime.vault, now + timedelta(hours=1), protocol=f"27000000{len(seen):02d}")
        session.commit()

    assert sorted(seen) == [f"26000000{number:02d}" for number in range(7)]


@one_database
def test_a_case_whose_call_lasts_holds_what_was_told_so_far(shop, session, runtime):
    now = runtime.clock.now()
    call = make_call(session, runtime.vault, now, settled_at=None, ended_at=None, status="in-progress")
    case = make_case(session, runtime.vault, now, {"matter.product": None, "matter.narrative": None}, call_key=call.key)
    seal = runtime.vault.seal("it whistles", f"transcripts:{call.key}:1")
    session.add(Transcript(call_key=call.key, sequence="1", at=now, text=seal))
    session.commit()
    append_turn(runtime, call.key, {"product": "kettle", "protocol": case.protocol}, now)

    told = shop(f"/cases/{case.protocol}").get_json()

    assert told["record"]["matter"]["product"] == "kettle"
    assert told["record"]["matter"]["narrative"] == "it whistles"


def append_turn(runtime, call_key, known, now):
    from app.ivr.turn import Position
    from app.models.turns import NewTurn

    position = Position("v1", "complaint.story", "de", known=known)
    assert runtime.board.turns.append(
        NewTurn(call_key, 0, now, position, {"how": "start"}, "Gather", "CA1", "<Response><Say>Hallo</Say></Response>")
    )


def test_a_call_is_told_turn_by_turn(shop, session, runtime):
    call = make_call(session, runtime.vault, runtime.clock.now())
    session.commit()
    append_turn(runtime, call.key, {}, runtime.clock.now())

    told = shop(f"/calls/{call.network_id}").get_json()
    turns = shop(f"/calls/{call.network_id}/turns").get_json()

    assert (told["caller"], told["seconds"], told["protocols"]) == (CUSTOMER, 240, [])
    assert [(turn["number"], turn["node"], turn["heard"]["how"]) for turn in turns] == [(0, "complaint.story", "start")]


@one_database
@pytest.mark.parametrize(
    ("path", "args", "field"),
    [
        ("/cases", {"limit": "0"}, "limit"),
        ("/cases", {"limit": "many"}, "limit"),
        ("/cases", {"since": "yesterday"}, "since"),
        ("/cases", {"since": "0001-01-01T00:00:00+14:00"}, "since"),
        ("/cases", {"cursor": "x"}, "cursor"),
        ("/cases", {"color": "red"}, "color"),
        ("/cases", {"kind": ["complaint", "recall"]}, "kind"),
        ("/promises", {"status": "a\x00b"}, "status"),
    ],
)
def test_what_cannot_be_used_is_named(shop, path, args, field):
    answer = shop(path, **args)

    assert answer.status_code == 422
    assert answer.get_json()["error"] | {"message": ""} == {
        "status": 422, "code": "invalid", "message": "", "field": field,
    }  # fmt: skip


@one_database
def test_what_is_not_there_is_answered_in_kind(shop):
    assert shop("/cases/2600000000").get_json()["error"]["code"] == "not_found"
    assert shop("/nothing").get_json()["error"]["status"] == 404


@one_database
def test_a_revoked_token_no_longer_opens(shop, session, runtime):
    before = shop("/cases").status_code
    revoke_token(session, "shop", wall_now=runtime.wall.now())
    session.commit()

    assert (before, shop("/cases").status_code) == (200, 401)


@one_database
def test_what_is_given_out_is_what_is_described(shop, matter, otto):
    described = otto.get("/api/v1/openapi.json").get_json()
    schemas = {"$defs": described["components"]["schemas"]}

    def check(name, value):
        schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas["$defs"]}}
        Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(value)

    for path, name in (("/cases", "CasePage"), ("/calls", "CallPage"), ("/promises", "PromisePage")):
        check(name, shop(path).get_json())
    check("ErrorOut", shop("/cases", limit="0").get_json())
    assert described["openapi"].startswith("3.1")


@one_database
def test_the_description_can_be_read_by_people_too(otto):
    page = otto.get("/api/v1/docs").text

    assert "GET /api/v1/cases/{protocol}" in page
    assert "latest_start_at" in page


@one_database
def test_a_call_tells_as_evidence_what_was_said_and_whether_it_comes_out_again(shop, session, runtime):
    call = make_call(session, runtime.vault, runtime.clock.now())
    session.commit()
    append_turn(runtime, call.key, {"hotline": "haushalt"}, runtime.clock.now())

    (moment,) = shop(f"/calls/{call.network_id}/evidence").get_json()

    assert [each["text"] for each in moment["sentences"]] == ["Hallo"]
    assert moment["sentences"][0]["played"] == "whole"
    assert moment["same"] is False  # nobody's flows greet so
    assert moment["seconds"] == 240
