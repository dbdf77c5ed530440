"""`<Dial><Queue>`: connect a leg with the first caller who waits."""

from __future__ import annotations

from app.simulator.bridge import part, talk
from app.simulator.document import Document, Verb
from app.simulator.execute import link
from app.simulator.leg import Goto, Interrupt, Leg
from app.simulator.loop import Steps
from app.simulator.queues import Member
from app.simulator.transport import Params


def dial_queue(leg: Leg, one: Verb, document: Document) -> Steps[tuple[Params, Interrupt | None]]:
    """Take the first caller of a queue, waiting for one up to the timeout, and talk.

    Returns:
        The parameters of the action, and what interrupted it, if anything did.
    """
    noun = one.children[0]
    queue = leg.carrier.queues.named(noun.text)
    whisper = Goto(link(document, noun.get("url")), noun.get("method", "POST")) if noun.get("url") else None
    taken: list[Member] = []

    def has_one() -> bool:
        member = None if taken else queue.take(leg, whisper)
        if member is not None:
            taken.append(member)
        return bool(taken)

    order: Interrupt | None = None
    bridged = False
    seconds = 0
    queue.takers.append(leg)
    try:
        yield from leg.until(has_one, one.number("timeout", 30))
        if taken:
            caller = taken[0].leg
            yield from leg.until(lambda: leg.partner is caller or caller.over or caller.gone, None)
            bridged = leg.partner is caller
            begun = leg.carrier.now()
            if bridged:
                yield from talk(leg, one.number("timeLimit", 14400), star_ends=one.is_true("hangupOnStar"))
            seconds = round((leg.carrier.now() - begun).total_seconds())
    except Interrupt as interrupt:
        order = interrupt
        part(leg)
    finally:
        queue.takers.remove(leg)
    extra: Params = [
        ("DialCallStatus", "completed" if bridged else "no-answer"),
        ("DialBridged", str(bridged).lower()),
    ]
    if bridged:
        extra += [("DialCallSid", taken[0].leg.sid), ("DialCallDuration", str(seconds))]
    return extra, order
