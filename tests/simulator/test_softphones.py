"""Telephones in browsers: rung under a name while their page is open, and ended at once when it is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from app.simulator.server import create_simulator
from tests.simulator.conftest import ACCOUNT, AGENT, CUSTOMER, OFFICE

KEY, SECRET = "SK" + "2" * 32, "the secret of an API key of this account"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)  # as the carrier's clock begins
DIAL = "<Response><Dial action='/after'><Client>ada</Client></Dial></Response>"


def signed(
    name: str = "ada", account: str = ACCOUNT, secret: str = SECRET, lasts: int = 600, *, may: bool = True
) -> str:
    begins, ends = int(NOW.timestamp()), int((NOW + timedelta(seconds=lasts)).timestamp())
    grants = [VoiceGrant(incoming_allow=may)]
    return AccessToken(account, KEY, secret, grants=grants, identity=name, nbf=begins, valid_until=ends).to_jwt()


@pytest.fixture
def page(carrier):
    """A page in a browser: asks the network with a token."""
    carrier.softphones.keys[KEY] = SECRET
    browser = create_simulator(carrier).test_client()

    def ask(method: str, path: str, token: str, **options):
        origin = {"Origin": "http://127.0.0.1:8000", "Authorization": f"Bearer {token}"}
        return browser.open(f"/softphone/{path}", method=method, headers=origin, **options)

    return ask


def test_a_page_that_is_not_open_is_no_answer_at_once(office, carrier):
    office["/voice/incoming"] = DIAL
    carrier.dial(CUSTOMER, OFFICE, settle=False)
    carrier.run(3)

    after = office.params("/after")
    assert (after["DialCallStatus"], after["DialBridged"]) == ("no-answer", "false")
    assert "DialCallDuration" not in after


def test_an_open_page_answers_presses_and_talks(office, carrier, page):
    office["/voice/incoming"] = "<Response><Dial action='/after'><Client url='/whisper'>ada</Client></Dial></Response>"
    office["/pressed"] = "<Response/>"
    office["/whisper"] = (
        "<Response><Gather numDigits='1' action='/pressed'><Say voice='man'>Press 1.</Say></Gather></Response>"
    )
    token = signed()
    assert page("GET", "line", token).json == {"ringing": [], "active": []}
    customer = carrier.dial(CUSTOMER, OFFICE, settle=False)
    carrier.run(2)
    (ringing,) = page("GET", "line", token).json["ringing"]
    page("POST", f"calls/{ringing['id']}/answer", token)
    carrier.run(1)
    heard = page("GET", f"calls/{ringing['id']}", token).json
    page("POST", f"calls/{ringing['id']}/press", token, json={"text": "1"})
    carrier.run(2)
    page("POST", f"calls/{ringing['id']}/say", token, json={"text": "Good morning"})
    carrier.run(1)
    customer.hang_up()

    assert [item["text"] for item in heard["items"] if item["kind"] == "heard"] == ["Press 1."]
    assert office.params("/whisper")["To"] == "client:ada"
    assert "Good morning" in customer.heard
    assert office.params("/after")["DialCallStatus"] == "completed"
    assert page("GET", "line", token).json["active"] == []


def test_who_says_nothing_for_a_while_is_gone_and_who_says_goodbye_at_once(carrier, page):
    page("GET", "line", signed())
    assert not carrier.softphones.is_nobody_at("client:ada")
    carrier.run(9)
    assert carrier.softphones.is_nobody_at("client:ada")
    page("GET", "line", signed())
    page("DELETE", "line", signed())
    assert carrier.softphones.is_nobody_at("client:ada")
    assert not carrier.softphones.is_nobody_at(AGENT)


@pytest.mark.parametrize(
    "token",
    ["", "no token", signed(secret="another secret that nobody here knows"), signed(account="AC" + "9" * 32),
     signed(lasts=-1), signed(may=False), signed(name="")],
    ids=["none", "no token", "another secret", "another account", "expired", "may not be called", "no name"],
)  # fmt: skip
def test_a_token_that_is_not_good_registers_nobody(carrier, page, token):
    assert page("GET", "line", token).status_code == 401
    assert carrier.softphones.registered == {}


def test_nobody_touches_the_line_of_another(office, carrier, page):
    office["/voice/incoming"] = DIAL
    page("GET", "line", signed())
    carrier.dial(CUSTOMER, OFFICE, settle=False)
    carrier.run(2)
    (ringing,) = page("GET", "line", signed()).json["ringing"]

    assert page("POST", f"calls/{ringing['id']}/answer", signed("ben")).status_code == 404
    assert page("GET", "line", signed("ben")).json["ringing"] == []


def test_pages_of_this_machine_may_read_the_answers_and_no_others(page, carrier):
    browser = create_simulator(carrier).test_client()
    shares = "Access-Control-Allow-Origin"

    assert page("OPTIONS", "line", "").headers[shares] == "http://127.0.0.1:8000"
    assert shares not in browser.get("/softphone/line", headers={"Origin": "https://elsewhere.example"}).headers
