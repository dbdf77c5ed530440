"""Those who are rung in a simulated day: customers who were promised a call, and agents."""

from __future__ import annotations

from random import Random
from typing import Final

from app.cli.simulation.ears import Ears
from app.simulator.leg import Leg
from app.simulator.people import HangUp, Person, Pickup, Press, Reply

_GREETING: Final = "Please leave a message after the tone."
_CUSTOMERS: Final = {
    "answers": 66, "is away": 12, "is talking": 8, "machine": 8, "says nothing": 3, "declines": 2, "no service": 1
}  # fmt: skip
_AGREES: Final = 0.7  # to be called later, when asked before the deadline
_AGENTS: Final = {"answers": 88, "is away": 6, "is talking": 2, "says nothing": 1, "declines": 3}
_PICKUPS: Final = {"is away": Pickup.IGNORE, "is talking": Pickup.BUSY, "no service": Pickup.UNREACHABLE}


class _Called(Person):
    """Somebody who takes each call as the dice fall."""

    moods: dict[str, int]

    def __init__(self, dice: Random) -> None:
        super().__init__()
        self.dice = dice
        self.mood = "answers"

    def rung(self) -> None:
        """Decide how this call is taken."""
        self.mood = self.choose_mood()
        self.pickup = _PICKUPS.get(self.mood, Pickup.ANSWER)
        self.machine = _GREETING if self.mood == "machine" else ""
        self.answers_after = round(self.dice.uniform(2, 18), 1) if self.mood != "machine" else 20.0

    def choose_mood(self) -> str:
        """How they take the call that is about to ring."""
        return self.dice.choices(list(self.moods), list(self.moods.values()))[0]

    def reply(self, leg: Leg) -> Reply:
        """Press 1 when asked to, talk, or else what the mood is."""
        if leg.waiting_for == "talk":
            return HangUp(round(self.dice.uniform(40, 600), 1))
        if self.mood == "declines":
            return HangUp()
        if self.mood == "says nothing":
            return None
        return Press("1") if self.is_asked(leg.heard_lately()) else None

    def is_asked(self, heard: str) -> bool:
        """Whether the key that joins them was offered."""
        raise NotImplementedError


class Customer(_Called):
    """Somebody who was promised a call."""

    moods = _CUSTOMERS

    def __init__(self, dice: Random, ears: Ears) -> None:
        """Understand the language in which the promise was made."""
        super().__init__(dice)
        self._ears = ears

    def is_asked(self, heard: str) -> bool:
        """Whether it is the hotline that calls."""
        return self._ears.hears("customer.callback", heard)

    def texted(self, body: str) -> tuple[str, float] | None:
        """Agree to another time, most of them, within some minutes; nothing else that is written is answered."""
        if not self._ears.hears("text.foreseen", body) or self.dice.random() > _AGREES:
            return None
        return "1", round(self.dice.uniform(20, 900), 1)


class Agent(_Called):
    """An agent of the office."""

    moods = _AGENTS

    def __init__(self, dice: Random, ears: Ears) -> None:
        """Understand the first of the agent's own languages."""
        super().__init__(dice)
        self._ears = ears

    def is_asked(self, heard: str) -> bool:
        """Whether there is a call to take."""
        return self._ears.hears("agent.accept", heard)
