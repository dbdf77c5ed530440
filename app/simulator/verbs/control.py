"""`<Redirect>`, `<Hangup>`, `<Reject>`: where a document goes on, or ends."""

from __future__ import annotations

from app.simulator.document import Document, Verb
from app.simulator.execute import HANG_UP, Next, link, verb
from app.simulator.leg import Goto, Leg
from app.simulator.loop import Steps


@verb("Redirect")
def redirect(leg: Leg, one: Verb, document: Document) -> Steps[Next]:
    """Go on with another document; what follows is unreachable."""
    leg.check()
    yield from ()
    return Goto(link(document, one.text), one.get("method", "POST"))


@verb("Hangup")
def hang_up(leg: Leg, one: Verb, document: Document) -> Steps[Next]:
    """End the call."""
    yield from ()
    return HANG_UP


@verb("Reject")
def reject(leg: Leg, one: Verb, document: Document) -> Steps[Next]:
    """Refuse an incoming call that nothing has answered yet."""
    yield from ()
    if leg.status == "ringing":
        leg.refused = one.get("reason", "rejected")
    return HANG_UP
