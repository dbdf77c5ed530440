"""Owners of a recalled product: how each takes the call, drawn from a seed, and what they remember of it."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Final

from app.simulator.leg import Leg
from app.simulator.people import HangUp, Person, Pickup, Press, Reply

HABITS: Final[Mapping[str, int]] = {
    "acknowledged": 30,  # hears it, says so, and no more
    "remedied": 14,  # chooses a remedy
    "disposed": 5,
    "wrong_person": 5,
    "refused": 3,
    "settled": 3,  # says that it is settled already
    "hangs up": 8,  # in the middle of the first question
    "machine": 14,
    "busy once": 5,  # and answers the next time
    "busy": 4,
    "no answer": 6,
    "unreachable": 3,
}
"""By habit how many of a hundred."""

_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "acknowledged": ("2",),
    "busy once": ("2",),
    "remedied": ("1", "1", "#", "2"),
    "disposed": ("5", "3"),
    "wrong_person": ("5", "2"),
    "refused": ("5", "5"),
    "settled": ("5", "4"),
}
_ANSWERS: Final = {"settled": "remedied", "busy once": "acknowledged"}
_PICKUPS: Final = {"busy": Pickup.BUSY, "no answer": Pickup.IGNORE, "unreachable": Pickup.UNREACHABLE}
_CONFIRMED: Final = ("das ist vermerkt", "Ihre Wahl ist vermerkt", "sagen Sie Ihre Anschrift")
"""What is said once an answer is on record; the address is asked for when the choice is."""
NOTICE: Final = "Produktsicherheitsrückruf"


class Owner(Person):
    """Somebody who owns the product; counts what they heard, without knowing what the office wrote down."""

    def __init__(self, habit: str) -> None:
        """Take the habit, which decides every call."""
        super().__init__(pickup=_PICKUPS.get(habit, Pickup.ANSWER), answers_after=4.0)
        self.habit = habit
        self.rings = 0
        self.warned: set[str] = set()  # calls in which the notice was heard
        self.confirmed = False  # whether an answer was confirmed to them
        self._next_key: dict[str, int] = {}
        if habit == "machine":
            self.machine = "Please leave a message after the tone."

    @property
    def answers(self) -> str | None:
        """The answer that the office must have; None if they gave none."""
        return _ANSWERS.get(self.habit, self.habit) if self.confirmed else None

    def rung(self) -> None:
        """The telephone rings; who was busy once is not the second time."""
        self.rings += 1
        if self.habit == "busy once":
            self.pickup = Pickup.BUSY if self.rings == 1 else Pickup.ANSWER

    def reply(self, leg: Leg) -> Reply:
        """Press the keys of the habit, one at each question."""
        heard = leg.heard_lately()
        if NOTICE in heard:
            self.warned.add(leg.sid)
        if any(words in heard for words in _CONFIRMED):
            self.confirmed = True
        if self.habit == "hangs up":
            return HangUp()
        number = self._next_key.get(leg.sid, 0)
        self._next_key[leg.sid] = number + 1
        keys = _KEYS.get(self.habit, ())
        return Press(keys[number]) if number < len(keys) else HangUp()

    def heard_all(self, leg: Leg) -> None:
        """What was heard to the end of a call, also behind the last question."""
        told = " ".join(leg.heard)
        self.confirmed = self.confirmed or any(words in told for words in _CONFIRMED)
        if NOTICE in told:
            self.warned.add(leg.sid)


def draw_owners(number: int, seed: int) -> dict[str, Owner]:
    """So many owners, by telephone number; the same seed gives the same people."""
    dice = Random(f"owners:{seed}")
    habits = dice.choices(list(HABITS), list(HABITS.values()), k=number)
    return {f"+491511{2_000_000 + place:07d}": Owner(habit) for place, habit in enumerate(habits)}
