"""The shape a genuine webhook must have, because a signature has no boundaries between names and values.

A captured request could be split again into other parameters with the same signature. So every parameter that is read
has a strict form, those that every request of a kind carries must be there, and no parameter that is missing may stand
in the text of the others: in a value, or across the boundary of a name that we do not know. Free text is the caller's
own; it can be cut short by such a split, but nothing that is read can be made of it, since each route requires its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

Params: TypeAlias = Mapping[str, Sequence[str]]

_ADDRESS = re.compile(
    r"(?:\+?[0-9]{1,20}|[A-Za-z][A-Za-z0-9]{0,15}|(?:client|sip|whatsapp):[A-Za-z0-9@._+:%-]{1,120}|)"
)
SHAPES: Final = {
    "AccountSid": re.compile(r"AC[0-9A-Za-z]{32}"),
    "CallSid": re.compile(r"CA[0-9A-Za-z]{32}"),
    "From": _ADDRESS,
    "To": _ADDRESS,
    "Caller": _ADDRESS,
    "Called": _ADDRESS,
    "ApiVersion": re.compile(r"[0-9-]{8,12}"),
    "Direction": re.compile(r"inbound|outbound-(?:api|dial)"),
    "CallStatus": re.compile(r"queued|initiated|ringing|in-progress|completed|busy|no-answer|failed|canceled"),
    "Digits": re.compile(r"[0-9*#]{0,32}|hangup"),
    "FinishedOnKey": re.compile(r"[0-9*#]?|timeout"),
    "msg": re.compile(r"Gather End|Gather Timeout|"),
    "Confidence": re.compile(r"[0-9.eE-]{0,24}"),
    "SpeechResult": re.compile(r"(?s).{0,8000}"),
    "RecordingSid": re.compile(r"RE[0-9A-Za-z]{32}|"),
    "RecordingUrl": re.compile(r"https?://[A-Za-z0-9./:_-]{1,250}/Recordings/RE[0-9A-Za-z]{32}"),
    "RecordingDuration": re.compile(r"-?[0-9]{0,6}"),
    "RecordingStatus": re.compile(r"in-progress|completed|absent|failed"),
    "CallDuration": re.compile(r"[0-9]{0,6}"),
    "Duration": re.compile(r"[0-9]{0,6}"),
    "SequenceNumber": re.compile(r"[0-9]{0,6}"),
    "DialCallStatus": re.compile(r"completed|answered|busy|no-answer|failed|canceled"),
    "DialCallSid": re.compile(r"CA[0-9A-Za-z]{32}|"),
    "DialCallDuration": re.compile(r"[0-9]{0,6}"),
    "DialBridged": re.compile(r"true|false"),
    "QueueResult": re.compile(r"[a-z-]{1,30}"),
    "QueueSid": re.compile(r"QU[0-9A-Za-z]{32}|"),
    "QueueTime": re.compile(r"[0-9]{0,6}"),
    "DequeingCallSid": re.compile(r"CA[0-9A-Za-z]{32}|"),
    "AnsweredBy": re.compile(r"[a-z_]{0,30}"),
    "MessageSid": re.compile(r"[SM]M[0-9A-Za-z]{32}"),
    "MessageStatus": re.compile(r"[a-z_]{1,30}"),
    "ErrorCode": re.compile(r"[0-9]{0,6}"),
    "Body": re.compile(r"(?s).{0,2000}"),
    "TranscriptionEvent": re.compile(r"transcription-(?:started|content|stopped|error)"),
    "TranscriptionData": re.compile(r"(?s).{0,20000}"),
    "SequenceId": re.compile(r"[0-9]{0,9}"),
    "Final": re.compile(r"true|false"),
}
FREE_TEXT: Final = frozenset({"SpeechResult", "Body", "TranscriptionData", "TranscriptionText", "CallerName"})
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,127}")
_GEO = tuple(
    f"{side}{what}" for side in ("Caller", "Called", "From", "To") for what in ("City", "State", "Zip", "Country")
)
_KNOWN = {
    *SHAPES,
    *_GEO,
    *FREE_TEXT,
    *("ForwardedFrom", "CalledVia", "ParentCallSid", "CallToken", "StirVerstat", "StirStatus", "ApplicationSid"),
    *("CallbackSource", "Timestamp", "SipResponseCode", "Language", "RecordingChannels", "RecordingStartTime"),
    *("RecordingSource", "RecordingTrack", "QueuePosition", "AvgQueueTime", "CurrentQueueSize", "MaxQueueSize"),
    *(
        "ErrorUrl",
        "SmsSid",
        "SmsMessageSid",
        "SmsStatus",
        "NumMedia",
        "NumSegments",
        "MessagingServiceSid",
        "OptOutType",
    ),
    *(
        "TranscriptionSid",
        "LanguageCode",
        "Track",
        "TranscriptionErrorCode",
        "RawDlrDoneDate",
        "ErrorMessage",
        "AddOns",
    ),
    *("MachineDetectionDuration", "DialSipResponseCode", "CallReason", "ChannelToAddress", "ToAddress"),
}

_OF_A_CALL: Final = ("CallSid", "CallStatus", "Called", "Caller", "Direction", "From", "To", "ApiVersion")
_OF_A_TEXT: Final = ("From", "To")
# Webhooks that tell of a part of a call and carry nothing else about it; each is read by one route only.
_OF_A_PART: Final = ("RecordingStatus", "TranscriptionEvent", "MachineDetectionDuration", "TranscriptionStatus")
_PARTIES: Final = frozenset({"From", "To", "Caller", "Called", "Direction", "CallStatus", "ApiVersion"})
_OPAQUE: Final = frozenset({"CallToken", "AddOns"})  # may hold anything; what is read stands before or is required
READ: Final = SHAPES.keys() - {"msg"}  # nothing is made of that one, and chance would find it in other texts
_UNREAD: Final = FREE_TEXT | _OPAQUE
_LONGEST: Final = max(map(len, SHAPES))
# At each place of a text, the longest name that begins there.
_NAMES_READ: Final = re.compile("(?=(" + "|".join(sorted(READ, key=len, reverse=True)) + "))")


def has_shape(params: Params, required: tuple[str, ...], account: str) -> bool:
    """Whether a signed request has the form that the network gives it, for our own account.

    Unknown parameters are ignored: Twilio adds some without notice.

    Args:
        required: what the route reads and every request to it carries.
    """
    if any(name not in params for name in (*required, *_required(params))):
        return False
    unknown = False
    for name, values in params.items():
        shape = SHAPES.get(name)
        if shape is not None:
            if len(values) != 1 or not shape.fullmatch(values[0]):
                return False
        elif name not in _KNOWN:
            if not _NAME.fullmatch(name):
                return False
            unknown = True
    return params.get("AccountSid", [""])[0] == account and not _hides(params, unknown=unknown)


def _required(params: Params) -> tuple[str, ...]:
    if "MessageSid" in params:
        return _OF_A_TEXT
    if "CallSid" in params and not any(name in params for name in _OF_A_PART):
        return _OF_A_CALL
    return ()


def _hides(params: Params, *, unknown: bool) -> bool:
    """Whether the name of a missing parameter stands in the text that was signed, free text apart."""
    told = [value for name, values in params.items() if name not in _UNREAD for value in values]
    return _names_missing(told, params) or (unknown and _names_missing([_around_unknown(params)], params))


def _names_missing(texts: list[str], params: Params) -> bool:
    there: set[str] = set().union(
        *[_names_in_short(text) if len(text) <= _SHORT else _names_in(text) for text in texts]
    )
    missing = there - params.keys()
    return bool(missing - _PARTIES if any(name in params for name in _OF_A_PART) else missing)


def _names_in(text: str) -> frozenset[str]:
    return frozenset(found[1] for found in _NAMES_READ.finditer(text))


_SHORT: Final = 100
_names_in_short = lru_cache(maxsize=2_000)(_names_in)
"""Most values come again with every request of their call."""


def _around_unknown(params: Params) -> str:
    """The signed text around each name that we do not know: where a boundary may have been moved."""
    texts, before = [], ""
    for name in sorted(params):
        value = "".join(sorted(set(params[name])))
        if name not in _KNOWN:
            texts.append(before[-_LONGEST:] + name + value[:_LONGEST])
        before = "" if name in FREE_TEXT else value
    return "\n".join(texts)
