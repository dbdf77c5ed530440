"""Incoming calls: what is asked, heard, pressed, recorded, and what is reported at the end."""

from tests.simulator.conftest import ACCOUNT, CUSTOMER, OFFICE

MENU = """<Response><Gather numDigits="1" action="/menu" input="dtmf speech" language="de-DE">
<Say language="de-DE" voice="Polly.Vicki">Für Beschwerden drücken Sie die 1.</Say></Gather>
<Redirect>/voice/incoming</Redirect></Response>"""


def test_the_first_request_of_a_call_says_that_it_rings(carrier, office):
    office["/voice/incoming"] = MENU

    carrier.dial(CUSTOMER, OFFICE)

    asked = office.params("/voice/incoming")
    assert asked["CallStatus"] == "ringing"
    assert asked["AccountSid"] == ACCOUNT
    assert (asked["From"], asked["To"], asked["Direction"]) == (CUSTOMER, OFFICE, "inbound")
    assert (asked["FromCity"], asked["FromCountry"]) == ("", "DE")


def test_a_key_leads_to_the_action_with_the_digit(carrier, office):
    office["/voice/incoming"] = MENU
    office["/menu"] = "<Response><Say>Thank you.</Say></Response>"

    call = carrier.dial(CUSTOMER, OFFICE).press("1")

    asked = office.params("/menu")
    assert (asked["Digits"], asked["msg"], asked["FinishedOnKey"]) == ("1", "Gather End", "")
    assert asked["CallStatus"] == "in-progress"
    assert call.last_heard == "Thank you."
    assert call.status == "completed"


def test_silence_falls_through_to_the_next_verb_without_a_request(carrier, office):
    office["/voice/incoming"] = MENU

    call = carrier.dial(CUSTOMER, OFFICE).stay_silent()

    assert [path for path, _ in office.asked] == ["/voice/incoming", "/voice/incoming"]
    assert len(call.heard) == 2
    assert call.heard[0].language == "de-DE"


def test_silence_is_reported_where_the_gather_wants_it(carrier, office):
    office["/voice/incoming"] = '<Response><Gather action="/none" actionOnEmptyResult="true"/></Response>'

    carrier.dial(CUSTOMER, OFFICE).stay_silent()

    assert office.params("/none")["Digits"] == ""


def test_words_are_recognised_with_a_confidence(carrier, office):
    office["/voice/incoming"] = MENU
    office["/menu"] = MENU

    carrier.dial(CUSTOMER, OFFICE).say("Beschwerde", confidence=0.75)

    asked = office.params("/menu")
    assert (asked["SpeechResult"], float(asked["Confidence"])) == ("Beschwerde", 0.75)
    assert "Digits" not in asked


def test_several_digits_end_with_the_finishing_key_or_a_pause(carrier, office):
    office["/voice/incoming"] = '<Response><Gather action="/number"/></Response>'
    office["/number"] = '<Response><Gather action="/again"/></Response>'

    carrier.dial(CUSTOMER, OFFICE).press("123#").press("45")

    assert office.params("/number")["Digits"] == "123"
    assert office.params("/again")["Digits"] == "45"


def test_a_key_interrupts_the_prompt(carrier, office):
    office["/voice/incoming"] = (
        f'<Response><Gather numDigits="1" action="/menu"><Say>{"long " * 100}</Say><Say>never</Say></Gather></Response>'
    )
    office["/menu"] = "<Response><Hangup/></Response>"

    call = carrier.dial(CUSTOMER, OFFICE, settle=False)
    carrier.run(seconds=2)
    call.press("1")

    assert "never" not in call.heard
    assert carrier.now().second < 10


RECORD = '<Response><Record action="/recorded" recordingStatusCallback="/recording" timeout="4"/></Response>'


