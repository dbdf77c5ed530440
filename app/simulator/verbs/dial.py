"""`<Dial>`: ring others, whisper to them, connect the first who accepts."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.simulator.bridge import pair, part, talk
from app.simulator.calls import finish, ring
from app.simulator.document import WHISPER, Document, Verb
from app.simulator.execute import HANG_UP, Next, link, run, run_order, tell, verb
from app.simulator.leg import Ended, Goto, HungUp, Interrupt, Leg, Redirected, Subscription
from app.simulator.limits import Refused
from app.simulator.loop import Steps
from app.simulator.recordings import Recording, report
from app.simulator.transport import Params
from app.simulator.verbs.dial_queue import dial_queue

DEFAULT_TIMEOUT = 30


@dataclass(eq=False)
class Attempt:
    """One `<Dial>` under way."""

    parent: Leg
    children: list[Leg] = field(default_factory=list)
    winner: Leg | None = None  # None until somebody has accepted
    was_bridged: bool = False
    left: Leg | None = None  # the called leg that REST sent elsewhere; None if it stayed
    seconds: int | None = None  # None if nobody answered

    @property
    def is_decided(self) -> bool:
        """Whether somebody has accepted or nobody will."""
        return self.winner is not None or self.left is not None or all(child.over for child in self.children)

    @property
    def outcome(self) -> str:
        """The value of `DialCallStatus`."""
        if self.was_bridged or any(child.answered_at for child in self.children):
            return "completed"
        if not self.children:
            return "failed"
        last = self.children[-1]
        return last.status if last.over else "canceled"


@verb("Dial")
def dial(leg: Leg, one: Verb, document: Document) -> Steps[Next]:
    """Call the nouns; go on when the talk is over or nobody can be had."""
    if not one.is_true("answerOnBridge"):
        leg.answer()
    if one.children and one.children[0].name == "Queue":
        extra, order = yield from dial_queue(leg, one, document)
    else:
        extra, order = yield from _dial_lines(leg, one, document)
    goto = Goto(link(document, one.get("action")), one.get("method", "POST"), extra) if one.get("action") else None
    if isinstance(order, (HungUp, Ended)):
        leg.status = "completed"
        if goto is not None:
            yield from tell(leg, goto)
        return HANG_UP
    if order is not None:
        raise order
    return goto


def _dial_lines(leg: Leg, one: Verb, document: Document) -> Steps[tuple[Params, Interrupt | None]]:
    attempt = Attempt(leg)
    order: Interrupt | None = None
    refusal = _refusal(leg, one)
    recording = None
    if refusal is not None:
        leg.carrier.refuse(refusal, document.url, leg.sid)
    else:
        nouns = one.children or (Verb("Number", one.text, {}, ()),)
        rounds = [(noun,) for noun in nouns] if one.is_true("sequential") else [nouns]
        try:
            for some in rounds:
                yield from _ring_all(attempt, one, some, document)
                if attempt.winner is not None:
                    recording = _record(leg, one)
                    yield from _talk(attempt, one)
                    break
        except Interrupt as interrupt:
            order = interrupt
        finally:
            for child in attempt.children:
                if not child.over and child is not attempt.left:
                    child.interrupt(Ended())
    if attempt.winner is not None:
        attempt.seconds = attempt.winner.seconds
        part(leg)
    extra = _extra(attempt)
    if recording is not None:
        extra += _finish_recording(leg, recording, one, document)
    return extra, order


def _refusal(leg: Leg, one: Verb) -> Refused | None:
    caller = one.get("callerId")
    allowed = {leg.from_, leg.to, *leg.carrier.numbers}
    if caller and caller not in allowed and not caller.startswith("client:"):
        return Refused(13214, f"callerId {caller} is neither of this call nor of this account")
    unknown = [noun.name for noun in one.children if noun.name not in ("Number", "Client", "Sip")]
    return Refused(12200, f"this network does not dial <{unknown[0]}>") if unknown else None


def _ring_all(attempt: Attempt, one: Verb, nouns: tuple[Verb, ...], document: Document) -> Steps[None]:
    leg = attempt.parent
    for noun in nouns:
        to = noun.text if noun.name != "Client" else f"client:{noun.text or noun.children[0].text}"
        child = leg.carrier.place("outbound-dial", one.get("callerId") or leg.from_, to, parent=leg)
        if noun.get("statusCallback"):
            events = frozenset(noun.get("statusCallbackEvent", "completed").split())
            url = link(document, noun.get("statusCallback"))
            child.subscription = Subscription(url, noun.get("statusCallbackMethod", "POST"), events)
        attempt.children.append(child)
        child.task = leg.carrier.loop.spawn(_child(child, noun, one, attempt, document))
    leg.note("state", "dialling")
    yield from leg.until(lambda: attempt.is_decided, None)


def _child(leg: Leg, noun: Verb, one: Verb, attempt: Attempt, document: Document) -> Steps[None]:
    """A called leg: ring, whisper, wait to be connected, talk."""
    try:
        if (yield from ring(leg, one.number("timeout", DEFAULT_TIMEOUT))):
            accepted = True
            if noun.get("url"):
                goto = Goto(link(document, noun.get("url")), noun.get("method", "POST"))
                accepted = (yield from run(leg, goto, WHISPER)) is None
            if accepted and attempt.winner is None:
                attempt.winner = leg
                leg.carrier.loop.wake(attempt.parent.task)
                yield from leg.until(lambda: leg.partner is not None or attempt.parent.over, None)
                yield from talk(leg)
    except Redirected as order:
        # It goes its own way; the leg that had called it goes on after its Dial.
        if leg.answered_at is not None:
            attempt.left = leg
            leg.carrier.loop.wake(attempt.parent.task)
            yield from _go_own_way(leg, order)
    except (HungUp, Ended):
        pass
    finish(leg, "completed" if leg.answered_at else "canceled")
    leg.carrier.loop.wake(attempt.parent.task)


def _go_own_way(leg: Leg, order: Redirected) -> Steps[None]:
    leg.order = None  # the leg that had called it may have ended it already, which no longer concerns it
    going: Redirected | None = order
    while going is not None:
        try:
            yield from run_order(leg, going)
            going = None
        except Redirected as next_order:
            going = next_order
        except (HungUp, Ended):
            going = None


def _talk(attempt: Attempt, one: Verb) -> Steps[None]:
    leg, winner = attempt.parent, attempt.winner
    assert winner is not None
    for child in attempt.children:
        if child is not winner and not child.over:
            child.interrupt(Ended())
    if winner.over or winner.gone:
        return
    leg.answer()
    pair(leg, winner)
    attempt.was_bridged = True
    yield from talk(leg, one.number("timeLimit", 14400), star_ends=one.is_true("hangupOnStar"))


def _extra(attempt: Attempt) -> Params:
    child = attempt.winner or (attempt.children[-1] if attempt.children else None)
    extra: Params = [("DialCallStatus", attempt.outcome), ("DialBridged", str(attempt.was_bridged).lower())]
    if child is not None:
        extra.append(("DialCallSid", child.sid))
        if child.answered_at is not None:
            extra.append(("DialCallDuration", str(child.seconds)))
    return extra


def _record(leg: Leg, one: Verb) -> Recording | None:
    mode = one.get("record", "do-not-record")
    if mode == "do-not-record":
        return None
    recording = leg.carrier.recordings.begin(leg, "DialVerb", 2 if mode.endswith("dual") else 1)
    leg.recorders.append(recording)
    return recording


def _finish_recording(leg: Leg, recording: Recording, one: Verb, document: Document) -> Params:
    leg.recorders.remove(recording)
    leg.carrier.recordings.finish(recording)
    if one.get("recordingStatusCallback"):
        report(leg.carrier, recording, one, document)
    return [("RecordingUrl", recording.url), ("RecordingSid", recording.sid)]
