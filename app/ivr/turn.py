"""What goes into the interpreter and what comes out of it.

A call's place is a `Position`; what the caller did is `Heard`; the answer is a `Turn`.
All of it is plain data that survives a trip through JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

Known: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Position:
    """Where a call stands in its flow: all that the next turn needs.

    `known` holds what was answered so far, JSON scalars and lists only, keyed by the `save` names of the flow.
    """

    version: str  # of the flow set the call began with
    node: str  # "complaint.kind"
    language: str  # "de"
    tries: int = 0  # how often this node has already been asked in vain
    known: Known = field(default_factory=dict)
    asked: int = 0  # how often the caller has been waited for in this call

    # Written out, since every turn comes here several times and `dataclasses.replace` takes five times as long.

    def at(self, node: str, tries: int = 0) -> Position:
        """The same call at a node."""
        return Position(self.version, node, self.language, tries, self.known, self.asked)

    def knowing(self, more: Known) -> Position:
        """The same call with more answers; new ones count."""
        return Position(self.version, self.node, self.language, self.tries, {**self.known, **more}, self.asked)

    def waited(self) -> Position:
        """The same call after it waited for its caller once more."""
        return Position(self.version, self.node, self.language, self.tries, self.known, self.asked + 1)

    def to_json(self) -> dict[str, Any]:
        """The position as JSON values."""
        return {
            "v": self.version,
            "n": self.node,
            "l": self.language,
            "t": self.tries,
            "k": dict(self.known),
            "a": self.asked,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Position:
        """The position that `to_json` gave."""
        return cls(value["v"], value["n"], value["l"], value["t"], value["k"], value["a"])


class How(StrEnum):
    """How a turn came about."""

    START = "start"  # the call has just been answered
    KEYS = "keys"  # keys were pressed
    SPEECH = "speech"  # words were understood
    RECORDING = "recording"  # a recording was made (perhaps cut short by a hang-up)
    SILENCE = "silence"  # nothing came
    QUEUE = "queue"  # the caller left the queue; `queue` says how
    OUTCOME = "outcome"  # the office answered an `Ask`
    HANGUP = "hangup"  # the caller has gone


@dataclass(frozen=True, slots=True)
class Heard:
    """What came from the caller, or from the office, since the last turn."""

    how: How
    keys: str = ""  # 0-9, *, #; never the finishing key
    speech: str = ""
    confidence: float | None = None  # 0 to 1; None if the network gave none
    recording: str = ""  # the network's id of the recording
    seconds: int = 0  # length of the recording
    queue: str = ""  # bridged, left, hangup, error
    outcome: Known = field(default_factory=dict)  # the office's answer to an Ask


@dataclass(frozen=True, slots=True)
class Say:
    """One prompt to speak; `slots` are raw JSON values, put into words by `app.ivr.words`."""

    prompt: str
    slots: Known = field(default_factory=dict)
    language: str | None = None  # None: the language of the position


@dataclass(frozen=True, slots=True)
class Gather:
    """Wait for keys, and for words if `speech`.

    One digit is heard at once, the finishing key counts as a key then. With `digits` None the key # finishes, and
    # alone arrives as silence.
    """

    digits: int | None = 1  # how many keys; None: until the finishing key or a pause
    speech: bool = True
    hints: tuple[str, ...] = ()  # words that are likely to come
    timeout_seconds: int = 6
    speech_pause_seconds: int | None = None  # how long who speaks may stop; None: as the network sees fit


@dataclass(frozen=True, slots=True)
class Record:
    """Wait for a spoken account; any key ends it, and is heard with it if it is 0 or 9."""

    max_seconds: int = 180
    silence_seconds: int = 5
    transcribe: bool = True  # have the words written down while they are spoken, where the network can


@dataclass(frozen=True, slots=True)
class Queue:
    """Wait in the queue for a human."""

    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """The office must answer before the caller hears anything more.

    `what` is one of: open_case, promise, human, recall, matter, withdraw, text_receipt.
    The answer comes back as `Heard(How.OUTCOME, outcome=…)`, merged into `known` by the interpreter.
    """

    what: str
    details: Known = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hangup:
    """The call ends here."""


Wait: TypeAlias = Gather | Record | Queue | Ask | Hangup


@dataclass(frozen=True, slots=True)
class Effect:
    """Something the office shall do with this turn that needs no answer, keyed by call and turn.

    `what` is one of: text (details: prompt, slots), note (details: kind, text), severity (details: level), manner (how
    the caller wants to be spoken to from now on).
    """

    what: str
    details: Known = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """One answer: what to say, what to wait for, what the office shall do, and the new place."""

    position: Position
    wait: Wait
    says: tuple[Say, ...] = ()
    effects: tuple[Effect, ...] = ()
