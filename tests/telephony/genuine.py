"""Parameters as Twilio sends them, one set for each kind of webhook that we take."""

from __future__ import annotations

from typing import TypeAlias

Pairs: TypeAlias = list[tuple[str, str]]

ACCOUNT = "AC" + "5" * 32
_CALL = "CA" + "0a1b2c3d" * 4
_OTHER = "CA" + "f9e8d7c6" * 4
_REST = "https://api.twilio.com/2010-04-01/Accounts/" + ACCOUNT + "/Recordings/RE" + "ab" * 16
_BASE: Pairs = [
    ("AccountSid", ACCOUNT),
    ("ApiVersion", "2010-04-01"),
    ("CallSid", _CALL),
    ("CallStatus", "in-progress"),
    ("Called", "+493012345600"),
    ("Caller", "+4915112345678"),
    ("Direction", "inbound"),
    ("From", "+4915112345678"),
    ("To", "+493012345600"),
    ("CalledCity", "BERLIN"),
    ("CalledCountry", "DE"),
    ("CalledState", ""),
    ("CalledZip", "10115"),
    ("CallerCity", ""),
    ("CallerCountry", "DE"),
    ("CallerState", ""),
    ("CallerZip", ""),
    ("FromCity", ""),
    ("FromCountry", "DE"),
    ("FromState", ""),
    ("FromZip", ""),
    ("ToCity", "BERLIN"),
    ("ToCountry", "DE"),
    ("ToState", ""),
    ("ToZip", "10115"),
]
_REPORT: Pairs = [
    ("CallbackSource", "call-progress-events"),
    ("Timestamp", "Thu, 12 Feb 2026 11:48:25 +0000"),
    ("SequenceNumber", "3"),
]

GENUINE: dict[str, Pairs] = {
    "incoming": [*_BASE, ("CallToken", "%7B%22a%22%3A1%7D"), ("StirVerstat", "TN-Validation-Passed-A")],
    "keys": [*_BASE, ("msg", "Gather End"), ("Digits", "1"), ("FinishedOnKey", "")],
    "speech": [
        *_BASE,
        ("msg", "Gather End"),
        ("SpeechResult", "Von wem? From Berlin, To you: Digits 12 CallSid"),
        ("Confidence", "0.91234567"),
        ("Language", "de-DE"),
        ("FinishedOnKey", ""),
    ],
    "recorded": [
        *_BASE,
        ("RecordingUrl", _REST),
        ("RecordingSid", "RE" + "ab" * 16),
        ("RecordingDuration", "12"),
        ("Digits", "hangup"),
    ],
    "recording": [
        ("AccountSid", ACCOUNT),
        ("CallSid", _CALL),
        ("RecordingSid", "RE" + "ab" * 16),
        ("RecordingUrl", _REST),
        ("RecordingStatus", "completed"),
        ("RecordingDuration", "12"),
        ("RecordingChannels", "1"),
        ("RecordingStartTime", "Thu, 12 Feb 2026 11:48:25 +0000"),
        ("RecordingSource", "RecordVerb"),
        ("RecordingTrack", "both"),
        ("ErrorCode", "0"),
    ],
    "dialled": [
        *_BASE,
        ("DialCallStatus", "completed"),
        ("DialCallSid", _OTHER),
        ("DialCallDuration", "17"),
        ("DialBridged", "true"),
    ],
    "queued": [
        *_BASE,
        ("QueuePosition", "1"),
        ("QueueSid", "QU" + "cd" * 16),
        ("QueueTime", "33"),
        ("AvgQueueTime", "20"),
        ("CurrentQueueSize", "2"),
        ("MaxQueueSize", "1000"),
    ],
    "left": [*_BASE, ("QueueResult", "leave"), ("QueueSid", "QU" + "cd" * 16), ("QueueTime", "33")],
    "met": [*_BASE, ("QueueSid", "QU" + "cd" * 16), ("QueueTime", "33"), ("DequeingCallSid", _OTHER)],
    "status": [*_BASE, *_REPORT, ("CallDuration", "61"), ("Duration", "2"), ("SipResponseCode", "200")],
    "child status": [
        *[pair for pair in _BASE[:9] if pair[0] != "Direction"],
        ("Direction", "outbound-dial"),
        ("ParentCallSid", _OTHER),
        *_REPORT,
    ],
    "transcription": [
        ("AccountSid", ACCOUNT),
        ("CallSid", _CALL),
        ("TranscriptionSid", "GT" + "ef" * 16),
        ("Timestamp", "2026-02-12T11:48:25.000Z"),
        ("SequenceId", "2"),
        ("TranscriptionEvent", "transcription-content"),
        ("LanguageCode", "de-DE"),
        ("Track", "inbound_track"),
        ("TranscriptionData", '{"transcript":"Der Kessel ist kaputt.","confidence":0.9}'),
        ("Final", "true"),
    ],
    "text": [
        ("AccountSid", ACCOUNT),
        ("ApiVersion", "2010-04-01"),
        ("MessageSid", "SM" + "12" * 16),
        ("SmsSid", "SM" + "12" * 16),
        ("SmsMessageSid", "SM" + "12" * 16),
        ("SmsStatus", "received"),
        ("From", "+4915112345678"),
        ("To", "+493012345600"),
        ("Body", "Mein Kessel From hell\nTo: you"),
        ("NumMedia", "0"),
        ("NumSegments", "1"),
        ("FromCity", ""),
        ("FromCountry", "DE"),
        ("FromState", ""),
        ("FromZip", ""),
        ("ToCity", ""),
        ("ToCountry", "DE"),
        ("ToState", ""),
        ("ToZip", ""),
    ],
    "text status": [
        ("AccountSid", ACCOUNT),
        ("ApiVersion", "2010-04-01"),
        ("MessageSid", "SM" + "12" * 16),
        ("SmsSid", "SM" + "12" * 16),
        ("MessageStatus", "undelivered"),
        ("SmsStatus", "undelivered"),
        ("From", "+493012345600"),
        ("To", "+4915112345678"),
        ("ErrorCode", "30003"),
    ],
}


def grouped(pairs: Pairs) -> dict[str, list[str]]:
    """The parameters as a form gives them."""
    form: dict[str, list[str]] = {}
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    return form
