"""The resource `Calls`: place, look up, list, redirect, cancel and end calls."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from app.simulator.leg import Ended, Goto, Leg, Redirected, Subscription
from app.simulator.outgoing import Order, call_out
from app.simulator.rest.asked import E164, Asked, Given, page
from app.simulator.rest.problem import Problem, not_found

if TYPE_CHECKING:
    from app.simulator.carrier import Carrier

EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})


def create(carrier: Carrier, asked: Asked) -> Given:
    """Place a call; it is queued until its turn comes (calls per second)."""
    to, from_ = asked.one("To"), asked.one("From")
    if not to:
        raise Problem(21201, "No 'To' number is specified")
    if not from_:
        raise Problem(21213, "No 'From' number is specified")
    if not E164.fullmatch(to) and not to.startswith(("client:", "sip:")):
        raise Problem(21211, f"The phone number you are attempting to call, {to}, is not valid.")
    if not E164.fullmatch(from_) and not from_.startswith("client:"):
        raise Problem(21212, f"The source phone number provided, {from_}, is not valid.")
    if from_ not in carrier.numbers:
        raise Problem(21210, f"The source phone number provided, {from_}, is not yet verified for your account.")
    order, subscription, fallback = _order(asked), _subscription(asked), asked.url("FallbackUrl")
    leg = carrier.place("outbound-api", from_, to)
    leg.subscription = subscription
    if fallback:
        leg.fallback = Goto(fallback, asked.method_of("FallbackMethod"))
    leg.task = carrier.loop.spawn(call_out(leg, order, carrier.next_slot()))
    return Given(201, shown(carrier, leg))


def _order(asked: Asked) -> Order:
    url, twiml = asked.url("Url"), asked.one("Twiml")
    if asked.one("ApplicationSid"):
        raise Problem(21203, "this network knows no applications")
    if not url and not twiml:
        raise Problem(21205, "Url parameter is required.")
    if len(twiml) > 4000:
        raise Problem(21605, "Twiml has more than 4000 characters")
    if not re.fullmatch(r"[0-9A-D#*wW]{0,32}", asked.one("SendDigits")):
        raise Problem(21208, "SendDigits holds something that is no digit")
    wanted = asked.one("MachineDetection")
    if wanted not in ("", "Enable", "DetectMessageEnd"):
        raise Problem(21266, f"MachineDetection {wanted!r} is unknown")
    start: Goto | Redirected = Goto(url, asked.method_of("Method")) if url else Redirected(None, twiml)
    return Order(
        start,
        timeout=asked.number("Timeout", 60, 600, 21217),
        detect=wanted,
        detect_beside=asked.one("AsyncAmd") == "true",
        detect_url=asked.url("AsyncAmdStatusCallback"),
        record=asked.one("Record") == "true",
        record_url=asked.url("RecordingStatusCallback"),
        channels=2 if asked.one("RecordingChannels") == "dual" else 1,
        time_limit=asked.number("TimeLimit", 14400, 86400),
    )


def _subscription(asked: Asked) -> Subscription | None:
    url = asked.url("StatusCallback")
    if not url:
        return None
    events = frozenset(word for value in asked.all("StatusCallbackEvent") for word in value.split())
    if events - EVENTS:
        raise Problem(21626, f"unknown status callback events: {', '.join(sorted(events - EVENTS))}")
    return Subscription(url, asked.method_of("StatusCallbackMethod"), events or frozenset({"completed"}))


def fetch(carrier: Carrier, asked: Asked, sid: str) -> Given:
    """One call."""
    return Given(200, shown(carrier, _leg(carrier, asked, sid)))


def update(carrier: Carrier, asked: Asked, sid: str) -> Given:
    """Cancel, end or redirect a call."""
    leg = _leg(carrier, asked, sid)
    status, url, twiml = asked.one("Status"), asked.url("Url"), asked.one("Twiml")
    if status not in ("", "canceled", "completed"):
        raise Problem(21218, f"Status {status!r} is neither canceled nor completed")
    if url and twiml:
        raise Problem(21219, "give Url or Twiml, not both")
    if leg.over or (status == "canceled" and leg.status == "in-progress"):
        raise Problem(21220, f"Call is not in the expected state: {leg.status}")
    if status:
        leg.interrupt(Ended())
    elif url or twiml:
        if leg.status != "in-progress":
            raise Problem(21220, "Call is not in-progress. Cannot redirect.")
        leg.interrupt(Redirected(Goto(url, asked.method_of("Method")) if url else None, twiml))
    shows = shown(carrier, leg)
    if status:
        shows["status"] = "canceled" if leg.answered_at is None else "completed"
    return Given(200, shows)


def listing(carrier: Carrier, asked: Asked) -> Given:
    """Calls, newest first, by To, From, Status, ParentCallSid and StartTime."""
    legs = [leg for leg in reversed(carrier.calls) if _matches(leg, asked)]
    return page(asked, "calls", [shown(carrier, leg) for leg in legs])


def _matches(leg: Leg, asked: Asked) -> bool:
    exact = {"To": leg.to, "From": leg.from_, "Status": leg.status}
    if any(asked.one(name) and asked.one(name) != value for name, value in exact.items()):
        return False
    if asked.one("ParentCallSid") and (leg.parent is None or leg.parent.sid != asked.one("ParentCallSid")):
        return False
    begun = leg.started_at or leg.created_at
    after, before, on = (asked.one(name) for name in ("StartTime>", "StartTime<", "StartTime"))
    return (
        (not after or begun >= _instant(after))
        and (not before or begun <= _instant(before))
        and (not on or begun.date() == _instant(on).date())
    )


def _instant(text: str) -> datetime:
    try:
        if len(text) == len("2026-03-02"):
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as error:
        raise Problem(20001, f"{text!r} is no date") from error


def _leg(carrier: Carrier, asked: Asked, sid: str) -> Leg:
    leg = next((one for one in carrier.calls if one.sid == sid), None)
    if leg is None:
        raise not_found(asked.path)
    return leg


def shown(carrier: Carrier, leg: Leg) -> dict[str, Any]:
    """A call as JSON values."""
    path = f"/2010-04-01/Accounts/{carrier.account_sid}/Calls/{leg.sid}"
    begun = leg.answered_at or leg.started_at
    kinds = ("notifications", "recordings", "transcriptions", "streams", "payments", "siprec", "events")
    return {
        "sid": leg.sid,
        "account_sid": carrier.account_sid,
        "parent_call_sid": leg.parent.sid if leg.parent else None,
        "phone_number_sid": None,
        "to": leg.to,
        "to_formatted": leg.to,
        "from": leg.from_,
        "from_formatted": leg.from_,
        "status": leg.status,
        "direction": leg.direction,
        "answered_by": leg.extra.get("AnsweredBy"),
        "start_time": carrier.rfc2822(begun) if begun else None,
        "end_time": carrier.rfc2822(leg.ended_at) if leg.ended_at else None,
        "duration": str(leg.seconds) if leg.ended_at else None,
        "date_created": carrier.rfc2822(leg.created_at),
        "date_updated": carrier.rfc2822(leg.ended_at or begun or leg.created_at),
        "price": None,
        "price_unit": "USD",
        "api_version": "2010-04-01",
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": str(int((leg.started_at - leg.created_at).total_seconds() * 1000)) if leg.started_at else "0",
        "trunk_sid": None,
        "uri": path + ".json",
        "subresource_uris": {kind: f"{path}/{kind.capitalize()}.json" for kind in kinds},
    }
