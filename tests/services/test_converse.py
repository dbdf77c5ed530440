"""How a text message is understood in a conversation."""

from __future__ import annotations

import pytest

from app.ivr.nodes.gather import GatherDigits
from app.ivr.turn import Heard, How
from app.services.converse import heard_in

NUMBER = GatherDigits(name="cancellation.order", prompt=("order",), save="order", next="a", on_failure="b")


@pytest.mark.parametrize(
    ("body", "heard"),
    [
        ("1", Heard(How.KEYS, keys="1")),
        (" 2. ", Heard(How.KEYS, keys="2")),
        ("#", Heard(How.KEYS, keys="#")),
        ("", Heard(How.SILENCE)),
        ("…", Heard(How.SPEECH, speech="…")),
        ("Geld zurück!", Heard(How.SPEECH, speech="Geld zurück!")),
        ("4711", Heard(How.SPEECH, speech="4711")),
    ],
)
def test_a_message_is_one_key_or_words(body: str, heard: Heard) -> None:
    """“1.” is how many people number things; several digits name something unless a number was asked for."""
    assert heard_in(body, None) == heard


@pytest.mark.parametrize("body", ["4711 0815", "47110815#", "4711-0815"])
def test_where_a_number_is_asked_for_its_digits_count(body: str) -> None:
    assert heard_in(body, NUMBER) == Heard(How.KEYS, keys="47110815")
