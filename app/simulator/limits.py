"""The values TwiML attributes may have and the sizes they may reach, as Twilio documents them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from app.simulator.voices import check_voice, longest_say


class Refused(Exception):
    """Twilio would not execute this; carries its error code."""

    def __init__(self, code: int, message: str) -> None:
        """Say what is wrong, in one line."""
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


Check = Callable[[str], bool]


def whole(least: int, most: int) -> Check:
    """A whole number between the two."""
    digits = re.compile(r"\d{1,9}")
    return lambda value: digits.fullmatch(value) is not None and least <= int(value) <= most


def one_of(*values: str) -> Check:
    """One of the words."""
    return lambda value: value in values


def some_of(*values: str) -> Check:
    """One or more of the words, with spaces between."""
    return lambda value: bool(value.split()) and set(value.split()) <= set(values)


def matching(pattern: str) -> Check:
    """A text of that form."""
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def is_address(value: str) -> bool:
    """A URL that can be requested: relative, or http(s) with a host name Twilio accepts."""
    parts = urlsplit(value)
    if not value or any(sign in value for sign in " \n\t<>\"'"):
        return False
    if not parts.scheme:
        return True
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "_" not in (parts.hostname or "")


yes_no = one_of("true", "false")
method = one_of("GET", "POST")
language = matching(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z0-9]{2,3})?")
key_set = matching(r"[0-9*#]*")
digits_to_play = matching(r"[0-9A-Da-d#*wW]{1,32}")
call_events = some_of("initiated", "ringing", "answered", "completed")
recording_events = some_of("in-progress", "completed", "absent")

_EVERYWHERE: dict[str, Check] = {
    "action": is_address,
    "url": is_address,
    "method": method,
    "language": language,
    "statusCallback": is_address,
    "statusCallbackMethod": method,
    "statusCallbackUrl": is_address,
    "statusCallbackEvent": call_events,
    "recordingStatusCallback": is_address,
    "recordingStatusCallbackMethod": method,
    "recordingStatusCallbackEvent": recording_events,
    "waitUrl": lambda value: value == "" or is_address(value),
    "waitUrlMethod": method,
    "trim": one_of("trim-silence", "do-not-trim"),
    "transcribe": yes_no,
    "transcribeCallback": is_address,
    "partialResultCallback": is_address,
    "partialResultCallbackMethod": method,
}
_VALUES: dict[tuple[str, str], Check] = {
    ("Say", "loop"): whole(0, 1000),
    ("Play", "loop"): whole(0, 1000),
    ("Play", "digits"): digits_to_play,
    ("Pause", "length"): whole(1, 3600),
    ("Gather", "input"): some_of("dtmf", "speech"),
    ("Gather", "timeout"): whole(1, 600),
    ("Gather", "numDigits"): whole(1, 1000),
    ("Gather", "finishOnKey"): matching(r"[0-9*#]?"),
    ("Gather", "speechTimeout"): lambda value: value == "auto" or whole(1, 600)(value),
    ("Gather", "actionOnEmptyResult"): yes_no,
    ("Gather", "profanityFilter"): yes_no,
    ("Gather", "bargeIn"): yes_no,
    ("Gather", "enhanced"): yes_no,
    ("Record", "timeout"): whole(0, 600),
    ("Record", "maxLength"): whole(1, 14400),
    ("Record", "finishOnKey"): key_set,
    ("Record", "playBeep"): yes_no,
    ("Dial", "timeout"): whole(5, 600),
    ("Dial", "timeLimit"): whole(1, 86400),
    ("Dial", "answerOnBridge"): yes_no,
    ("Dial", "hangupOnStar"): yes_no,
    ("Dial", "sequential"): yes_no,
    ("Dial", "record"): one_of(
        "do-not-record",
        "record-from-answer",
        "record-from-ringing",
        "record-from-answer-dual",
        "record-from-ringing-dual",
    ),
    ("Number", "sendDigits"): digits_to_play,
    ("Enqueue", "maxQueueSize"): whole(1, 5000),
    ("Reject", "reason"): one_of("rejected", "busy"),
    ("Transcription", "track"): one_of("inbound_track", "outbound_track", "both_tracks"),
    ("Transcription", "languageCode"): language,
    ("Recording", "recordingChannels"): one_of("mono", "dual"),
}
_NUMBER = re.compile(r"\+?[0-9]{3,15}(#.*)?")


def check(name: str, text: str, attributes: Mapping[str, str], children: Sequence[str], parent: str) -> None:
    """Refuse a value or a size that Twilio would not take.

    Raises:
        Refused: with Twilio's error code.
    """
    for attribute, value in attributes.items():
        rule = _VALUES.get((name, attribute)) or _EVERYWHERE.get(attribute)
        if rule is not None and not rule(value):
            raise Refused(_CODES.get((name, attribute), 12200), f"<{name} {attribute}={value!r}> is no valid value")
    special = _SPECIAL.get(name)
    if special is not None:
        special(text, attributes, children)
    if name == "Say" and parent in ("Response", "Gather", "Prompt"):
        most = longest_say(attributes.get("voice", "man"))
        if len(text) > most[0]:
            raise Refused(most[1], f"<Say> of {len(text)} characters, at most {most[0]}")


def voice_refusal(attributes: Mapping[str, str]) -> Refused | None:
    """Why this `<Say>` would be skipped, if it would."""
    wrong = check_voice(attributes.get("voice", "man"), attributes.get("language", ""))
    return Refused(*wrong) if wrong else None


def _check_play(text: str, attributes: Mapping[str, str], children: Sequence[str]) -> None:
    if not text and "digits" not in attributes:
        raise Refused(11100, "<Play> without URL or digits")
    if text and not is_address(text):
        raise Refused(11100, f"<Play> of {text!r}, expected a URL")


def _check_redirect(text: str, attributes: Mapping[str, str], children: Sequence[str]) -> None:
    if not is_address(text):
        raise Refused(11100, f"<Redirect> to {text!r}, expected a URL")


def _check_gather(text: str, attributes: Mapping[str, str], children: Sequence[str]) -> None:
    hints = [hint.strip() for hint in attributes.get("hints", "").split(",") if hint.strip()]
    if len(hints) > 500 or any(len(hint) > 100 for hint in hints):
        raise Refused(12200, "at most 500 hints of 100 characters")
    if attributes.get("speechTimeout") == "auto" and attributes.get("speechModel", "default") not in (
        "default",
        "numbers_and_commands",
        "phone_call",
    ):
        raise Refused(13335, "speechTimeout auto does not go with an explicit speech model")


def _check_enqueue(text: str, attributes: Mapping[str, str], children: Sequence[str]) -> None:
    if "workflowSid" not in attributes and not 1 <= len(text) <= 64:
        raise Refused(12200, f"a queue's name has 1 to 64 characters, not {len(text)}")


def _check_dial(text: str, attributes: Mapping[str, str], children: Sequence[str]) -> None:
    if len(children) > 10:
        raise Refused(13200, "<Dial> takes at most 10 nouns")
    if not children and not _NUMBER.fullmatch(text):
        raise Refused(13223, f"<Dial> of {text!r}, expected a number or nouns")


def _check_number(text: str, attributes: Mapping[str, str], children: Sequence[str]) -> None:
    if not _NUMBER.fullmatch(text):
        raise Refused(13223, f"<Number> of {text!r}, expected a telephone number")


def _check_say(text: str, attributes: Mapping[str, str], children: Sequence[str]) -> None:
    if not text:
        raise Refused(13520, "<Say> without words")


_CODES = {
    ("Gather", "finishOnKey"): 13310,
    ("Gather", "timeout"): 13313,
    ("Gather", "numDigits"): 13314,
    ("Gather", "method"): 13312,
    ("Dial", "timeout"): 13212,
    ("Dial", "hangupOnStar"): 13213,
    ("Number", "sendDigits"): 13222,
    ("Say", "loop"): 13510,
    ("Play", "loop"): 13410,
    ("Pause", "length"): 13910,
    ("Redirect", "method"): 13710,
}
_SPECIAL: dict[str, Callable[[str, Mapping[str, str], Sequence[str]], None]] = {
    "Play": _check_play,
    "Redirect": _check_redirect,
    "Gather": _check_gather,
    "Enqueue": _check_enqueue,
    "Dial": _check_dial,
    "Number": _check_number,
    "Say": _check_say,
}
