"""The shape of webhooks: genuine ones get in, whatever Twilio adds; re-split ones change nothing that is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ivr.turn import Heard, How
from app.telephony.twilio.request import read_heard
from app.telephony.twilio.shape import SHAPES, has_shape
from tests.telephony.genuine import ACCOUNT, GENUINE, Pairs, grouped
from tests.telephony.resplit import is_fooled, resplits

KINDS = pytest.mark.parametrize("kind", GENUINE)
BASE = ("AccountSid",)


def required(genuine: Pairs) -> tuple[str, ...]:
    """What the route demands."""
    told = grouped(genuine)
    return tuple(name for name in ("AccountSid", "CallSid", "MessageSid", "MessageStatus", "Body") if name in told)


@KINDS
def test_a_genuine_request_has_the_shape(kind: str) -> None:
    assert has_shape(grouped(GENUINE[kind]), BASE, ACCOUNT)


@KINDS
@given(
    name=st.from_regex(r"[A-Z][a-z]{2,12}[A-Z][a-z]{2,12}", fullmatch=True).filter(lambda name: name not in SHAPES),
    value=st.from_regex(r"[a-z0-9 ._:-]{0,40}", fullmatch=True),
)
def test_what_twilio_adds_later_changes_nothing(kind: str, name: str, value: str) -> None:
    assert has_shape(grouped([*GENUINE[kind], (f"X{name}", value)]), BASE, ACCOUNT)


@KINDS
def test_no_resplit_changes_what_we_read(kind: str) -> None:
    genuine = GENUINE[kind]
    forgeries = list(resplits(genuine))

    let_in = [forged for forged in forgeries if has_shape(grouped(forged), required(genuine), ACCOUNT)]

    assert len(forgeries) > 500
    assert [set(forged) - set(genuine) for forged in let_in if is_fooled(genuine, forged)] == []


@KINDS
def test_another_account_is_refused(kind: str) -> None:
    assert not has_shape(grouped(GENUINE[kind]), BASE, "AC" + "6" * 32)


@KINDS
def test_the_same_parameter_twice_is_refused(kind: str) -> None:
    assert not has_shape(grouped([*GENUINE[kind], ("AccountSid", "AC" + "6" * 32)]), BASE, ACCOUNT)


@pytest.mark.parametrize(
    ("kind", "heard"),
    [
        ("keys", Heard(How.KEYS, keys="1")),
        ("recorded", Heard(How.RECORDING, recording="RE" + "ab" * 16, seconds=12)),
        ("left", Heard(How.QUEUE, queue="left")),
        ("incoming", Heard(How.SILENCE)),
    ],
)
def test_what_was_heard_is_read_from_the_parameters(kind: str, heard: Heard) -> None:
    assert read_heard(grouped(GENUINE[kind])) == heard


def test_words_are_heard_with_their_confidence() -> None:
    heard = read_heard(grouped(GENUINE["speech"]))

    assert (heard.how, heard.confidence) == (How.SPEECH, 0.91234567)


def test_who_has_gone_is_not_taken_for_silent() -> None:
    gone = [(name, "completed" if name == "CallStatus" else value) for name, value in GENUINE["keys"]]

    assert read_heard(grouped(gone)).how is How.HANGUP
