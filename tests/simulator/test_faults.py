"""Losing, doubling, delaying and reordering webhooks, by seeded dice."""

import pytest

from app.simulator.carrier import Carrier
from app.simulator.faults import Faults
from app.simulator.transport import WsgiTransport
from tests.simulator.conftest import ACCOUNT, AGENT, CUSTOMER, OFFICE, TOKEN


@pytest.fixture
def dialling(office):
    office["/voice/incoming"] = (
        f'<Response><Dial><Number statusCallback="/leg" statusCallbackEvent="initiated ringing answered completed">'
        f"{AGENT}</Number></Dial></Response>"
    )
    return office


def statuses(office):
    return [one["SequenceNumber"] for one in office.all("/leg")]


def test_lost_reports_never_arrive_but_the_call_goes_on(carrier, dialling):
    carrier.faults = Faults(lose=1)

    carrier.dial(CUSTOMER, OFFICE)
    carrier.run_until_idle()

    assert statuses(dialling) == []
    assert carrier.calls[0].status == "completed"


def test_doubled_reports_carry_the_same_token(carrier, dialling):
    carrier.faults = Faults(duplicate=2)

    carrier.dial(CUSTOMER, OFFICE)
    carrier.run_until_idle()

    assert sorted(statuses(dialling)) == sorted(["0", "1", "2", "3"] * 3)
    tokens = [
        heads["HTTP_I_TWILIO_IDEMPOTENCY_TOKEN"]
        for (path, _), heads in zip(dialling.asked, dialling.headers, strict=True)
        if path == "/leg"
    ]
    assert len(set(tokens)) == 4


def test_reordered_reports_overtake_one_another(carrier, dialling):
    carrier.faults = Faults(reorder=True)

    first = carrier.dial(CUSTOMER, OFFICE)
    carrier.run_until_idle()
    second = carrier.dial(CUSTOMER, OFFICE)
    carrier.run_until_idle()

    orders = [
        [one["SequenceNumber"] for one in dialling.all("/leg") if one["ParentCallSid"] == call.sid]
        for call in (first, second)
    ]
    assert [sorted(order) for order in orders] == [["0", "1", "2", "3"]] * 2
    assert orders != [["0", "1", "2", "3"]] * 2


def test_a_repeated_request_reaches_the_office_several_times_at_once(carrier, office):
    office["/voice/incoming"] = "<Response><Say>Hello.</Say></Response>"
    carrier.faults = Faults(repeat=4)

    call = carrier.dial(CUSTOMER, OFFICE)

    assert len(office.all("/voice/incoming")) == 5
    assert call.heard == ["Hello."]


def test_a_webhook_of_the_log_is_sent_once_more_as_it_was(carrier, office):
    office["/voice/incoming"] = "<Response><Say>Hello.</Say></Response>"
    carrier.dial(CUSTOMER, OFFICE)

    answer = carrier.replay(carrier.webhooks[0])

    assert b"Hello." in answer.body
    assert office.params("/voice/incoming") == office.all("/voice/incoming")[0]
    first, again = office.headers[0], office.headers[-1]
    assert first["HTTP_X_TWILIO_SIGNATURE"] == again["HTTP_X_TWILIO_SIGNATURE"]
    assert first["HTTP_I_TWILIO_IDEMPOTENCY_TOKEN"] == again["HTTP_I_TWILIO_IDEMPOTENCY_TOKEN"]


def test_the_same_seed_gives_the_same_network(office, dialling):
    def play() -> list[tuple[str, str]]:
        carrier = Carrier(ACCOUNT, TOKEN, "https://office.example", WsgiTransport(office), seed=7)
        carrier.faults = Faults(lose=0.3, duplicate=1, reorder=True)
        carrier.dial(CUSTOMER, OFFICE)
        carrier.run_until_idle()
        return [(one.url, one.params.get("CallSid", "")) for one in carrier.webhooks]

    assert play() == play()


def test_an_unknown_fault_is_refused():
    with pytest.raises(ValueError, match="unknown faults: loose"):
        Faults.of({"loose": 1})
