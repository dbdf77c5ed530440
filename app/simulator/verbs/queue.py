"""`<Enqueue>` and `<Leave>`: waiting in a queue, with what is heard meanwhile."""

from __future__ import annotations

from app.simulator.bridge import pair, talk
from app.simulator.document import DEQUEUED, WAITING, Document, Verb
from app.simulator.execute import HANG_UP, LEAVE, Next, Stop, link, run, tell, verb
from app.simulator.leg import Dequeued, Ended, Goto, HungUp, Leg, Redirected
from app.simulator.loop import Steps
from app.simulator.queues import CallQueue, Member
from app.simulator.transport import Params


@verb("Leave")
def leave(leg: Leg, one: Verb, document: Document) -> Steps[Next]:
    """Leave the queue; the call goes on after `<Enqueue>`."""
    yield from ()
    return LEAVE


@verb("Enqueue")
def enqueue(leg: Leg, one: Verb, document: Document) -> Steps[Next]:
    """Wait until somebody takes the caller out, the wait document leaves, or the caller hangs up."""
    leg.answer()
    carrier = leg.carrier
    queue = carrier.queues.named(one.text, one.number("maxQueueSize", 0) or None)
    if len(queue.members) >= queue.most:
        return _action(one, document, _result("queue-full", queue, leg, 0))
    member = queue.join(leg)
    gone, redirected = False, None
    leg.queue, leg.context = queue.name, lambda: queue.params(member, carrier.now())
    try:
        ended = yield from _wait(leg, one, document)
        # Somebody may have taken the caller while the last document came.
        leg.check()
        result = "leave" if ended is LEAVE else "hangup"
    except Dequeued:
        leg.context = None
        result = "bridged"
        try:
            yield from _connect(leg, queue, member)
        except (HungUp, Ended):
            gone = True
        except Redirected as order:
            result, redirected = "redirected-from-bridged", order
    except (HungUp, Ended):
        result, gone = "hangup", True
    except Redirected as order:
        result, redirected = "redirected", order
    finally:
        queue.leave(member)
        leg.queue, leg.context, leg.waiting_for = "", None, None
    waited = (carrier.now() - member.since).total_seconds() if result != "bridged" else queue.waits[-1]
    goto = _action(one, document, _result(result, queue, leg, waited))
    if gone:
        leg.status = "completed"
    if goto is not None and (gone or redirected):
        yield from tell(leg, goto)
    if redirected is not None:
        raise redirected
    return HANG_UP if gone or result == "hangup" else goto


def _wait(leg: Leg, one: Verb, document: Document) -> Steps[Stop]:
    """Let the caller wait: the wait document over and over, Twilio's music, or silence."""
    address = one.attributes.get("waitUrl")
    while not address:
        leg.expect("queue")
        if address is None:
            leg.hear("(music)")
        yield from leg.rest(60)
    goto = Goto(link(document, address), one.get("waitUrlMethod", "POST"))
    while True:
        begun = leg.carrier.now()
        ended = yield from run(leg, goto, WAITING)
        if ended is not None:
            return ended
        leg.expect("queue")
        # A document that takes no time is not asked for in a tight circle.
        if (leg.carrier.now() - begun).total_seconds() < 1:
            yield from leg.rest(1)


def _connect(leg: Leg, queue: CallQueue, member: Member) -> Steps[None]:
    """Play the whisper to the caller, then let the two talk."""
    queue.leave(member)
    taker = member.taken_by
    if member.whisper is not None and taker is not None:
        extra = [
            ("QueueSid", queue.sid),
            ("QueueTime", str(int(queue.waits[-1]))),
            ("DequeingCallSid", taker.sid),
        ]
        yield from run(leg, Goto(member.whisper.url, member.whisper.method, extra), DEQUEUED)
    if taker is not None and not taker.over and not taker.gone:
        pair(leg, taker)
        yield from talk(leg)


def _result(result: str, queue: CallQueue, leg: Leg, waited: float) -> Params:
    return [("QueueResult", result), ("QueueSid", queue.sid), ("QueueTime", str(int(waited)))]


def _action(one: Verb, document: Document, extra: Params) -> Goto | None:
    if not one.get("action"):
        return None
    return Goto(link(document, one.get("action")), one.get("method", "POST"), extra)
