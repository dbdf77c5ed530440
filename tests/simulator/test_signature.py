"""Our signature against Twilio's own check of it."""

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from app.simulator.signature import sign
from tests.simulator.conftest import CUSTOMER, OFFICE, TOKEN


@pytest.mark.parametrize(
    "url",
    [
        "https://office.example/voice/incoming",
        "https://office.example:8443/voice/incoming?a=1&b=%20x",
        "http://127.0.0.1:8000/voice/turn/k/1",
        "https://office.example/voice#rc=3&rt=5000",
    ],
)
def test_twilios_validator_accepts_our_signature(url):
    form = [("To", OFFICE), ("From", CUSTOMER), ("FromCity", ""), ("Body", "Ä&=+"), ("X", "2"), ("X", "1")]

    signature = sign(TOKEN, url, form)

    assert RequestValidator(TOKEN).validate(url.split("#")[0], MultiDict(form), signature)


def test_a_changed_value_is_noticed():
    signature = sign(TOKEN, "https://office.example/", [("Digits", "1")])

    assert not RequestValidator(TOKEN).validate("https://office.example/", {"Digits": "2"}, signature)


def test_every_webhook_of_a_call_is_signed_and_named(carrier, office):
    office["/voice/incoming"] = "<Response/>"

    carrier.dial(CUSTOMER, OFFICE)

    checks = [
        RequestValidator(TOKEN).validate("https://office.example" + path, params, heads["HTTP_X_TWILIO_SIGNATURE"])
        for (path, params), heads in zip(office.asked, office.headers, strict=True)
    ]
    assert checks == [True, True]
    assert office.headers[0]["HTTP_USER_AGENT"] == "TwilioProxy/1.1"
    assert len({heads["HTTP_I_TWILIO_IDEMPOTENCY_TOKEN"] for heads in office.headers}) == 2
