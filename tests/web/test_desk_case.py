"""A case read like a letter, with its call, its recording and its history."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.models.case import Case
from app.models.promise import Promise
from tests.web.make import PROTOCOLS, make_call, make_case, make_promise, make_recording

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def case(session, runtime):
    now = runtime.clock.now()
    call = make_call(session, runtime.vault, now)
    facts = {
        "matter.kinds": ["dissatisfaction", "compensation"],
        "matter.remedy_requested": "refund",
        "matter.injury": False,
    }
    case = make_case(session, runtime.vault, now, facts, call_key=call.key)
    make_promise(session, runtime.vault, case, now, call_key=call.key)
    make_recording(session, call, now)
    session.commit()
    return case


def test_the_letter_tells_what_happened_what_was_promised_and_what_was_done(ada, case):
    page = ada.get(f"/desk/cases/{case.protocol}").text

    assert "They tell of dissatisfaction and a demand for compensation." in page
    assert "Er pfeift, aber er kocht nicht." in page
    assert "Nobody was hurt." in page
    assert "They wish for the money back." in page
    assert "Wir rufen Sie heute bis fünfzehn Uhr zurück." in page
    assert "Nothing is decided yet." in page
    assert "5 h 0 min" in page


@one_database
def test_the_call_is_told_turn_by_turn_with_what_was_pressed_and_played(ada, case, runtime):
    from tests.web.test_api import append_turn

    append_turn(runtime, case.call_key, {}, runtime.clock.now())
    page = ada.get(f"/desk/cases/{case.protocol}").text

    assert "called" in page
    assert "Hallo" in page


@one_database
def test_a_note_stands_in_the_history_with_who_wrote_it(ada, case):
    ada.send(f"/desk/cases/{case.protocol}/notes", note="She prefers mornings.")

    assert "Ada noted: She prefers mornings." in ada.get(f"/desk/cases/{case.protocol}").text


@one_database
def test_an_empty_note_is_refused(ada, case):
    assert ada.send(f"/desk/cases/{case.protocol}/notes", note="  ").status_code == 422


def test_handing_over_names_the_new_owner_and_the_reason_and_takes_the_promise_along(ada, case, session, staff):
    refused = ada.send(f"/desk/cases/{case.protocol}/hand-over", to=str(staff["Ben"].id), reason="")
    done = ada.send(f"/desk/cases/{case.protocol}/hand-over", to=str(staff["Ben"].id), reason="speaks Portuguese")

    session.expire_all()
    assert (refused.status_code, done.status_code) == (422, 303)
    assert "Ada handed it over to Ben: speaks Portuguese" in ada.get(f"/desk/cases/{case.protocol}").text
    assert session.query(Case).one().owner_id == session.query(Promise).one().owner_id == staff["Ben"].id


@one_database
@pytest.mark.parametrize("to", ["0", "999", "x", "-1", ""])
def test_a_case_is_handed_over_to_people_only(ada, case, to):
    assert ada.send(f"/desk/cases/{case.protocol}/hand-over", to=to, reason="why not").status_code == 422


@one_database
def test_other_matters_of_the_number_are_one_click_away(ada, case, session, runtime):
    earlier = make_case(session, runtime.vault, runtime.clock.now() - timedelta(days=9), protocol=PROTOCOLS[1])
    session.commit()

    assert f'href="/desk/cases/{earlier.protocol}"' in ada.get(f"/desk/cases/{case.protocol}").text


@one_database
@pytest.mark.parametrize("typed", ["26 1234 5679", "2612345679", "030 23125042", "+49 30 23125042"])
def test_a_case_is_found_by_its_number_and_by_the_customers(ada, case, typed):
    answer = ada.get("/desk/cases", query_string={"q": typed}, follow_redirects=True)

    assert "26\u00a01234\u00a05679" in answer.text
    assert "kettle" in answer.text


@one_database
def test_what_is_no_number_is_said_to_be_none(ada, case):
    assert "neither a protocol number nor" in ada.get("/desk/cases?q=teapot").text


@one_database
def test_a_case_that_is_not_there_is_a_page_that_says_so(ada):
    answer = ada.get("/desk/cases/2600000000")

    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


@one_database
@pytest.mark.parametrize("person", ["Ada", "Sue"])
def test_listening_is_noted_once_however_the_player_fetches_it(as_, case, runtime, person, network_recording):
    visitor = as_(person)
    path = f"/desk/cases/{case.protocol}/recordings/{'RE' + 'b' * 32}.wav"
    whole = visitor.get(path)
    part = visitor.get(path, headers={"Range": "bytes=4-9"})

    assert (whole.status_code, whole.data) == (200, network_recording)
    assert (part.status_code, part.data) == (206, network_recording[4:10])
    assert visitor.get(f"/desk/cases/{case.protocol}").text.count(f"{person} listened to the recording.") == 1


@one_database
def test_whoever_asks_for_the_end_of_a_recording_alone_is_noted_too(ada, case, network_recording):
    path = f"/desk/cases/{case.protocol}/recordings/{'RE' + 'b' * 32}.wav"
    for part in ("bytes=1-", "bytes=9-"):
        assert ada.get(path, headers={"Range": part}).status_code == 206

    assert ada.get(f"/desk/cases/{case.protocol}").text.count("Ada listened to the recording.") == 1


@one_database
def test_a_recording_is_taken_along_by_those_who_may_and_each_time_is_noted(as_, case, network_recording):
    path = f"/desk/cases/{case.protocol}/recordings/{'RE' + 'b' * 32}/file"
    sue, ada = as_("Sue"), as_("Ada")
    taken = [sue.get(path) for _ in range(2)]

    assert {(answer.status_code, answer.data) for answer in taken} == {(200, network_recording)}
    assert taken[0].headers["Content-Disposition"].startswith("attachment")
    assert sue.get(f"/desk/cases/{case.protocol}").text.count("Sue took the recording along as a file.") == 2
    assert ada.get(path).status_code == 403
    assert "Take it along as a file" not in ada.get(f"/desk/cases/{case.protocol}").text


@one_database
def test_a_recording_of_another_case_is_not_there(ada, case, session, runtime):
    other = make_case(session, runtime.vault, runtime.clock.now(), protocol=PROTOCOLS[1])
    session.commit()

    assert ada.get(f"/desk/cases/{other.protocol}/recordings/{'RE' + 'b' * 32}.wav").status_code == 404
