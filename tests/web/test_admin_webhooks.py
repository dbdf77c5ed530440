"""Webhooks on the pages of administrators: made, shown once, exchanged, switched off, and sent again."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.domain.told_event import EVENTS
from app.models.audit import AuditEntry, details_of_entry
from app.models.subscriber import Delivery, Subscriber
from tests.web.make import make_case

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")


@pytest.fixture
def max_(as_):
    return as_("Max")


def sends(visitor, path, **form):
    data = {"csrf_token": visitor.token(), "url": "https://shop.example/events?a=1", "events": list(EVENTS), **form}
    return visitor.browser.post(f"/admin/webhooks{path}", data=data)


def test_a_webhook_is_made_shown_once_changed_exchanged_and_switched_off(max_, session, runtime):
    page = sends(max_, "", name="Shop")
    secret = SECRET.search(page.text)[0]
    again = sends(max_, "", name="Shop")
    changed = sends(max_, "/1", events=["promise.broken"], with_phone="yes")
    exchanged = SECRET.search(sends(max_, "/1/rotate").text)[0]
    off = sends(max_, "/1/switch", on="no")

    assert (page.status_code, again.status_code, changed.status_code, off.status_code) == (200, 409, 303, 303)
    assert exchanged != secret
    shop = session.scalars(sa.select(Subscriber)).one()
    assert (shop.wants, shop.with_phone, shop.disabled_at is None) == (("promise.broken",), True, False)
    told = [details_of_entry(runtime.vault, entry) for entry in session.scalars(sa.select(AuditEntry))]
    assert "promise.broken" in str(told)
    everything = "".join([max_.get("/admin/webhooks").text, max_.get("/admin/webhooks/1").text, str(told)])
    assert (SECRET.search(everything), secret in everything) == (None, False)
    assert "off since" in everything


def test_what_was_given_up_stands_first_and_is_sent_again(max_, session, runtime):
    sends(max_, "", name="Shop")
    case = make_case(session, runtime.vault, runtime.clock.now())
    session.commit()
    sends(max_, "/1/test")
    session.execute(sa.update(Delivery).where(Delivery.case_id == case.id).values(status="dead", answer="HTTP 500"))
    session.commit()
    page = max_.get("/admin/webhooks/1").text
    wrong = sends(max_, "/1/again", delivery="2")
    unknown = sends(max_, "/1/again", delivery="99")
    sent = sends(max_, "/1/again", delivery="1")

    assert page.index("case.opened</code></td>") < page.index("webhook.test</code></td>")
    assert "HTTP 500" in page
    assert (wrong.status_code, unknown.status_code, sent.status_code) == (409, 404, 303)
    session.expire_all()
    assert session.scalars(sa.select(Delivery.status).order_by(Delivery.id)).all() == ["waiting", "waiting"]
    assert max_.get("/admin/webhooks/99").status_code == 404


def test_what_cannot_be_told_is_refused_with_its_field(max_, session):
    answers = [
        sends(max_, "", **form)
        for form in (
            {"name": " "},
            {"name": "Shop", "url": "http://shop.example/"},
            {"name": "Shop", "events": []},
            {"name": "Shop", "events": ["everything"]},
        )
    ]

    assert [answer.status_code for answer in answers] == [422] * 4
    assert "is not https" in answers[1].text
    assert session.scalars(sa.select(Subscriber)).all() == []
