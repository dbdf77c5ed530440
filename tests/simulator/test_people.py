"""What the people around the office do by themselves."""

from datetime import timedelta

import pytest

from app.simulator.people import HangUp, Person, Press, Speak, silent
from tests.simulator.conftest import CUSTOMER, OFFICE

MENU = '<Response><Gather numDigits="1" input="dtmf speech" action="/menu"><Say>{}</Say></Gather></Response>'


def play(carrier, person):
    call = carrier.dial(CUSTOMER, OFFICE, person=person)
    carrier.run_until_idle()
    return call


@pytest.mark.parametrize(
    "text",
    [
        "Press 1 to accept.",
        "Zum Annehmen drücken Sie die 1.",
        "Para aceitar, pressione 1.",
        "Da prihvatite, pritisnite 1.",
    ],
)
def test_the_friendly_default_presses_1_in_any_language(carrier, office, text):
    office["/voice/incoming"] = MENU.format(text)

    play(carrier, Person("Ada"))

    assert office.params("/menu")["Digits"] == "1"


def test_cues_decide_what_is_pressed_and_said(carrier, office):
    office["/voice/incoming"] = MENU.format("Complaint or cancellation?")
    office["/menu"] = MENU.format("Are you sure?").replace("/menu", "/sure")

    play(carrier, Person(cues=(("cancellation", Speak("complaint")), ("sure", Press("2")))))

    assert office.params("/menu")["SpeechResult"] == "complaint"
    assert office.params("/sure")["Digits"] == "2"


def test_the_silent_say_nothing(carrier, office):
    office["/voice/incoming"] = MENU.format("Press 1.")

    call = play(carrier, silent())

    assert office.all("/menu") == []
    assert call.status == "completed"


def test_a_story_is_told_to_the_recorder_and_ended_with_a_key(carrier, office):
    office["/voice/incoming"] = '<Response><Record action="/recorded"/></Response>'

    play(carrier, Person(story="My toaster burns."))

    assert office.params("/recorded")["Digits"] == "#"
    (recording,) = carrier.recordings.by_sid.values()
    assert recording.text == "My toaster burns."


def test_somebody_hangs_up_at_a_turn(carrier, office):
    office["/voice/incoming"] = MENU.format("Press 1.")
    office["/menu"] = MENU.format("Press 1.")

    play(carrier, Person(hangs_up_at_turn=3))

    assert len(office.all("/menu")) == 2


def test_somebody_hangs_up_after_some_seconds(carrier, office):
    office["/voice/incoming"] = '<Response><Pause length="100"/></Response>'

    play(carrier, Person(hangs_up_after=7))

    assert office.params("/voice/status")["CallStatus"] in ("completed", "no-answer")
    assert carrier.calls[0].ended_at - carrier.calls[0].created_at < timedelta(seconds=10)


def test_a_cleverer_person_is_a_subclass(carrier, office):
    office["/voice/incoming"] = MENU.format("Well?")

    class Impatient(Person):
        def reply(self, leg):
            return HangUp(0.5)

    play(carrier, Impatient())

    assert office.all("/menu") == []
