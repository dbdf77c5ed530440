"""Calls that the product places over REST, from the queue to the last report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.simulator.calls import converse, finish, ring
from app.simulator.leg import Ended, Goto, HungUp, Leg, Redirected
from app.simulator.loop import Steps
from app.simulator.people import speaking_seconds

DETECTION_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Order:
    """How a call is to be placed."""

    start: Goto | Redirected  # the document, by address or in full
    timeout: int = 60  # seconds of ringing
    detect: str = ""  # answering machine detection: Enable, DetectMessageEnd
    detect_beside: bool = False  # the document runs meanwhile, the result comes as a webhook
    detect_url: str = ""
    record: bool = False
    record_url: str = ""
    channels: int = 1
    time_limit: int = 14400  # seconds from the answer


def call_out(leg: Leg, order: Order, slot: datetime) -> Steps[None]:
    """Wait for the slot, ring, detect machines if wanted, run the document.

    A call that is taken back while it is queued ends without any report.
    """
    carrier = leg.carrier
    try:
        yield from leg.rest((slot - carrier.now()).total_seconds())
    except (Ended, HungUp):
        leg.subscription = None
        finish(leg, "canceled")
        return
    try:
        if not (yield from ring(leg, order.timeout)):
            return
        carrier.loop.soon(lambda: leg.interrupt(Ended()), order.time_limit)
        _record(leg, order)
        if order.detect:
            yield from _detect(leg, order)
        yield from converse(leg, order.start)
    except (Ended, HungUp):
        pass
    finish(leg, "completed" if leg.answered_at else "canceled")


def _record(leg: Leg, order: Order) -> None:
    if order.record:
        recording = leg.carrier.recordings.begin(leg, "OutboundAPI", order.channels)
        recording.report_to = order.record_url
        leg.recorders.append(recording)


def _detect(leg: Leg, order: Order) -> Steps[None]:
    greeting = leg.person.machine if leg.person is not None else ""
    at_end = order.detect == "DetectMessageEnd"
    seconds = speaking_seconds(greeting) if greeting and at_end else DETECTION_SECONDS
    found = ("machine_end_beep" if at_end else "machine_start") if greeting else "human"
    if not order.detect_beside:
        yield from leg.rest(seconds)
        leg.extra["AnsweredBy"] = found
        return
    leg.extra["AnsweredBy"] = found
    if order.detect_url:
        params = [
            ("AccountSid", leg.carrier.account_sid),
            ("CallSid", leg.sid),
            ("AnsweredBy", found),
            ("MachineDetectionDuration", str(int(seconds * 1000))),
        ]
        leg.carrier.notify(order.detect_url, "POST", params, leg.sid, "status", after=seconds)
