"""A call as a test or a browser holds it in its hand: press, say, hear, hang up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.simulator.leg import Item, Leg, Said

if TYPE_CHECKING:
    from app.simulator.carrier import Carrier

PATIENCE = timedelta(minutes=15)  # of virtual time, until a call that never waits is given up


class Line:
    """A handle on one leg.

    On a virtual carrier every move runs the network until the call waits again or is over;
    with `settle=False` it returns at once and `carrier.run` goes on.
    """

    def __init__(self, carrier: Carrier, leg: Leg) -> None:
        """Hold `leg`."""
        self._carrier = carrier
        self.leg = leg

    @property
    def sid(self) -> str:
        """The call's sid."""
        return self.leg.sid

    @property
    def status(self) -> str:
        """Twilio's status of the call."""
        return self.leg.status

    @property
    def over(self) -> bool:
        """Whether the call has ended."""
        return self.leg.over

    @property
    def waiting_for(self) -> str | None:
        """What the line waits for: keys, speech, record, queue, talk, or None while it is speaking."""
        return self.leg.waiting_for

    @property
    def heard(self) -> list[Said]:
        """All that was heard, oldest first; each text has `.language` and `.audio`."""
        return self.leg.heard

    @property
    def last_heard(self) -> str:
        """What was heard since the party's last move, in one text."""
        return self.leg.heard_lately()

    @property
    def documents(self) -> list[str]:
        """Every TwiML body that the call received."""
        return self.leg.documents

    @property
    def items(self) -> list[Item]:
        """What happened, for a telephone's screen."""
        return self.leg.items

    def press(self, keys: str, *, settle: bool = True) -> Line:
        """Press keys, one after the other."""
        self._carrier.press(self.leg, keys)
        return self._settle(settle)

    def say(self, text: str, confidence: float = 0.9, *, settle: bool = True) -> Line:
        """Say something; while it is recorded, the line waits again afterwards (press "#" or stay silent)."""
        self._carrier.speak(self.leg, text, confidence)
        return self._settle(settle)

    def stay_silent(self, seconds: float = 0) -> Line:
        """Say and press nothing, for so many seconds or, with 0, until the line waits for the next time."""
        self.leg.heard_from = len(self.leg.heard)
        if seconds:
            self._carrier.run(seconds)
            return self
        moves = self.leg.moves
        self._carrier.run_until(lambda: self.leg.over or self.leg.moves > moves, PATIENCE)
        return self._settle(True)

    def hang_up(self, *, settle: bool = True) -> Line:
        """Hang up, and let the network finish the call."""
        with self._carrier.loop.lock:
            self.leg.hang_up()
        return self._settle(settle)

    def answer(self, *, settle: bool = True) -> Line:
        """Pick up the receiver of a manned line."""
        self._carrier.pick_up(self.leg)
        return self._settle(settle)

    def reject(self, *, settle: bool = True) -> Line:
        """Refuse the call on a manned line."""
        self._carrier.pick_up(self.leg, "busy")
        return self._settle(settle)

    def _settle(self, wanted: bool) -> Line:
        if wanted:
            self._carrier.settle(self.leg)
        return self
