"""Transcription in real time, and recordings beside the call."""

import json

from tests.simulator.conftest import CUSTOMER, OFFICE

STARTS = (
    '<Response><Start><Transcription statusCallbackUrl="https://office.example/words" track="inbound_track" '
    'languageCode="de-DE"/></Start><Record action="/recorded"/></Response>'
)


def test_what_is_said_arrives_as_words(carrier, office):
    office["/voice/incoming"] = STARTS

    carrier.dial(CUSTOMER, OFFICE).say("Mein Toaster brennt.", confidence=0.8).hang_up()
    carrier.run_until_idle()

    events = office.all("/words")
    assert [one["TranscriptionEvent"] for one in events] == [
        "transcription-started",
        "transcription-content",
        "transcription-stopped",
    ]
    assert json.loads(events[1]["TranscriptionData"]) == {"transcript": "Mein Toaster brennt.", "confidence": 0.8}
    assert events[1]["LanguageCode"] == "de-DE"


def test_a_relative_address_is_a_warning_and_nobody_hears_of_the_words(carrier, office):
    office["/voice/incoming"] = STARTS.replace("https://office.example/words", "/words")

    carrier.dial(CUSTOMER, OFFICE).say("Mein Toaster brennt.").hang_up()

    assert [fault.code for fault in carrier.faults_seen] == [17585]
    assert office.all("/words") == []


def test_an_english_recording_is_transcribed_afterwards(carrier, office):
    office["/voice/incoming"] = (
        '<Response><Say language="en-US">Go.</Say>'
        '<Record action="/recorded" transcribe="true" transcribeCallback="/words"/></Response>'
    )

    carrier.dial(CUSTOMER, OFFICE).say("My toaster burns and it smells a lot.").hang_up()
    carrier.run_until_idle()

    words = office.params("/words")
    assert words["TranscriptionStatus"] == "completed"
    assert words["TranscriptionText"] == "My toaster burns and it smells a lot."
    assert words["url"] == "https://office.example/words"


def test_a_recording_beside_the_call_ends_with_it(carrier, office):
    office["/voice/incoming"] = (
        '<Response><Start><Recording recordingStatusCallback="/recording"/></Start><Pause/></Response>'
    )

    call = carrier.dial(CUSTOMER, OFFICE, settle=False)
    carrier.run(seconds=0.5)
    call.say("Hello there.")
    carrier.run_until_idle()

    assert office.params("/recording")["RecordingSource"] == "StartCallRecordingTwiML"
    (recording,) = carrier.recordings.by_sid.values()
    assert recording.text == "Hello there."
