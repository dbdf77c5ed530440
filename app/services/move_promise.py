"""The customer wants the promised call at another time: the promise is moved to a new one that can be kept (T15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from app.compliance.whereabouts import Whereabouts, whereabouts
from app.domain.errors import Busy
from app.domain.phone_number import PhoneNumber
from app.ivr.turn import Known
from app.models.case import Case
from app.models.journal import end_promise
from app.models.promise import Promise, is_being_rung, open_promise_of_case
from app.models.reminder import Forewarning, open_offer
from app.promising.local_clock import told_zone, zone_of
from app.promising.solver import Offer, Wanted, first_deadline
from app.promising.wish import day_meant, days_to_choose, nearest_offer, span_meant
from app.services.office import CallAtHand, Details
from app.services.open_case import case_at_hand
from app.services.other_times import move_to, offered_by
from app.services.tell_customer import confirm_move
from app.services.weigh_load import weigh_load
from app.services.write_promise import wanted_call, write_promise

SOON = "soon"
OFFERED = "offered"
_BY_CUSTOMER = "the customer chose another time"


def offer_days(call: CallAtHand, _details: Details) -> Known:
    """The days after tomorrow on which the call at hand could be moved.

    Returns:
        `wish_days`: ISO days of the customer's calendar, at most five; none if there is no other.
    """
    standing = _standing(call)
    if standing is None:
        return {"wish_days": []}
    days = days_to_choose(call.hotline, _where(call, standing), standing.case.received_at, call.now)
    return {"wish_days": [day.isoformat() for day in days]}


def move_promise(call: CallAtHand, details: Details) -> Known:
    """Move the promise of the case at hand to another time, or to the nearest one that can be kept.

    Args:
        details: `day` is today, tomorrow, a weekday, an ISO day, soon, or offered for the first time that was offered
            when a breach was foreseen; `part` is morning, afternoon, evening or "".

    Returns:
        `moved`: wished, nearest, sooner; unchanged if nothing else, or nothing sooner, can be promised; ringing if the
        customer is being rung at this moment; no if nothing is promised. Then `due_at`, `from_at` (both "" if none) and
        `zone`, see `told_zone`.
    """
    standing = _standing(call)
    if standing is None:
        return {"moved": "no", "due_at": "", "from_at": ""}
    if is_being_rung(call.session, standing.id):
        return _told(call, standing, "ringing", _where(call, standing))
    where = _where(call, standing)
    day, part = str(details.get("day") or SOON), str(details.get("part") or "")
    try:
        if day == OFFERED:
            agreed = _agree(call, standing)
            return _told(call, agreed or standing, "wished" if agreed else "unchanged", where)
        found = _find(call, standing, where, day, part)
    except Busy:
        found = None  # what is promised stands; they can ask again
    if found is None:
        return _told(call, standing, "unchanged", where)
    offer, how = found
    if not end_promise(call.session, call.vault, standing, "moved", "customer", call.now, cause=_BY_CUSTOMER):
        return {"moved": "no", "due_at": "", "from_at": ""}
    wish = {"day": day, "part": part, "zone": zone_of(where, call.hotline, call.now).key, "granted": how != "nearest"}
    successor = _promise_anew(call, standing, offer, wish)
    standing.successor_id, successor.owner_id = successor.id, standing.owner_id
    confirm_move(call.session, call.vault, call.words, successor, call.hotline, call.now)
    return _told(call, successor, how, where)


def _agree(call: CallAtHand, standing: Promise) -> Promise | None:
    """The promise at the first time that was offered; None if it can no longer be agreed to."""
    offered = open_offer(call.session, call.now, Forewarning.promise_id == standing.id)
    if offered is None:
        return None
    successor = move_to(
        call.session, call.vault, offered, offered_by(offered)[0], call.hotline, call.now,
        made_by=_made_by(call, standing), actor="ivr", language=call.position.language, call_key=call.call_key,
        flow_version=call.position.version,
    )  # fmt: skip
    if successor is not None:
        confirm_move(call.session, call.vault, call.words, successor, call.hotline, call.now)
    return successor


def _find(call: CallAtHand, standing: Promise, where: Whereabouts, day: str, part: str) -> tuple[Offer, str] | None:
    """What can be promised instead, and whether it is what was wished for; None if the promise stays as it is."""
    wanted = _wanted(call, standing)
    zone = zone_of(where, call.hotline, call.now)
    wished_day = day_meant(day, call.now.astimezone(zone).date())
    if wished_day is None:
        offer = first_deadline(wanted)
        return (offer, "sooner") if not offer.at_risk and offer.due_at < standing.due_at else None
    found = nearest_offer(wanted, span_meant(wished_day, part, zone), zone)
    if found is None or (found[0].due_at, found[0].not_before_at) == (standing.due_at, standing.not_before_at):
        return None
    return found[0], "wished" if found[1] else "nearest"


def _wanted(call: CallAtHand, standing: Promise) -> Wanted:
    """The same call, as if it were promised only now: its own place in the plan is free for it."""
    number = _number(call, standing)
    wanted = wanted_call(
        call.session, call.vault, standing.case, call.hotline, number, language=standing.language, now=call.now,
        urgent=standing.urgent,
    )  # fmt: skip
    load = weigh_load(call.session, call.hotline, now=call.now)
    others = [each for each in load.open if each.id != standing.id]
    return replace(wanted, load=replace(load, open=others))


def _promise_anew(call: CallAtHand, standing: Promise, offer: Offer, wish: dict[str, Any]) -> Promise:
    return write_promise(
        call.session,
        call.vault,
        standing.case,
        call.hotline,
        _number(call, standing),
        made_by=_made_by(call, standing),
        actor="ivr",
        language=call.position.language,
        now=call.now,
        urgent=standing.urgent,
        call_key=call.call_key,
        flow_version=call.position.version,
        offer=offer,
        wish_told=wish,
    )


def _made_by(call: CallAtHand, standing: Promise) -> str:
    return f"{call.call_key}:{standing.case_id}:{call.turn}:moved"


def _standing(call: CallAtHand) -> Promise | None:
    case: Case | None = case_at_hand(call)
    return open_promise_of_case(call.session, case.id) if case is not None else None


def _number(call: CallAtHand, promise: Promise) -> PhoneNumber:
    return PhoneNumber(str(call.vault.open(promise.phone, f"promises:phone:{promise.key}")))


def _where(call: CallAtHand, promise: Promise) -> Whereabouts:
    return whereabouts(_number(call, promise), call.hotline)


def _from(promise: Promise, now: datetime) -> str:
    """From when on the customer is called; "" for from now on."""
    return promise.not_before_at.isoformat() if promise.not_before_at > now else ""


def _told(call: CallAtHand, promise: Promise, how: str, where: Whereabouts) -> Known:
    return {
        "moved": how,
        "due_at": promise.due_at.isoformat(),
        "from_at": _from(promise, call.now),
        "zone": told_zone(where, call.hotline, call.now),
    }
