"""What we ask of Twilio, against its own description of the interface; and what we make of its answers and silences."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from twilio.http import HttpClient
from twilio.http.response import Response

from app.domain.call import LegStatus
from app.domain.errors import NetworkRefused, NetworkUnknown
from app.simulator.carrier import Carrier
from app.simulator.faults import Faults
from app.simulator.http_client import InProcessClient
from app.simulator.people import Person, Pickup
from app.telephony.twilio.phone import TwilioPhone

DESCRIPTION = Path(__file__).parents[3] / "shared" / "twilio" / "twilio_api_v2010.json"
ACCOUNT, TOKEN = "AC" + "1" * 32, "secret-token"
OFFICE, AGENT = "+49301234567", "+4930999888"
SILENT = b'<?xml version="1.0" encoding="UTF-8"?><Response><Pause length="20"/></Response>'
E164 = re.compile(r"\+[1-9][0-9]{6,14}")


class Recorder(HttpClient):
    """Passes requests on to the local phone network and keeps what they were."""

    def __init__(self, carrier: Carrier) -> None:
        super().__init__(None, False, None)
        self._next = InProcessClient(carrier)
        self.asked: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = []

    def request(self, method: str, uri: str, params: Any = None, data: Any = None, *rest: Any, **more: Any) -> Response:
        self.asked.append((method, uri, dict(params or {}), dict(data or {})))
        return self._next.request(method, uri, params, data, *rest, **more)


def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """A product that says nothing."""
    start_response("200 OK", [("Content-Type", "text/xml")])
    return [SILENT]


@pytest.fixture
def carrier() -> Carrier:
    from app.simulator.transport import WsgiTransport

    carrier = Carrier(ACCOUNT, TOKEN, "https://office.example", WsgiTransport(answer), calls_per_second=50)
    carrier.own(OFFICE)
    return carrier


@pytest.fixture
def recorder(carrier: Carrier) -> Recorder:
    return Recorder(carrier)


@pytest.fixture
def phone(recorder: Recorder) -> TwilioPhone:
    return TwilioPhone(ACCOUNT, TOKEN, "https://api.twilio.com", recorder)


def dial(phone: TwilioPhone, to: str = AGENT) -> str:
    return phone.dial(
        to,
        from_number=OFFICE,
        answer_url="https://office.example/voice/agent/k",
        status_url="https://office.example/voice/leg/k",
        ring_seconds=25,
    )


def complaints_about(
    description: dict[str, Any], asked: tuple[str, str, dict[str, Any], dict[str, Any]]
) -> Iterator[str]:
    """What Twilio's description does not allow in a request."""
    method, uri, params, data = asked
    path = urlsplit(uri).path
    verbs = next((verbs for form, verbs in description["paths"].items() if _fits(form, path)), None)
    verb = (verbs or {}).get(method.lower())
    if verb is None:
        yield f"there is no {method} {path}"
        return
    queries = {one["name"]: one for one in verb["parameters"] if one["in"] == "query"}
    yield from (f"no query {name}" for name in params.keys() - queries.keys())
    form = verb.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded", {}).get("schema", {})
    yield from (f"{name} is missing" for name in form.get("required", []) if name not in data)
    for name, value in data.items():
        if value is None:
            continue
        if name not in form.get("properties", {}):
            yield f"no field {name}"
            continue
        yield from _type_complaints(name, value, _resolved(description, form["properties"][name]))


