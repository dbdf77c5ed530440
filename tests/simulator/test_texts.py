"""Text messages in both directions."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from app.simulator.http_client import InProcessClient
from app.simulator.people import Person
from tests.simulator.conftest import ACCOUNT, CUSTOMER, OFFICE, TOKEN


@pytest.fixture
def twilio(carrier):
    return Client(ACCOUNT, TOKEN, http_client=InProcessClient(carrier))


def test_a_text_is_sent_delivered_and_reported(carrier, office, twilio):
    twilio.messages.create(to=CUSTOMER, from_=OFFICE, body="R-1", status_callback="https://office.example/text")

    carrier.run_until_idle()

    assert [one.body for one in carrier.texts] == ["R-1"]
    assert [one["MessageStatus"] for one in office.all("/text")] == ["sent", "delivered"]


def test_a_text_to_the_office_is_answered_by_its_document(carrier, office):
    office["/messages/incoming"] = "<Response><Message>Thank you.</Message></Response>"

    carrier.text(CUSTOMER, OFFICE, "Where is my callback?")

    assert office.params("/messages/incoming")["Body"] == "Where is my callback?"
    assert [(one.to, one.body) for one in carrier.texts][-1] == (CUSTOMER, "Thank you.")


def test_who_wrote_stop_gets_no_more_texts(carrier, twilio):
    carrier.text(CUSTOMER, OFFICE, "Stop")

    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=CUSTOMER, from_=OFFICE, body="again")

    assert refused.value.code == 21610


@pytest.mark.parametrize(
    ("but", "code"),
    [({"to": "1"}, 21211), ({"body": ""}, 21602), ({"body": "x" * 1601}, 21617), ({"from_": "+4930000000"}, 21606)],
    ids=["to", "empty", "long", "from"],
)
def test_a_wrong_text_is_refused(twilio, but, code):
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(**({"to": CUSTOMER, "from_": OFFICE, "body": "R-1"} | but))

    assert refused.value.code == code


def test_a_landline_takes_no_texts(carrier, twilio):
    carrier.introduce(CUSTOMER, Person(takes_texts=False))

    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=CUSTOMER, from_=OFFICE, body="R-1")

    assert refused.value.code == 21614
