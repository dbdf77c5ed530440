"""Waiting in a queue, leaving it, and being taken out of it."""

import pytest

from tests.simulator.conftest import AGENT, CUSTOMER, OFFICE

WAIT = """<Response><Say>Please wait.</Say><Gather numDigits="1" timeout="5" action="/trade"/></Response>"""


@pytest.fixture
def queue(office):
    office["/voice/incoming"] = '<Response><Enqueue action="/left" waitUrl="/wait">agents</Enqueue></Response>'
    office["/wait"] = WAIT
    office["/trade"] = "<Response><Leave/></Response>"
    office["/left"] = "<Response><Say>You left.</Say></Response>"
    office["/agent"] = '<Response><Dial action="/done"><Queue url="/soon">agents</Queue></Dial></Response>'
    office["/soon"] = "<Response><Say>Here comes somebody.</Say></Response>"
    return office


def test_the_wait_document_is_asked_again_and_again_with_the_place(carrier, queue):
    carrier.dial("+4915100000001", OFFICE)
    call = carrier.dial(CUSTOMER, OFFICE)
    carrier.run(seconds=20)

    mine = [one for one in queue.all("/wait") if one["CallSid"] == call.sid]
    assert len(mine) >= 3
    assert (mine[0]["QueuePosition"], mine[0]["CurrentQueueSize"]) == ("2", "2")
    assert int(mine[-1]["QueueTime"]) > 0


def test_a_caller_trades_the_place_for_something_else(carrier, queue):
    call = carrier.dial(CUSTOMER, OFFICE).press("1")

    left = queue.params("/left")
    assert left["QueueResult"] == "leave"
    assert queue.params("/trade")["QueuePosition"] == "1"
    assert call.last_heard == "You left."


def test_hanging_up_in_the_queue_is_told(carrier, queue):
    call = carrier.dial(CUSTOMER, OFFICE).hang_up()

    left = queue.params("/left")
    assert (left["QueueResult"], left["CallStatus"]) == ("hangup", "completed")
    assert "You left." not in call.heard


def test_an_agent_takes_the_first_caller(carrier, queue):
    call = carrier.dial(CUSTOMER, OFFICE)
    queue["/voice/incoming"] = queue.answers["/agent"]
    agent = carrier.dial(AGENT, OFFICE)

    assert call.heard[-1] == "Here comes somebody."
    assert (call.waiting_for, agent.waiting_for) == ("talk", "talk")
    assert queue.params("/soon")["DequeingCallSid"] == agent.sid
    agent.hang_up()
    assert queue.params("/left")["QueueResult"] == "bridged"
    assert queue.params("/done")["DialCallStatus"] == "completed"


def test_an_agent_waits_for_a_caller_until_the_timeout(carrier, queue):
    queue["/voice/incoming"] = queue.answers["/agent"]
    carrier.dial(AGENT, OFFICE, settle=False)
    carrier.run(seconds=60)

    assert queue.params("/done")["DialCallStatus"] == "no-answer"


def test_a_full_queue_turns_callers_away(carrier, queue):
    queue["/voice/incoming"] = queue.answers["/voice/incoming"].replace("<Enqueue", '<Enqueue maxQueueSize="1"')
    carrier.dial("+4915100000001", OFFICE)
    carrier.dial(CUSTOMER, OFFICE)

    assert queue.params("/left")["QueueResult"] == "queue-full"
