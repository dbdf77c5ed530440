"""The life of a call from the first ring to the last report."""

from __future__ import annotations

import math

from app.simulator.bridge import part
from app.simulator.execute import Stop, run, run_order
from app.simulator.leg import Ended, Goto, HungUp, Leg, Redirected
from app.simulator.loop import Steps
from app.simulator.people import Pickup
from app.simulator.transport import Params

_EVENT_STATUS = {"initiated": "initiated", "ringing": "ringing", "answered": "in-progress"}
_SIP = {"completed": "200", "busy": "486", "no-answer": "487", "failed": "404", "canceled": "487"}


def receive(leg: Leg, goto: Goto) -> Steps[None]:
    """An incoming call: ask the number's URL and do what it says."""
    leg.note("state", "ringing")
    leg.started_at = leg.carrier.now()
    yield from converse(leg, goto)
    if leg.answered_at is not None:
        finish(leg, "completed")
    else:
        finish(leg, "busy" if leg.refused else "no-answer")


def converse(leg: Leg, goto: Goto | Redirected) -> Steps[Stop | None]:
    """Run documents until the call is over, going elsewhere whenever REST says so."""
    order: Goto | Redirected = goto
    while True:
        try:
            if isinstance(order, Redirected):
                return (yield from run_order(leg, order))
            return (yield from run(leg, order))
        except Redirected as redirected:
            order = redirected
        except (HungUp, Ended):
            return None


def ring(leg: Leg, timeout: float) -> Steps[bool]:
    """Ring at the party's until somebody answers, refuses, or the time is up.

    Returns:
        Whether it was answered; if not, the leg has its final status.

    Raises:
        Interrupt: if the call is taken back meanwhile.
    """
    carrier = leg.carrier
    leg.started_at = carrier.now()
    report(leg, "initiated")
    if carrier.softphones.is_nobody_at(leg.to):
        # Twilio ends it at once with no-answer, in the same second (its log of such a call shows that).
        finish(leg, "no-answer")
        return False
    person = leg.person
    if person is not None:
        person.rung()
    if person is not None and person.pickup is Pickup.UNREACHABLE:
        yield from leg.rest(1)
        finish(leg, "failed")
        return False
    yield from leg.rest(0.5)
    leg.status = "ringing"
    leg.note("state", "ringing")
    report(leg, "ringing")
    if person is not None and not leg.manned:
        carrier.loop.soon(lambda: _pick_up(leg), _reaction(leg))
    # Twilio rings about five seconds longer than it was told to.
    answered = yield from leg.until(lambda: leg.picked_up, timeout + 5)
    if not answered or leg.refused:
        finish(leg, leg.refused or "no-answer")
        return False
    leg.status = "in-progress"
    leg.answered_at = carrier.now()
    leg.note("state", "in-progress")
    report(leg, "answered")
    if person is not None and person.hangs_up_after is not None:
        carrier.loop.soon(leg.hang_up, person.hangs_up_after)
    return True


def _reaction(leg: Leg) -> float:
    assert leg.person is not None
    return 1.0 if leg.person.pickup in (Pickup.BUSY, Pickup.REJECT) else leg.person.answers_after


def _pick_up(leg: Leg) -> None:
    if leg.person is None or leg.over or leg.person.pickup is Pickup.IGNORE:
        return
    leg.picked_up = True
    if leg.person.pickup in (Pickup.BUSY, Pickup.REJECT):
        leg.refused = "busy"
    leg.carrier.loop.wake(leg.task)


def finish(leg: Leg, status: str) -> None:
    """Give a leg its final status and report it; does nothing the second time."""
    if leg.ended_at is not None:
        return
    leg.status = status
    leg.ended_at = leg.carrier.now()
    leg.waiting_for = None
    leg.note("state", status)
    for transcription in leg.transcriptions:
        transcription.stop()
    for recording in leg.recorders:
        leg.carrier.recordings.finish(recording)
    part(leg)
    report(leg, "completed")
    leg.carrier.forget(leg)


def report(leg: Leg, event: str) -> None:
    """Send a status webhook, if somebody asked for this event.

    The sequence number counts what is sent; it ranks nothing. An answered event says `in-progress`.
    """
    wanted = leg.subscription
    if wanted is None or event not in wanted.events:
        return
    carrier = leg.carrier
    params: Params = [
        (name, _EVENT_STATUS.get(event, value) if name == "CallStatus" else value)
        for name, value in leg.params(geo=leg.direction != "outbound-dial")
    ]
    params += [
        ("CallbackSource", "call-progress-events"),
        ("Timestamp", carrier.rfc2822(carrier.now())),
        ("SequenceNumber", str(wanted.sequence)),
    ]
    if event == "completed":
        seconds = leg.seconds
        params += [
            ("CallDuration", str(seconds)),
            ("Duration", str(math.ceil(seconds / 60))),
            ("SipResponseCode", _SIP[leg.status]),
        ]
    wanted.sequence += 1
    carrier.notify(wanted.url, wanted.method, params, leg.sid, "status")
