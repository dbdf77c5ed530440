"""Twilio's words into ours: the parameters of a webhook, and what was heard."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import unquote_plus

from app.ivr.turn import Heard, How
from app.telephony.twilio.shape import Params

SOFTPHONE: Final = "client:"
"""How Twilio's name of a page in a browser begins."""

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
            name, _, value = pair.partition("=") if "%" not in pair and "+" not in pair else _plain(pair)
            if name in params:
                params[name].append(value)
            else:
                params[name] = [value]
    return params


def _plain(pair: str) -> tuple[str, str, str]:
    """Name and value without their escapes; escapes that are no UTF-8 become the replacement character."""
    return _known_plain(pair) if len(pair) <= _SHORT else _read_plain(pair)


def _read_plain(pair: str) -> tuple[str, str, str]:
    name, equals, value = pair.partition("=")
    return unquote_plus(name), equals, unquote_plus(value)


_SHORT: Final = 100
_known_plain = lru_cache(maxsize=2_000)(_read_plain)
"""Numbers of parties come again with every request of their call."""


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


def is_of_softphone(params: Params) -> bool:
    """Whether a webhook is about a leg that we dialled to a page in a browser."""
    return one(params, "To").startswith(SOFTPHONE)


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
