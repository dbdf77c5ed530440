"""A promise's whole life on one page, and in the API: nothing that was done about it is missing."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from app.domain.phone_number import PhoneNumber
from app.models.journal import end_promise, note, queue_out
from app.models.promise import Promise
from app.models.reminder import Forewarning, Reminder
from app.models.spool import Spool
from app.services.add_token import add_token
from app.services.erase_person import erase_person
from tests.web.make import CUSTOMER, PROTOCOLS, make_attempt, make_case, make_promise

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LAW = {
    "allowed": True, "reason": "Monday 10:00 in Europe/Berlin", "source": "Decreto 11.034/2022, art. 13",
    "url": "https://www.planalto.gov.br/x", "read_on": "2026-11-22", "confirmed": True,
}  # fmt: skip
HOUSE = {**LAW, "source": "house rule, after a custom", "url": "", "confirmed": False}


@pytest.fixture
def told(session, runtime, staff):
    """A promise that was moved to another, with everything that can happen to one."""
    now, vault = runtime.clock.now() - timedelta(hours=4), runtime.vault
    case = make_case(session, vault, now)
    old = make_promise(session, vault, case, now, flow_version="abc123", verdicts={"when_made": [LAW, HOUSE]})
    make_attempt(
        session, staff["Ada"], old, now + timedelta(hours=1), key="try-1", result="no_answer", bridged_at=None,
        seconds=None, verdict=LAW,
    )  # fmt: skip
    session.add(Reminder(promise_id=old.id, level="owner", due_at=now, said_at=now, told=[staff["Ada"].id]))
    note(session, vault, case, "reminded", "clock", now, promise=old.id, to=["Ada"], rescuers=[])
    session.add(
        Forewarning(
            promise_id=old.id, phone_index=old.phone_index, foreseen_at=now, cause="overload",
            offered_due_at=now + timedelta(hours=9), agreed_at=now + timedelta(hours=4),
        )
    )  # fmt: skip
    note(session, vault, case, "foreseen", "clock", now, promise=old.id, cause="overload", offer=None)
    body = {"to": "+49", "from": "+49", "body": "Wir können Sie vielleicht nicht anrufen."}
    queue_out(session, vault, key=f"{old.key}:text.foreseen:1", kind="text", at=now, payload=body, case_id=case.id)
    end_promise(session, vault, old, "moved", "customer", now, cause="the customer agreed to another time")
    new = make_promise(session, vault, case, now + timedelta(hours=4), key="successor")
    old.successor_id = new.id
    other = make_case(session, vault, now, protocol=PROTOCOLS[1])
    note(session, vault, other, "note", "ivr", now, text="another matter")
    session.commit()
    return old, new


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_page_tells_the_whole_life(ada, told):
    old, new = told
    page = words(ada.get(f"/desk/promises/{old.id}").text)

    for part in (
        "Wir rufen Sie heute bis fünfzehn Uhr zurück.", "flow version abc123", "Decreto 11.034/2022, art. 13",
        "house rule, no law", "before try 1", "no answer", "Ada", "Half of its slack was gone; reminded: Ada",
        "more fell due than those at work could keep", "Wir können Sie vielleicht nicht anrufen.", "waits to be sent",
        "moved", "the customer agreed to another time", f"Moved to promise {new.id}",
    ):  # fmt: skip
        assert part in page, part
    assert "another matter" not in page


def test_the_successor_leads_back(ada, told):
    old, new = told

    assert f"Moved here from promise {old.id}" in ada.get(f"/desk/promises/{new.id}").text


def test_a_printed_page_names_days_and_never_says_today(ada, told):
    page = words(ada.get(f"/desk/promises/{told[0].id}").text)

    assert "Mon 2 Mar 2026" in page
    assert "today" not in page


def test_case_and_queue_lead_to_it(ada, told):
    link = f'href="/desk/promises/{told[1].id}"'

    assert link in ada.get("/desk/").text
    assert link in ada.get(f"/desk/cases/{PROTOCOLS[0]}").text


def test_where_only_a_house_rule_stands_behind_a_limit_the_letter_says_so(ada, session, told):
    session.get(Promise, told[1].id).legal_ref = "house rule"
    session.commit()
    page = ada.get(f"/desk/cases/{PROTOCOLS[0]}").text

    assert "Our own rule wants an answer by" in page
    assert "The law wants an answer" not in page


def test_what_the_customer_wished_for_stands_beside_what_they_got(ada, session, told):
    wish = {"day": "tomorrow", "part": "evening", "zone": "Europe/Berlin", "granted": False}
    session.get(Promise, told[1].id).verdicts = {"when_made": [LAW], "wish": wish}
    session.commit()
    page = words(ada.get(f"/desk/promises/{told[1].id}").text)

    assert "The customer wished for: tomorrow after five. This is the nearest that could be promised." in page


@pytest.mark.parametrize("number", ["0", "999", "99999999999999999999"])
def test_a_promise_that_never_was_is_not_found(ada, number):
    assert ada.get(f"/desk/promises/{number}").status_code == 404


def test_the_api_tells_the_same(web, session, runtime, told):
    token = add_token(session, "ledger", wall_now=runtime.wall.now())
    session.commit()
    answer = web.test_client().get(f"/api/v1/promises/{told[0].id}", headers={"Authorization": f"Bearer {token}"})
    life = json.loads(answer.data)

    assert answer.status_code == 200
    assert life["promise"]["spoken_text"] == "Wir rufen Sie heute bis fünfzehn Uhr zurück."
    assert life["promise"]["id"] == told[0].id
    assert [row["house_rule"] for row in life["verdicts"]] == [False, True, False]
    assert [row["attempt"] for row in life["verdicts"]] == [None, None, 1]
    assert life["reminders"][0]["to"] == ["Ada"]
    assert life["forewarning"]["cause"] == "overload"
    assert life["successor"] == told[1].id
    assert [event["kind"] for event in life["events"]] == ["reminded", "foreseen", "moved"]
    assert [text["body"] for text in life["texts"]] == ["Wir können Sie vielleicht nicht anrufen."]


def test_what_was_erased_is_gone_from_the_page_and_the_rest_stays(ada, told, web, session, runtime):
    number = PhoneNumber(CUSTOMER)
    spool = Spool(runtime.settings.var_dir / "spool", runtime.vault)
    erase_person(
        runtime.database, runtime.vault, None, spool, runtime.board.hotline_named, number, "asked",
        now=runtime.clock.now(),
    )  # fmt: skip
    page = ada.get(f"/desk/promises/{told[0].id}")

    assert page.status_code == 200
    assert "erased" in page.text
    assert "Wir rufen Sie heute" not in page.text
    assert "vielleicht nicht anrufen" not in page.text
    assert "Decreto 11.034/2022, art. 13" in page.text
    for part in ("It was foreseen that it could not be kept", "Half of its slack was gone", "The promise was moved"):
        assert part in words(page.text)  # what happened when stays, without a word about the person
    session.expire_all()
    assert session.query(Forewarning).one().phone_index == "erased"
