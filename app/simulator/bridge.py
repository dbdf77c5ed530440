"""Two legs that hear one another."""

from __future__ import annotations

from app.simulator.leg import Key, Leg
from app.simulator.loop import Steps


def pair(one: Leg, other: Leg) -> None:
    """Connect two legs; both parties are expected to talk."""
    one.partner, other.partner = other, one
    for leg in (one, other):
        leg.inbox.clear()
        leg.note("state", "connected")
        leg.expect("talk")
        leg.carrier.loop.wake(leg.task)


def part(leg: Leg) -> None:
    """Separate a leg from its partner, if it has one, and let that one look up."""
    partner, leg.partner = leg.partner, None
    leg.waiting_for = None
    if partner is not None and partner.partner is leg:
        partner.partner = None
        partner.waiting_for = None
        leg.carrier.loop.wake(partner.task)


def talk(leg: Leg, seconds: float | None = None, *, star_ends: bool = False) -> Steps[None]:
    """Let a connected leg talk until its partner has left, or so many seconds have passed.

    Raises:
        Interrupt: if the leg's own party leaves, or REST orders something else.
    """
    other = leg.partner
    try:
        yield from leg.until(lambda: leg.partner is not other or (star_ends and Key("*") in leg.inbox), seconds)
    finally:
        if leg.partner is other:
            part(leg)
