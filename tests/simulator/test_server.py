"""The network over HTTP: the browser telephone's API, REST, sounds."""

import base64
import wave
from io import BytesIO

import pytest

from app.simulator.__main__ import build, read_arguments
from app.simulator.people import Person
from app.simulator.server import create_simulator
from tests.simulator.conftest import ACCOUNT, AGENT, CUSTOMER, OFFICE, TOKEN

MENU = '<Response><Gather numDigits="1" action="/menu" input="dtmf speech"><Say>Press 1.</Say></Gather></Response>'


@pytest.fixture
def browser(carrier, office):
    office["/voice/incoming"] = MENU
    office["/menu"] = '<Response><Record action="/recorded"/></Response>'
    return create_simulator(carrier).test_client()


def test_a_call_from_the_browser_is_dialled_pressed_and_hung_up(carrier, browser):
    sid = browser.post("/phone/api/calls", json={"from": CUSTOMER, "to": OFFICE}).json["id"]
    carrier.run(seconds=2)
    first = browser.get(f"/phone/api/calls/{sid}").json
    browser.post(f"/phone/api/calls/{sid}/press", json={"keys": "1"})
    carrier.run(seconds=2)
    then = browser.get(f"/phone/api/calls/{sid}?after={first['items'][-1]['seq']}").json
    browser.post(f"/phone/api/calls/{sid}/hang-up")
    carrier.run(seconds=2)

    assert (first["status"], first["waiting_for"]) == ("in-progress", "keys")
    assert [item["kind"] for item in first["items"]] == ["state", "state", "heard"]
    assert [item["kind"] for item in then["items"]] == ["pressed", "beep", "recording"]
    assert then["waiting_for"] == "record"
    assert browser.get(f"/phone/api/calls/{sid}").json["status"] == "completed"


def test_what_is_heard_is_also_a_sound(carrier, browser):
    sid = browser.post("/phone/api/calls", json={"from": CUSTOMER, "to": OFFICE}).json["id"]
    carrier.run(seconds=2)
    (heard,) = [i for i in browser.get(f"/phone/api/calls/{sid}").json["items"] if i["kind"] == "heard"]

    sound = browser.get(heard["audio"])

    assert sound.content_type == "audio/wav"
    with wave.open(BytesIO(sound.data)) as file:
        assert file.getnframes() > 1000


def test_a_manned_line_rings_and_is_answered_in_the_browser(carrier, office, browser):
    office["/voice/incoming"] = f"<Response><Dial>{AGENT}</Dial></Response>"
    browser.post(f"/phone/api/lines/{AGENT}", json={"manned": True})
    browser.post("/phone/api/calls", json={"from": CUSTOMER, "to": OFFICE})
    carrier.run(seconds=2)

    (ringing,) = browser.get(f"/phone/api/lines/{AGENT}").json["ringing"]
    browser.post(f"/phone/api/calls/{ringing['id']}/answer")
    carrier.run(seconds=2)

    line = browser.get(f"/phone/api/lines/{AGENT}").json
    assert line["ringing"] == []
    assert [one["waiting_for"] for one in line["active"]] == ["talk"]


def test_the_office_tells_its_clock_and_who_is_around(carrier, office, browser):
    office.content_type = "application/json"
    office["/local/clock"] = '{"now": "2026-03-02T09:00:00+00:00", "speed": 60}'
    carrier.introduce(AGENT, Person("Ada"))

    told = browser.get("/phone/api/office").json
    browser.post("/phone/api/clock", json={"speed": 600})

    assert told["speed"] == 60
    assert told["people"] == [{"number": AGENT, "label": "Ada", "manned": False}]
    assert office.params("/local/clock")["speed"] == "600"
    assert browser.get("/phone/api/webhooks").json["items"] == []


def test_the_webhooks_pass_by(carrier, browser):
    browser.post("/phone/api/calls", json={"from": CUSTOMER, "to": OFFICE})
    carrier.run(seconds=1)

    (item,) = browser.get("/phone/api/webhooks?after=0").json["items"]

    assert (item["method"], item["path"], item["status"]) == ("POST", "/voice/incoming", 200)
    assert item["params"]["From"] == CUSTOMER
    assert "<Gather" in item["document"]
    assert browser.get(f"/phone/api/webhooks?after={item['seq']}").json["items"] == []


def test_texts_pass_both_ways(carrier, office, browser):
    office["/messages/incoming"] = "<Response><Message>Thank you.</Message></Response>"

    browser.post("/phone/api/texts", json={"from": CUSTOMER, "to": OFFICE, "body": "Hello"})

    items = browser.get(f"/phone/api/texts?number={CUSTOMER.replace('+', '%2B')}").json["items"]
    assert [item["body"] for item in items] == ["Hello", "Thank you."]


def test_faults_are_ordered_and_wrong_ones_refused(carrier, browser):
    assert browser.post("/phone/api/faults", json={"lose": 0.5}).json["lose"] == 0.5
    assert carrier.faults.lose == 0.5
    assert browser.post("/phone/api/faults", json={"loose": 1}).status_code == 400


def test_a_recordings_sound_needs_the_password(carrier, office, browser):
    carrier.dial(CUSTOMER, OFFICE).press("1").say("My toaster burns.").press("#")
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Recordings/{office.params('/recorded')['RecordingSid']}.wav"
    password = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()

    assert browser.get(path).status_code == 401
    sound = browser.get(path, headers={"Authorization": f"Basic {password}"})
    assert (sound.status_code, sound.content_type) == (200, "audio/x-wav")
    assert sound.data.startswith(b"RIFF")


@pytest.mark.parametrize("path", ["/phone/api/calls/CA0", "/2010-04-01/nothing.json"])
def test_unknown_addresses_are_not_found(browser, path):
    assert browser.get(path).status_code in (401, 404)


def test_the_command_line_describes_the_office():
    given = read_arguments(
        ["--account-sid", ACCOUNT, "--auth-token", TOKEN, "--number", f"{OFFICE}=Main", "--person", f"{AGENT}=Ada"]
    )

    carrier = build(given)

    assert carrier.numbers[OFFICE].label == "Main"
    assert carrier.people[AGENT].name == "Ada"
    assert carrier.live
