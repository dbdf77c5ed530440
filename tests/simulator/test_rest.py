"""Twilio's own Python client against the network's REST API."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from app.simulator.faults import Faults
from app.simulator.http_client import InProcessClient
from app.simulator.people import Person, Pickup, machine
from tests.simulator.conftest import ACCOUNT, AGENT, CUSTOMER, OFFICE, TOKEN

URL = "https://office.example/agent"
EVENTS = ["initiated", "ringing", "answered", "completed"]


@pytest.fixture
def twilio(carrier):
    return Client(ACCOUNT, TOKEN, http_client=InProcessClient(carrier))


@pytest.fixture
def place(twilio, office):
    office["/agent"] = "<Response><Say>Hello.</Say><Pause length='10'/></Response>"

    def place(**but):
        order = {
            "to": AGENT,
            "from_": OFFICE,
            "url": URL,
            "status_callback": "https://office.example/leg",
            "status_callback_event": EVENTS,
        }
        return twilio.calls.create(**(order | but))

    return place


def test_a_placed_call_is_queued_answered_and_reported(carrier, office, twilio, place):
    placed = place()
    assert placed.status == "queued"

    carrier.run_until_idle()

    assert twilio.calls(placed.sid).fetch().status == "completed"
    assert [one["CallStatus"] for one in office.all("/leg")] == ["initiated", "ringing", "in-progress", "completed"]
    asked = office.params("/agent")
    assert (asked["To"], asked["From"], asked["Direction"]) == (AGENT, OFFICE, "outbound-api")
    assert asked["CallStatus"] == "in-progress"


def test_the_default_subscription_reports_the_end_as_number_zero(carrier, office, place):
    place(status_callback_event=None)

    carrier.run_until_idle()

    (report,) = office.all("/leg")
    assert (report["CallStatus"], report["SequenceNumber"]) == ("completed", "0")


@pytest.mark.parametrize(
    ("pickup", "status"),
    [(Pickup.BUSY, "busy"), (Pickup.IGNORE, "no-answer"), (Pickup.UNREACHABLE, "failed")],
)
def test_a_call_that_nobody_takes_ends_in_its_status(carrier, office, place, pickup, status):
    carrier.introduce(AGENT, Person(pickup=pickup))
    place(timeout=10)

    carrier.run_until_idle()

    last = office.params("/leg")
    assert last["CallStatus"] == status
    assert last["CallDuration"] == "0"
    assert office.all("/agent") == []


@pytest.mark.parametrize(
    ("but", "code"),
    [
        ({"to": "12"}, 21211),
        ({"from_": "+4930000000"}, 21210),
        ({"from_": "12"}, 21212),
        ({"url": "/relative"}, 21205),
        ({"url": None}, 21205),
        ({"timeout": 700}, 21217),
        ({"status_callback_event": ["busy"]}, 21626),
    ],
    ids=["to", "foreign from", "from", "relative url", "no url", "timeout", "event"],
)
def test_a_wrong_order_is_refused_with_twilios_code(carrier, place, but, code):
    with pytest.raises(TwilioRestException) as refused:
        place(**but)

    assert refused.value.code == code
    assert carrier.calls == []


def test_a_wrong_password_is_refused(carrier):
    with pytest.raises(TwilioRestException) as refused:
        Client(ACCOUNT, "wrong", http_client=InProcessClient(carrier)).calls("CA1").fetch()

    assert (refused.value.status, refused.value.code) == (401, 20003)


def test_an_unknown_call_is_not_found(twilio):
    with pytest.raises(TwilioRestException) as refused:
        twilio.calls("CA" + "0" * 32).fetch()

    assert (refused.value.status, refused.value.code) == (404, 20404)


def test_one_call_a_second_starts_and_the_rest_is_queued(carrier, twilio, place):
    calls = [place().sid for _ in range(3)]

    carrier.run(seconds=1.2)

    assert [twilio.calls(sid).fetch().status for sid in calls] == ["ringing", "queued", "queued"]


def test_a_call_canceled_in_the_queue_is_never_reported(carrier, office, twilio, place):
    place()
    second = place()

    twilio.calls(second.sid).update(status="canceled")
    carrier.run_until_idle()

    assert twilio.calls(second.sid).fetch().status == "canceled"
    assert {one["CallSid"] for one in office.all("/leg")} != {second.sid}
    assert len(office.all("/leg")) == 4


def test_a_call_under_way_is_sent_elsewhere(carrier, office, twilio, place):
    office["/elsewhere"] = "<Response><Say>Elsewhere.</Say></Response>"
    sid = place().sid
    carrier.run(seconds=6)

    twilio.calls(sid).update(url="https://office.example/elsewhere")
    carrier.run(seconds=1)

    assert carrier.line(sid).heard == ["Hello.", "Elsewhere."]


def test_an_ended_call_cannot_be_changed(carrier, twilio, place):
    sid = place().sid
    carrier.run_until_idle()

    with pytest.raises(TwilioRestException) as refused:
        twilio.calls(sid).update(status="completed")

    assert refused.value.code == 21220


def test_calls_are_found_by_number_and_time_over_pages(carrier, twilio, place):
    for _ in range(5):
        place()
    carrier.run_until_idle()

    found = twilio.calls.list(to=AGENT, start_time_after=carrier.now().replace(hour=0), page_size=2)

    assert len(found) == 5
    assert twilio.calls.list(to=CUSTOMER) == []


def test_a_machine_is_detected_before_the_document_runs(carrier, office, place):
    carrier.introduce(AGENT, machine())
    place(machine_detection="Enable")

    carrier.run_until_idle()

    assert office.params("/agent")["AnsweredBy"] == "machine_start"


def test_a_timeout_after_placing_leaves_the_call_placed(carrier, twilio, place):
    carrier.faults = Faults(rest_timeout=1)

    with pytest.raises(TimeoutError):
        place()

    assert len(twilio.calls.list(to=AGENT)) == 1


def test_too_many_requests_place_nothing(carrier, place):
    carrier.faults = Faults(rest_busy=1)

    with pytest.raises(TwilioRestException) as refused:
        place()

    assert (refused.value.status, refused.value.code) == (429, 20429)
    assert carrier.calls == []


def test_a_recording_is_fetched_and_deleted(carrier, office, twilio):
    office["/voice/incoming"] = '<Response><Record action="/recorded"/></Response>'
    carrier.dial(CUSTOMER, OFFICE).say("My toaster burns.").press("#")
    sid = office.params("/recorded")["RecordingSid"]

    assert twilio.recordings(sid).fetch().source == "RecordVerb"
    assert twilio.recordings(sid).delete()
    with pytest.raises(TwilioRestException):
        twilio.recordings(sid).fetch()


def test_the_first_in_a_queue_is_taken_out_over_rest(carrier, office, twilio):
    office["/voice/incoming"] = '<Response><Enqueue waitUrl="/wait" action="/left">agents</Enqueue></Response>'
    office["/wait"] = "<Response><Pause length='20'/></Response>"
    office["/taken"] = "<Response><Say>Your turn.</Say></Response>"
    call = carrier.dial(CUSTOMER, OFFICE)
    (queue,) = twilio.queues.list()
    assert (queue.friendly_name, queue.current_size) == ("agents", 1)

    twilio.queues(queue.sid).members("Front").update(url="https://office.example/taken")
    carrier.run(seconds=5)

    assert call.heard == ["Your turn."]
    assert office.params("/left")["QueueResult"] == "redirected"
