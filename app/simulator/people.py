"""The people at the far ends: how they take a call and what they do when it is their turn.

A person acts once each time the line waits for them; subclass and override `reply` for cleverer ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from app.simulator.leg import Leg

MACHINE_SECONDS = 60.0  # how long a machine records before it hangs up
SPEECH_RATE = 14.0  # characters a second, of a person and of a voice alike


def speaking_seconds(text: str) -> float:
    """How long it takes to say a text."""
    return max(1.0, round(len(text) / SPEECH_RATE, 1))


class Pickup(StrEnum):
    """What happens when it rings at somebody's."""

    ANSWER = "answer"
    BUSY = "busy"
    REJECT = "reject"
    IGNORE = "ignore"  # it rings until the network gives up
    UNREACHABLE = "unreachable"  # the network cannot reach the number


@dataclass(frozen=True, slots=True)
class Press:
    """Press keys, one after the other."""

    keys: str
    after: float = 1.0  # seconds until the first


@dataclass(frozen=True, slots=True)
class Speak:
    """Say something; `confidence` is the recogniser's, 0 to 1."""

    text: str
    confidence: float = 0.9
    after: float = 1.0


@dataclass(frozen=True, slots=True)
class HangUp:
    """Hang up."""

    after: float = 1.0


Reply: TypeAlias = Press | Speak | HangUp | None
_PRESS = r"(press|drücken|taste|pressione|tecla|tecle|aperte|pritisnite|tipku)"
_ONE = r"\b(1|one|eins|um|jedan)\b"
_PRESS_ONE = re.compile(rf"{_PRESS}\D{{0,40}}{_ONE}|{_ONE}\D{{0,40}}{_PRESS}", re.IGNORECASE)


@dataclass
class Person:
    """Somebody with a telephone.

    Without `cues` the friendly default: presses 1 when a text asks to press 1, tells `story` to a recorder,
    talks `talk_seconds` when connected and hangs up, stays silent otherwise.
    """

    name: str = ""
    pickup: Pickup = Pickup.ANSWER
    answers_after: float = 2.0  # seconds of ringing
    machine: str = ""  # a machine answers with this greeting and ignores keys
    cues: Sequence[tuple[str, Reply]] = ()  # (pattern in what was just heard, what to do); first match counts
    story: str = "Thank you."
    talk_seconds: float = 20.0
    hangs_up_after: float | None = None  # seconds after the answer
    hangs_up_at_turn: int | None = None  # 1: at the first wait
    takes_texts: bool = True
    talked: list[str] = field(default_factory=list)  # sids of the calls in which somebody was reached

    def rung(self) -> None:
        """It is about to ring at theirs; whoever takes each call otherwise decides here how."""

    def texted(self, body: str) -> tuple[str, float] | None:
        """What they answer to a text message, and after how many seconds; None: nothing."""
        return None

    def reply(self, leg: Leg) -> Reply:
        """What to do now that the line waits; None stays silent."""
        heard = leg.heard_lately()
        for pattern, reply in self.cues:
            if re.search(pattern, heard, re.IGNORECASE):
                return reply
        match leg.waiting_for:
            case "talk":
                return HangUp(self.talk_seconds)
            case "record":
                return Press("#") if leg.said else Speak(self.story)
            case "keys" if _PRESS_ONE.search(heard):
                return Press("1")
        return None

    def react(self, leg: Leg) -> None:
        """Act on the line that has begun to wait."""
        if leg.waiting_for == "talk":
            self.talked.append(leg.sid)
        if self.machine:
            if leg.waiting_for == "talk":
                perform(leg, Speak(self.machine))
                perform(leg, HangUp(MACHINE_SECONDS))
            return
        if self.hangs_up_at_turn is not None and leg.moves >= self.hangs_up_at_turn:
            perform(leg, HangUp())
            return
        perform(leg, self.reply(leg))


def silent() -> Person:
    """Somebody who answers and then says and presses nothing."""
    return Person("silent", cues=((r"", None),))


def machine(greeting: str = "Please leave a message after the tone.") -> Person:
    """An answering machine."""
    return Person("machine", machine=greeting, answers_after=12)


def perform(leg: Leg, reply: Reply) -> None:
    """Do what the person decided, unless the line has gone on by then."""
    if reply is None:
        return
    turn = leg.moves
    loop = leg.carrier.loop

    def act() -> None:
        if leg.over or leg.gone:
            return
        if isinstance(reply, HangUp):
            leg.hang_up()
        elif leg.moves == turn and isinstance(reply, Press):
            leg.carrier.press(leg, reply.keys)
        elif leg.moves == turn and isinstance(reply, Speak):
            leg.carrier.speak(leg, reply.text, reply.confidence)

    loop.soon(act, reply.after)