def test_a_recording_ends_with_a_key_and_is_reported_later(carrier, office):
    office["/voice/incoming"] = RECORD
    office["/recorded"] = '<Response><Pause length="10"/></Response>'

    carrier.dial(CUSTOMER, OFFICE).say("My toaster burns.").press("#")
    carrier.run(seconds=3)

    action, report = office.params("/recorded"), office.params("/recording")
    assert action["Digits"] == "#"
    assert int(action["RecordingDuration"]) >= 1
    assert report["RecordingStatus"] == "completed"
    assert report["ErrorCode"] == "0"
    assert "From" not in report
    assert report["RecordingSid"] == action["RecordingSid"]
    assert carrier.recordings.by_sid[action["RecordingSid"]].text == "My toaster burns."


def test_hanging_up_while_recording_still_reports_what_was_said(carrier, office):
    office["/voice/incoming"] = RECORD
    office["/recorded"] = "<Response><Say>nobody hears this</Say></Response>"

    call = carrier.dial(CUSTOMER, OFFICE).say("My toaster burns.").hang_up()

    asked = office.params("/recorded")
    assert (asked["Digits"], asked["CallStatus"]) == ("hangup", "completed")
    assert call.heard == []


def test_silence_alone_leaves_no_recording(carrier, office):
    office["/voice/incoming"] = RECORD.replace("</Response>", "<Say>Nothing came.</Say></Response>")

    call = carrier.dial(CUSTOMER, OFFICE).stay_silent()

    assert call.heard == ["Nothing came."]
    assert office.all("/recorded") == []


def test_a_recording_without_action_asks_the_same_url_again(carrier, office):
    office["/voice/incoming"] = "<Response><Record/></Response>"

    carrier.dial(CUSTOMER, OFFICE).say("Hello").press("#").hang_up()

    assert [params.get("Digits") for params in office.all("/voice/incoming")] == [None, "#"]


def test_the_end_is_reported_once_with_sequence_number_zero(carrier, office):
    office["/voice/incoming"] = MENU

    carrier.dial(CUSTOMER, OFFICE).hang_up()

    (report,) = office.all("/voice/status")
    assert (report["CallStatus"], report["SequenceNumber"]) == ("completed", "0")
    assert report["Duration"] == "1"
    assert report["CallbackSource"] == "call-progress-events"


def test_a_rejected_call_was_busy(carrier, office):
    office["/voice/incoming"] = '<Response><Reject reason="busy"/></Response>'

    call = carrier.dial(CUSTOMER, OFFICE)

    assert call.status == "busy"


def test_a_broken_answer_goes_to_the_fallback_with_the_error(carrier, office):
    office["/voice/incoming"] = "\n<Response/>"
    office["/voice/fallback"] = "<Response><Say>Sorry.</Say></Response>"

    call = carrier.dial(CUSTOMER, OFFICE)

    asked = office.params("/voice/fallback")
    assert asked["ErrorCode"] == "12100"
    assert asked["ErrorUrl"] == "https://office.example/voice/incoming"
    assert call.heard == ["Sorry."]
    assert [fault.code for fault in carrier.faults_seen] == [12100]


def test_without_a_working_fallback_the_caller_hears_an_application_error(carrier, office):
    office["/voice/incoming"] = "<Response><Shout/></Response>"
    office["/voice/fallback"] = "<Response><Shout/></Response>"

    call = carrier.dial(CUSTOMER, OFFICE)

    assert "application error" in call.last_heard
    assert call.status == "completed"


def test_documents_that_lead_in_a_circle_are_given_up(carrier, office):
    office["/voice/incoming"] = "<Response><Redirect>/voice/incoming</Redirect></Response>"

    call = carrier.dial(CUSTOMER, OFFICE)

    assert call.over
    assert [fault.code for fault in carrier.faults_seen] == [11215]


def test_a_missing_voice_is_skipped_and_noted(carrier, office):
    office["/voice/incoming"] = (
        '<Response><Say language="hr-HR">Dobar dan</Say><Say language="en-GB">Good day</Say></Response>'
    )

    call = carrier.dial(CUSTOMER, OFFICE)

    assert call.heard == ["Good day"]
    assert [fault.code for fault in carrier.faults_seen] == [13512]