def _fits(form: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{\w+\}", "[A-Za-z0-9]+", form), path) is not None


def _resolved(description: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = description["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def _type_complaints(name: str, value: Any, schema: dict[str, Any]) -> Iterator[str]:
    kind = schema.get("type")
    if kind == "array":
        if not isinstance(value, list):
            yield f"{name} is no list"
        return
    if kind == "integer" and not re.fullmatch(r"-?\d+", str(value)):
        yield f"{name} is no number"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{name} may not be {value}"
    if schema.get("format") in ("phone-number", "endpoint") and not E164.fullmatch(str(value)):
        yield f"{name} is no telephone number"
    if schema.get("format") == "uri" and not urlsplit(str(value)).scheme:
        yield f"{name} is no URL"


def test_every_request_is_one_that_twilio_describes(carrier: Carrier, recorder: Recorder, phone: TwilioPhone) -> None:
    if not DESCRIPTION.exists():
        pytest.skip("Twilio's description is not on this machine")
    description = json.loads(DESCRIPTION.read_text())
    sid = dial(phone)
    carrier.run(6)
    phone.leg(sid)
    phone.find(AGENT, since=carrier.now())
    phone.hang_up(sid)
    phone.send_text(
        AGENT, from_number=OFFICE, body="Vorgang 26 1234 5679", status_url="https://office.example/messages/status"
    )

    complaints = [one for asked in recorder.asked for one in complaints_about(description, asked)]

    assert {asked[0] for asked in recorder.asked} == {"GET", "POST"}
    assert len(recorder.asked) >= 6
    assert complaints == []


def test_a_leg_is_found_by_its_number_and_its_time(carrier: Carrier, phone: TwilioPhone) -> None:
    begin = carrier.now()
    first = dial(phone)
    carrier.run(60)
    second = dial(phone)
    carrier.run(4)

    assert [leg.network_id for leg in phone.find(AGENT, since=begin)] == [second, first]
    assert [leg.network_id for leg in phone.find(AGENT, since=begin + timedelta(seconds=30))] == [second]


def test_a_leg_that_rings_is_hung_up_and_a_second_time_changes_nothing(carrier: Carrier, phone: TwilioPhone) -> None:
    carrier.introduce(AGENT, Person(pickup=Pickup.IGNORE))
    sid = dial(phone)
    carrier.run(3)

    phone.hang_up(sid)
    carrier.run(3)
    phone.hang_up(sid)

    leg = phone.leg(sid)
    assert leg is not None
    assert leg.status in (LegStatus.CANCELED, LegStatus.COMPLETED)
    assert phone.leg("CA" + "0" * 32) is None


def test_a_recording_is_deleted_and_a_second_time_changes_nothing(
    carrier: Carrier, recorder: Recorder, phone: TwilioPhone
) -> None:
    sid = dial(phone)
    leg = next(each for each in carrier.calls if each.sid == sid)
    recording = carrier.recordings.begin(leg, "OutboundAPI")

    phone.delete_recording(recording.sid)
    phone.delete_recording(recording.sid)

    assert recording.deleted
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Recordings/{recording.sid}.json"
    assert [(each[0], urlsplit(each[1]).path) for each in recorder.asked[-2:]] == [("DELETE", path)] * 2


def test_a_number_that_cannot_be_called_is_refused_for_good(phone: TwilioPhone) -> None:
    with pytest.raises(NetworkRefused) as refusal:
        dial(phone, to="+1")

    assert refusal.value.permanent


@pytest.mark.parametrize(
    ("faults", "error"),
    [
        (Faults(rest_timeout=1), NetworkUnknown),
        (Faults(rest_error=1), NetworkUnknown),
        (Faults(rest_busy=1), NetworkRefused),
    ],
    ids=["no answer", "500", "429"],
)
def test_no_answer_is_no_refusal(carrier: Carrier, phone: TwilioPhone, faults: Faults, error: type[Exception]) -> None:
    carrier.faults = faults

    with pytest.raises(error):
        dial(phone)
    with pytest.raises(error):
        phone.send_text(
            AGENT, from_number=OFFICE, body="Guten Tag", status_url="https://office.example/messages/status"
        )


def test_a_network_that_asks_for_patience_is_asked_again(carrier: Carrier, phone: TwilioPhone) -> None:
    carrier.faults = Faults(rest_busy=1)

    with pytest.raises(NetworkRefused) as refusal:
        dial(phone)

    assert not refusal.value.permanent
    assert carrier.calls == []
