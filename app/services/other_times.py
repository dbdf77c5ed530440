"""Other times for a call that cannot come as promised, and a promise that is moved to one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final, NamedTuple

from sqlalchemy import orm

from app.compliance.whereabouts import whereabouts
from app.domain.business_hours import is_open
from app.domain.errors import LawUnknown
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.domain.spans import Span
from app.models.journal import end_promise
from app.models.promise import Promise, is_being_rung
from app.models.records import lock_cases
from app.models.reminder import Forewarning
from app.models.vault import Vault
from app.promising.local_clock import zone_of
from app.promising.solver import Offer, Wanted, first_deadline
from app.promising.wish import PARTS, span_meant
from app.services.weigh_load import weigh_load
from app.services.write_promise import wanted_call, write_promise

MOST: Final = 3  # times that are offered at once
_TRIES: Final = 5  # parts of a day put to the solver beyond the first time
_DAYS: Final = 7
_AGREED: Final = "the customer agreed to another time"


class OtherTime(NamedTuple):
    """A time that was offered: the call comes not before one instant, and by the other.

    The first one that is offered tells only by when: it may come as soon as somebody is free.
    """

    from_at: datetime
    due_at: datetime

    def values(self) -> list[str]:
        """As it is stored."""
        return [self.from_at.isoformat(), self.due_at.isoformat()]


def offered_by(forewarning: Forewarning) -> list[OtherTime]:
    """What was offered, in the order in which it was said."""
    return [OtherTime(*map(datetime.fromisoformat, values)) for values in forewarning.offers]


def other_times(
    session: orm.Session, vault: Vault, promise: Promise, hotline: Hotline, now: datetime
) -> list[OtherTime]:
    """The first time after the present deadline that a plan can keep, then the next parts of a day; at most `MOST`.

    None if law and staff leave none.
    """
    lock_cases(session, [promise.case_id])
    try:
        wanted = wanted_anew(session, vault, promise, hotline, now)
        first = first_deadline(replace(wanted, wish_not_before=promise.due_at))
    except LawUnknown:
        return []
    if first.at_risk or first.due_at <= promise.due_at:
        return []
    found = [OtherTime(now, first.due_at)]
    for span in islice(_parts_after(wanted, first.due_at), _TRIES):
        offer = first_deadline(replace(wanted, wish_not_before=span.start, wish_until=span.end))
        if offer.wish_granted and offer.not_before_at >= found[-1].due_at:
            found.append(OtherTime(offer.not_before_at, offer.due_at))
        if len(found) == MOST:
            break
    return found


def _parts_after(wanted: Wanted, after: datetime) -> Iterator[Span]:
    """The parts of the coming days on the customer's clock that begin after an instant."""
    zone = zone_of(wanted.where, wanted.hotline, wanted.now)
    today = wanted.now.astimezone(zone).date()
    for ahead in range(_DAYS):
        spans = (span_meant(today + timedelta(days=ahead), part, zone) for part in PARTS)
        yield from (span for span in spans if span.start >= after)


def move_to(
    session: orm.Session,
    vault: Vault,
    offered: Forewarning,
    chosen: OtherTime,
    hotline: Hotline,
    now: datetime,
    *,
    made_by: str,
    **but: Any,
) -> Promise | None:
    """Move a promise to a time that was offered; gives the new one, None if it is too late for that.

    Args:
        made_by: what causes it, see `write_promise`.
        but: what else the new promise is written down with.
    """
    promise = offered.promise
    lock_cases(session, [promise.case_id])
    if chosen.due_at <= now or is_being_rung(session, promise.id):
        return None
    try:
        wanted = wanted_anew(session, vault, promise, hotline, now)
        starts = max(chosen.from_at, promise.due_at)
        offer = first_deadline(replace(wanted, wish_not_before=starts, wish_until=chosen.due_at))
    except LawUnknown:
        return None
    if not end_promise(session, vault, promise, "moved", "customer", now, cause=_AGREED):
        return None
    successor = write_promise(
        session, vault, promise.case, hotline, _number(vault, promise), made_by=made_by, now=now,
        urgent=promise.urgent, offer=_kept_word(offer, chosen, now), **{"language": promise.language, **but},
    )  # fmt: skip
    promise.successor_id, successor.owner_id, offered.agreed_at = successor.id, promise.owner_id, now
    return successor


def _kept_word(offer: Offer, chosen: OtherTime, now: datetime) -> Offer:
    """The offer, if it is what was said; else our word, at risk: others were promised what was free when we offered."""
    offer = replace(offer, not_before_at=max(chosen.from_at, now))
    if offer.wish_granted and offer.due_at <= chosen.due_at:
        return offer
    start = max(offer.latest_start_at - max(offer.due_at - chosen.due_at, timedelta(0)), now)
    return replace(offer, due_at=chosen.due_at, latest_start_at=start, at_risk=True, proof=None)


def wanted_anew(session: orm.Session, vault: Vault, promise: Promise, hotline: Hotline, now: datetime) -> Wanted:
    """The same call, as if it were promised only now: its own place in the plan is free for it.

    Our word is not given twice on people who did not come to work: during the opening hours those count who did.
    """
    wanted = wanted_call(
        session, vault, promise.case, hotline, _number(vault, promise), language=promise.language, now=now,
        urgent=promise.urgent,
    )  # fmt: skip
    load = weigh_load(session, hotline, now=now, at_work=is_open(hotline, now))
    others: Sequence[Any] = [each for each in load.open if each.id != promise.id]
    return replace(wanted, load=replace(load, open=others), where=whereabouts(_number(vault, promise), hotline))


def _number(vault: Vault, promise: Promise) -> PhoneNumber:
    return PhoneNumber(str(vault.open(promise.phone, f"promises:phone:{promise.key}")))
