"""A caller who complains, as the signed requests of the phone network, byte for byte."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlencode

from app.simulator.signature import sign

CALLED: Final = "+493012345600"
"""The number of the first shipped hotline."""

BEGINNING: Final = ({"Digits": "1"},)
"""After the call came in: the choice "complaint", which opens one. Not measured."""

WALK: Final[tuple[dict[str, str], ...]] = (
    {"Digits": "1"},  # consent to the recording
    {"Digits": "1"},  # about a product
    {"SpeechResult": "Ein Wasserkocher", "Confidence": "0.91"},
    {"Digits": "6"},  # the rest in English
    {"Digits": "1"},  # dissatisfied
    {"RecordingUrl": "", "RecordingSid": "", "RecordingDuration": "14", "Digits": "#"},
    {"Digits": "9"},  # once more, please
    {"Digits": "2"},  # nobody was hurt
    {"Digits": "1"},  # refund
    {"Digits": "1"},  # the number to call back is right; everything is read back
    {"Digits": "2"},  # something is not right
    {"Digits": "1"},  # the product
    {"SpeechResult": "A kettle with a broken lid", "Confidence": "0.87"},
    {"Digits": "2"},
    {"Digits": "4"},  # the remedy
    {"Digits": "3"},  # replacement
    {"Digits": "8"},  # Bosnian: read back by speech made here
    {"Digits": "9"},
    {"Digits": "6"},
    {"Digits": ""},  # silence
)
"""Turns of one complaint, between opening it and the promise: none asks anything of the office."""

_ADDRESS: Final = re.compile(rb"/voice/turn/([A-Za-z0-9_-]+)/([0-9]+)")


class Caller:
    """One call, from its first request on."""

    def __init__(self, number: int, account: str, token: str, base: str, public: str) -> None:
        """Take the caller's running number, whose signature it is, where to ask, and under which URL to sign."""
        self._token = token
        self._base = base
        self._public = public
        sid = f"{number:032x}"
        phone = f"+49151{number:08d}"
        self._recording = {
            "RecordingUrl": f"https://api.example/2010-04-01/Accounts/{account}/Recordings/RE{sid}",
            "RecordingSid": f"RE{sid}",
        }
        self._form = {
            "AccountSid": account,
            "ApiVersion": "2010-04-01",
            "CallSid": f"CA{sid}",
            "CallStatus": "in-progress",
            "Direction": "inbound",
            "StirVerstat": "TN-Validation-Passed-C",
        }
        for side, e164 in (("Called", CALLED), ("To", CALLED), ("Caller", phone), ("From", phone)):
            self._form |= {side: e164, f"{side}Country": "DE", f"{side}State": "", f"{side}City": "", f"{side}Zip": ""}

    def incoming(self) -> bytes:
        """The request with which the call comes in."""
        return self._request("/voice/incoming", {"CallStatus": "ringing"})

    def turn(self, key: str, number: int, heard: dict[str, str]) -> bytes:
        """The request that tells what was heard, and asks for turn `number`."""
        given = {name: value or self._recording.get(name, "") for name, value in heard.items()}
        if "Digits" in given and "RecordingSid" not in given:
            given |= {"msg": "Gather End", "FinishedOnKey": ""}
        return self._request(f"/voice/turn/{key}/{number}", given)

    def _request(self, path: str, given: dict[str, str]) -> bytes:
        form = {**self._form, **given}
        body = urlencode(form)
        return (
            f"POST {path} HTTP/1.1\r\nHost: {self._base}\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
            f"Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nContent-Length: {len(body)}\r\n"
            f"X-Twilio-Signature: {sign(self._token, self._public + path, form.items())}\r\n\r\n{body}"
        ).encode()


def next_turn(answer: bytes) -> tuple[str, int] | None:
    """Key and number of the turn that a document leads to; None if it leads to none."""
    found = _ADDRESS.search(answer)
    return (found[1].decode(), int(found[2])) if found else None
