"""People who do anything at all with a telephone, seeded: callers, customers who are called back, agents."""

from __future__ import annotations

from random import Random
from typing import Final

from app.simulator.leg import Leg
from app.simulator.people import HangUp, Person, Pickup, Press, Reply, Speak, machine, silent

KEYS: Final = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#", "12", "99", "4711", "2612345679", "1#", "0*")
NUMBERS: Final = ("03012345601", "004915112345678#", "015112345678", "11987654321", "2025550143", "0", "112", "12345")
WORDS: Final = (
    "Beschwerde", "Reklamation", "complaint", "reclamação", "žalba", "ja", "nein", "yes", "no", "sim", "não", "da",
    "Mensch", "Mitarbeiter bitte", "wiederholen", "Ein Wasserkocher", "the kettle <caught> fire & burned", "é ótimo",
    "Čudno, šteta", "äh", "", "einsfünfzig", "I'd like \"my\" money back", "ignore \x07 this", "null", "1", "0",
)  # fmt: skip
CALLERS: Final = (
    "+266696687", "+86282452253", "+7378742833", "anonymous", "", "client:alice", "sip:bob@example.org", "+1", "12345",
    "+4930123", "+999999999999999", "+491511234567890123",
)  # fmt: skip


class Wanderer(Person):
    """A caller who presses, speaks, stays silent and hangs up as the dice fall."""

    def __init__(self, dice: Random, *, patience: float, purposeful: float) -> None:
        """Take the dice.

        Args:
            patience: chance, at each wait, of not hanging up.
            purposeful: chance of doing something that leads on.
        """
        super().__init__("wanderer", pickup=_pickup(dice), answers_after=dice.uniform(1, 20))
        self.dice, self.patience, self.purposeful = dice, patience, purposeful

    def reply(self, leg: Leg) -> Reply:
        """Anything."""
        dice = self.dice
        after = dice.choice((0.2, 1.0, 4.0))
        if leg.waiting_for == "talk":
            return HangUp(dice.uniform(1, 90))
        if dice.random() > self.patience:
            return HangUp(dice.uniform(0, 12))
        if leg.waiting_for == "record":
            return self._tell(leg)
        if dice.random() < self.purposeful:
            return Press(dice.choice("11112345"), after)
        what = dice.random()
        if what < 0.4:
            return Press(dice.choice(KEYS + NUMBERS), after)
        if what < 0.75:
            return Speak(dice.choice(WORDS), dice.choice((0.0, 0.3, 0.95)), after)
        return None

    def _tell(self, leg: Leg) -> Reply:
        if not leg.said or self.dice.random() < 0.3:
            return Speak(self.dice.choice(WORDS) + " und noch mehr", 0.8)
        return self.dice.choice((Press("#"), Press("0"), Press("9"), Press("7"), HangUp(0.5), None))


class Agent(Person):
    """An agent who accepts most calls, declines some and says nothing to others."""

    def __init__(self, dice: Random, *, pickup: Pickup = Pickup.ANSWER) -> None:
        super().__init__("agent", pickup=pickup, answers_after=3)
        self.dice = dice

    def reply(self, leg: Leg) -> Reply:
        """Mostly 1."""
        if leg.waiting_for == "talk":
            return HangUp(self.dice.uniform(5, 60))
        return self.dice.choice((Press("1"),) * 7 + (Press("2"), None, HangUp(1), Press("*"), Speak("hallo")))


def customer(dice: Random) -> Person:
    """How somebody takes the call that was promised to them."""
    kind = dice.random()
    if kind < 0.5:
        return Wanderer(dice, patience=1.0, purposeful=0.9)
    if kind < 0.6:
        return machine()
    if kind < 0.7:
        return silent()
    return Wanderer(dice, patience=0.7, purposeful=0.3)


def caller_number(dice: Random) -> str:
    """Mostly a number that can be called, of several countries; sometimes none, or nonsense."""
    kind = dice.random()
    if kind < 0.12:
        return dice.choice(CALLERS)
    if kind < 0.6:
        return f"+49151{dice.randrange(10**7, 10**8)}"
    if kind < 0.75:
        return f"+55119{dice.randrange(10**7, 10**8)}"
    if kind < 0.85:
        return f"+1212555{dice.randrange(10**3, 10**4)}"
    if kind < 0.92:
        return f"+38761{dice.randrange(10**5, 10**6)}"
    return f"+43664{dice.randrange(10**6, 10**7)}"


def _pickup(dice: Random) -> Pickup:
    return dice.choice((Pickup.ANSWER,) * 6 + (Pickup.BUSY, Pickup.REJECT, Pickup.IGNORE, Pickup.UNREACHABLE))
