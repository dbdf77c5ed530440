"""A call that is added at the desk: told beforehand, promised by the office's rules, once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.models.call import Caller
from app.models.case import Case
from app.models.outbox import OutboxItem
from app.models.promise import Promise
from app.models.records import open_record
from tests.web.make import CUSTOMER

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TYPED = {
    "phone": "030 23125042", "kind": "complaint", "channel": "post", "hotline": "haushalt", "language": "de",
    "name": "Klara", "product": "kettle", "narrative": "Er pfeift.",
}  # fmt: skip


def fresh_key(page):
    return re.search(r'name="key" value="([^"]+)"', page)[1]


def promises(session):
    session.expire_all()
    return session.scalars(sa.select(Promise)).all()


def test_the_office_tells_until_when_and_a_form_that_comes_twice_promises_one_call(ada, session, runtime):
    key = fresh_key(ada.get("/desk/callbacks/new").text)
    told = ada.send("/desk/callbacks/check", key=key, **TYPED).text
    assert "+49\xa030\xa023125042" in told
    assert promises(session) == []

    answers = [ada.send("/desk/callbacks/new", key=key, **TYPED) for _ in range(2)]

    (promise,) = promises(session)
    case = session.scalars(sa.select(Case)).one()
    assert {answer.headers["Location"] for answer in answers} == {f"/desk/cases/{case.protocol}#promise"}
    assert f"we can call by today {promise.due_at + timedelta(hours=1):%H:%M}" in told  # Berlin's time
    assert promise.plan is not None
    assert (case.channel, open_record(runtime.vault, case).complainant.name) == ("post", "Klara")
    item = session.scalars(sa.select(OutboxItem).where(OutboxItem.kind == "text")).one()
    assert "Wir rufen Sie" in runtime.vault.open(item.payload, f"outbox:{item.key}")["body"]
    assert "This number is promised a call already" in ada.send("/desk/callbacks/check", key="other", **TYPED).text


def test_a_wish_is_kept_or_said_to_be_impossible(ada, session, clock):
    tomorrow, far = ((clock.now() + timedelta(days=days)).strftime("%Y-%m-%dT12:00") for days in (1, 13))

    assert "we can call between tomorrow 12:00 and" in ada.send("/desk/callbacks/check", wish=tomorrow, **TYPED).text
    assert "wished for cannot be kept" in ada.send("/desk/callbacks/check", wish=far, **TYPED).text
    ada.send("/desk/callbacks/new", key="k", wish=tomorrow, **TYPED)
    assert promises(session)[0].not_before_at.isoformat() == "2026-03-03T11:00:00+00:00"


WRONG = [
    ({"phone": "12"}, "is no valid number"),
    ({"phone": "0900 1234567"}, "cannot be called"),
    ({"wish": "2026-03-02T08:00"}, "lies in the past"),
    ({"wish": "nonsense"}, "is no day and time"),
    ({"kind": "cancellation"}, "is none of"),
    ({"channel": "smoke"}, "is missing"),
    ({"narrative": "x" * 5001}, "is longer than"),
    ({"key": ""}, "is missing"),
]


def test_what_cannot_be_is_said_beside_the_field_and_nothing_is_added(ada, session):
    answers = [(ada.send("/desk/callbacks/new", **{"key": "k", **TYPED, **but}), problem) for but, problem in WRONG]

    assert [problem for answer, problem in answers if answer.status_code != 422 or problem not in answer.text] == []
    assert "is no valid number" in ada.send("/desk/callbacks/check", **{**TYPED, "phone": "12"}).text
    assert promises(session) == []


def test_who_wants_no_calls_is_promised_none(ada, session, runtime):
    with runtime.database.sessions.begin() as opened:
        index = runtime.vault.index(CUSTOMER)
        opened.add(Caller(number_index=index, language="de", seen_at=runtime.clock.now(), do_not_call=True))

    assert "wants no calls" in ada.send("/desk/callbacks/new", key="k", **TYPED).text
    assert promises(session) == []
