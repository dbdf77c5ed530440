"""What a caller may do while a call waits: one move of each sort that a node could tell from the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import phonenumbers

from app.ivr.flow import FlowNode
from app.ivr.nodes.confirm import Confirm
from app.ivr.nodes.menu import Menu
from app.ivr.nodes.phone import Phone
from app.ivr.nodes.speech import Speech
from app.ivr.turn import Gather, Heard, How, Queue, Record, Wait

_WORDS: Final = "a broken kettle"
_ENTRY: Final = "4711" * 8


class Sort(StrEnum):
    """What sort of thing a caller does."""

    BEGIN = "begin"  # the call comes in
    KEY = "key"  # one key
    ENTRY = "entry"  # several digits and #
    WORDS = "words"
    RECORDING = "recording"
    SILENCE = "silence"
    QUEUE = "queue"  # not the caller's doing: how the wait for a human ended
    OFFICE = "office"  # not the caller's doing: what the office answered


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that a caller does, and how `flows play --script` writes it."""

    sort: Sort
    typed: str  # "" where nothing is
    heard: Heard
    note: str = ""  # what else must be so
    begins: object = None  # the facts of a call that comes in
    is_of_caller: bool = field(init=False, compare=False)  # they do it, or do nothing where something is expected

    def __post_init__(self) -> None:
        # Asked for every edge of a graph, so it is not found anew each time.
        object.__setattr__(self, "is_of_caller", self.sort not in (Sort.BEGIN, Sort.QUEUE, Sort.OFFICE))

    @property
    def is_by_keys(self) -> bool:
        """Whether fingers are enough for it."""
        return self.sort in (Sort.KEY, Sort.ENTRY)


def key(pressed: str) -> Move:
    """One key."""
    return Move(Sort.KEY, pressed, Heard(How.KEYS, keys=pressed))


SILENCE: Final = Move(Sort.SILENCE, "", Heard(How.SILENCE))
HUMAN: Final = key("0")
REPEAT: Final = key("9")
HASH: Final = key("#")
WRONG: Final = key("#")  # where nothing is entered that it could finish
OTHER_LANGUAGE: Final = key("6")
OTHER_MANNER: Final = key("*")
EVERYWHERE: Final = (REPEAT, OTHER_LANGUAGE, OTHER_MANNER)
"""Keys that do the same in every state; that of another language stands for all three."""

SAID: Final = Move(Sort.WORDS, _WORDS, Heard(How.SPEECH, speech=_WORDS))
_RECORDINGS: Final = (
    Move(Sort.KEY, "#", Heard(How.RECORDING, keys="#", recording="RE1", seconds=1)),
    Move(Sort.RECORDING, f"{_WORDS},#", Heard(How.RECORDING, keys="#", recording="RE1", seconds=9, speech=_WORDS)),
    Move(Sort.KEY, "0", Heard(How.RECORDING, keys="0", recording="RE1", seconds=1)),
    Move(Sort.KEY, "9", Heard(How.RECORDING, keys="9", recording="RE1", seconds=1)),
    SILENCE,
)
_QUEUE_ENDS: Final = tuple(
    Move(Sort.QUEUE, "", Heard(How.QUEUE, queue=end), f"the queue: {end}")
    for end in ("left", "bridged", "error", "hangup")
)


def moves(node: FlowNode, wait: Wait, country: str) -> Iterator[Move]:
    """Every sort of move where the call waits at a node, besides those that are the same everywhere.

    Args:
        country: of the hotline, ISO 3166: how a number to call back is entered.
    """
    if isinstance(wait, Queue):
        yield from _QUEUE_ENDS
    elif isinstance(wait, Record):
        yield from _RECORDINGS
    elif isinstance(wait, Gather):
        yield HUMAN
        yield from _answers(node, wait, country)
        yield SILENCE


def _answers(node: FlowNode, wait: Gather, country: str) -> Iterator[Move]:
    if isinstance(node, Menu):
        yield from (key(pressed) for pressed in node.options)
        yield WRONG
    elif isinstance(node, Confirm):
        yield from (key("1"), key("2"), WRONG)
    elif isinstance(node, Speech):
        yield from (HASH, SAID, key("5"))
    elif wait.digits is None:
        yield _entry(_number(country) if isinstance(node, Phone) else _ENTRY[: _length(node)])
        yield from (HASH, _entry("12"))
        if wait.speech:
            yield SAID
    else:
        yield from (key(pressed) for pressed in "12345#")
        if wait.speech:
            yield SAID


def _entry(digits: str) -> Move:
    return Move(Sort.ENTRY, f"{digits}#", Heard(How.KEYS, keys=digits))


def _length(node: FlowNode) -> int:
    least: int = getattr(node, "least", 4)
    most: int = getattr(node, "most", least)
    return min(max(least, 4), most)


def _number(country: str) -> str:
    sample = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    if sample is None:
        return "00493012345601"
    national = phonenumbers.format_number(sample, phonenumbers.PhoneNumberFormat.NATIONAL)
    return "".join(sign for sign in national if sign.isdecimal())
