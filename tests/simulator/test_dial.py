"""Dialling others: whisper, acceptance, connection, and what is said about it afterwards."""

import pytest

from app.simulator.people import Person, Pickup, machine
from tests.simulator.conftest import AGENT, CUSTOMER, OFFICE

WHISPER = (
    '<Response><Gather numDigits="1" action="/accepted"><Say>A call. Press 1 to accept.</Say></Gather>'
    "<Hangup/></Response>"
)


@pytest.fixture
def dialling(office):
    office["/voice/incoming"] = (
        f'<Response><Dial action="/after" timeout="10" callerId="{OFFICE}">'
        f'<Number url="/whisper" statusCallback="/leg" statusCallbackEvent="initiated ringing answered completed">'
        f"{AGENT}</Number></Dial></Response>"
    )
    office["/whisper"] = WHISPER
    office["/accepted"] = "<Response/>"
    office["/after"] = "<Response><Say>Goodbye.</Say></Response>"
    return office


def test_an_agent_who_presses_1_is_connected(carrier, dialling):
    agent = carrier.introduce(AGENT, Person("Ada", talk_seconds=30))

    call = carrier.dial(CUSTOMER, OFFICE)

    assert call.waiting_for == "talk"
    assert agent.talked
    carrier.run_until_idle()
    after = dialling.params("/after")
    assert (after["DialCallStatus"], after["DialBridged"]) == ("completed", "true")
    assert int(after["DialCallDuration"]) >= 30
    assert call.last_heard.endswith("Goodbye.")


def test_the_called_leg_reports_its_steps_in_order(carrier, dialling):
    carrier.dial(CUSTOMER, OFFICE)
    carrier.run_until_idle()

    reports = dialling.all("/leg")
    assert [(one["CallStatus"], one["SequenceNumber"]) for one in reports] == [
        ("initiated", "0"),
        ("ringing", "1"),
        ("in-progress", "2"),
        ("completed", "3"),
    ]
    assert all(one["Direction"] == "outbound-dial" and "FromCity" not in one for one in reports)
    assert reports[0]["ParentCallSid"] == dialling.params("/after")["CallSid"]


@pytest.mark.parametrize(
    ("person", "status"),
    [
        (Person(pickup=Pickup.BUSY), "busy"),
        (Person(pickup=Pickup.IGNORE), "no-answer"),
        (Person(pickup=Pickup.UNREACHABLE), "failed"),
        (Person(answers_after=60), "no-answer"),
    ],
    ids=["busy", "never answers", "unreachable", "too slow"],
)
def test_who_cannot_be_had_is_told_by_the_dial_status(carrier, dialling, person, status):
    carrier.introduce(AGENT, person)

    carrier.dial(CUSTOMER, OFFICE)
    carrier.run_until_idle()

    after = dialling.params("/after")
    assert (after["DialCallStatus"], after["DialBridged"]) == (status, "false")
    assert "DialCallDuration" not in after


def test_an_answering_machine_is_not_connected_when_the_whisper_asks_for_a_key(carrier, dialling):
    carrier.introduce(AGENT, machine())
    dialling["/voice/incoming"] = dialling.answers["/voice/incoming"].replace('timeout="10"', 'timeout="20"')

    carrier.dial(CUSTOMER, OFFICE)
    carrier.run_until_idle()

    after = dialling.params("/after")
    assert (after["DialCallStatus"], after["DialBridged"]) == ("completed", "false")


def test_the_first_to_accept_is_connected_and_the_others_are_let_go(carrier, office):
    office["/voice/incoming"] = (
        f"<Response><Dial><Number>{AGENT}</Number><Number>+4930999777</Number></Dial></Response>"
    )
    carrier.introduce(AGENT, Person("slow", answers_after=8))
    quick = carrier.introduce("+4930999777", Person("quick", answers_after=2))

    carrier.dial(CUSTOMER, OFFICE)
    carrier.run(seconds=5)

    statuses = {leg.to: leg.status for leg in carrier.calls[1:]}
    assert statuses == {AGENT: "canceled", "+4930999777": "in-progress"}
    assert quick.talked


def test_a_caller_who_hangs_up_while_it_rings_leaves_no_ringing_telephone(carrier, dialling):
    carrier.introduce(AGENT, Person(pickup=Pickup.IGNORE))
    call = carrier.dial(CUSTOMER, OFFICE, settle=False)
    carrier.run(seconds=4)

    call.hang_up()

    assert [leg.status for leg in carrier.calls] == ["completed", "canceled"]
    assert dialling.params("/after")["DialCallStatus"] == "canceled"
    assert call.heard == []


def test_both_parties_hear_one_another(carrier, dialling):
    carrier.man(AGENT)
    call = carrier.dial(CUSTOMER, OFFICE, settle=False)
    carrier.run_until(lambda: bool(carrier.ringing(AGENT)))
    agent = carrier.ringing(AGENT)[0].answer().press("1")

    agent.say("What can I do for you?")
    call.say("My toaster burns.")

    assert call.heard[-1] == "What can I do for you?"
    assert agent.heard[-1] == "My toaster burns."
    agent.hang_up()
    assert agent.status == "completed"
    assert call.last_heard.endswith("Goodbye.")


def test_a_foreign_caller_id_is_refused(carrier, dialling):
    dialling["/voice/incoming"] = f'<Response><Dial action="/after" callerId="+15550001111">{AGENT}</Dial></Response>'

    carrier.dial(CUSTOMER, OFFICE)

    assert [fault.code for fault in carrier.faults_seen] == [13214]
    assert dialling.params("/after")["DialCallStatus"] == "failed"
