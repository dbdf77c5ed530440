"""Twilio's words into ours: the shape a genuine webhook must have, and what was heard.

The signature has no boundaries between names and values, so a captured request could be re-split into other parameters
with the same signature. Every parameter that is used has a strict form, the base ones must be present, and no value may
hide the name of a parameter that would have stood behind it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import unquote_plus

from app.ivr.turn import Heard, How

Params: TypeAlias = Mapping[str, Sequence[str]]

_ADDRESS = re.compile(
    r"(?:\+?[0-9]{1,20}|[A-Za-z][A-Za-z0-9]{0,15}|(?:client|sip|whatsapp):[A-Za-z0-9@._+:%-]{1,120}|)"
)
_SHAPES = {
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
    "RecordingUrl": re.compile(r"https?://[A-Za-z0-9./:_-]{1,300}|"),
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
_FREE_TEXT = {"SpeechResult", "Body", "TranscriptionData", "TranscriptionText", "CallerName"}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_GEO = tuple(
    f"{side}{what}" for side in ("Caller", "Called", "From", "To") for what in ("City", "State", "Zip", "Country")
)
# Names that a re-split could swallow into the value or the name before them. The short ones (From, To …) are left out:
# they are base parameters, so their absence is noticed.
_SWALLOWED = tuple(sorted({*_SHAPES, *_GEO} - {"From", "To", "Caller", "Called", "msg", "Final", "Body", "Duration"}))
_HIDDEN = re.compile("|".join(_SWALLOWED))  # a value without any match hides nothing; few get past it
_KNOWN = {
    *_SHAPES,
    *_GEO,
    *_FREE_TEXT,
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


FORM: Final = "application/x-www-form-urlencoded"
MOST_PARAMS: Final = 500


def read_form(body: bytes) -> Params:
    """The parameters of a form, each with all its values in their order; empty values count.

    Raises:
        ValueError: if it is no UTF-8, or there are more than any webhook has.
    """
    params: dict[str, list[str]] = {}
    pairs = body.decode().split("&")
    if len(pairs) > MOST_PARAMS:
        raise ValueError("too many parameters")
    for pair in pairs:
        if pair:
            name, _, value = pair.partition("=")
            params.setdefault(_plain(name), []).append(_plain(value))
    return params


def _plain(text: str) -> str:
    """Text without its escapes; escapes that are no UTF-8 become the replacement character."""
    return unquote_plus(text) if "%" in text or "+" in text else text


def has_shape(params: Params, required: tuple[str, ...], account: str) -> bool:
    """Whether a signed request has the form that the network gives it, for our own account.

    Unknown parameters are ignored: Twilio adds some without notice.
    """
    for name in required:
        if name not in params:
            return False
    for name, values in params.items():
        shape = _SHAPES.get(name)
        if shape is not None:
            if len(values) != 1 or not shape.fullmatch(values[0]):
                return False
        elif not _NAME.fullmatch(name):
            return False
        if name not in _KNOWN and any(name.startswith(known) for known in _SWALLOWED):
            return False
        if name not in _FREE_TEXT and any(
            _HIDDEN.search(value) and _hides_a_name(value, name, params) for value in values
        ):
            return False
    return params.get("AccountSid", [""])[0] == account


def _hides_a_name(value: str, name: str, params: Params) -> bool:
    return len(value) > 2 and any(
        hidden in value and hidden not in params and hidden > name and not hidden.startswith(name + "_")
        for hidden in _SWALLOWED
    )


@dataclass(frozen=True, slots=True)
class Leg:
    """What every call webhook says about its leg."""

    network_id: str
    from_number: str
    to_number: str
    status: str  # as in `app.domain.call`


def one(params: Params, name: str) -> str:
    """The single value of a parameter, "" if it is not there."""
    values = params.get(name)
    return values[0] if values else ""


def number(params: Params, name: str) -> int:
    """A count or a length in seconds, 0 if it is not there."""
    text = one(params, name)
    return int(text) if text.isdigit() else 0


def read_leg(params: Params) -> Leg:
    """The leg that a webhook is about."""
    return Leg(one(params, "CallSid"), one(params, "From"), one(params, "To"), one(params, "CallStatus"))


def read_heard(params: Params) -> Heard:
    """What the caller did, from the parameters of a gather, record, enqueue or plain request."""
    if "RecordingUrl" in params or "RecordingSid" in params:
        network_id = one(params, "RecordingSid") or one(params, "RecordingUrl").rsplit("/", 1)[-1]
        keys = one(params, "Digits")
        seconds = number(params, "RecordingDuration")
        return Heard(How.RECORDING, keys="" if keys == "hangup" else keys, recording=network_id, seconds=seconds)
    if "QueueResult" in params:
        result = one(params, "QueueResult")
        return Heard(How.QUEUE, queue=_QUEUE_RESULTS.get(result, "error"))
    if one(params, "CallStatus") in _ENDED or one(params, "Digits") == "hangup":
        return Heard(How.HANGUP)
    if one(params, "Digits"):
        return Heard(How.KEYS, keys=one(params, "Digits"))
    if one(params, "SpeechResult"):
        return Heard(How.SPEECH, speech=one(params, "SpeechResult"), confidence=_share(one(params, "Confidence")))
    return Heard(How.SILENCE)


def _share(text: str) -> float | None:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return None


_ENDED = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
_QUEUE_RESULTS = {
    "bridged": "bridged",
    "bridging-in-process": "bridged",
    "redirected-from-bridged": "bridged",
    "leave": "left",
    "redirected": "left",
    "hangup": "hangup",
}
