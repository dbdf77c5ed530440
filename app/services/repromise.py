"""Before a promise is broken the customer is told, and may agree to another time: nothing ends in silence."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from itertools import takewhile
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import LawUnknown
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.domain.promise import BreakCause
from app.domain.spans import Span
from app.models.journal import end_promise, note
from app.models.promise import Promise
from app.models.reminder import Forewarning
from app.models.staff import Staff
from app.models.upsert import insert_absent
from app.promising.foresight import EARLIEST, Colleague, Outlook, foreseen
from app.promising.solver import Wanted, first_deadline
from app.promising.spacing import one_conversation
from app.promising.workable import workable_spans
from app.services.carry_effects import text_slots
from app.services.rescue import where_is
from app.services.take_turn import Switchboard
from app.services.tell_customer import tell_customer
from app.services.weigh_load import rung_lately, weigh_load, with_measured_handling
from app.services.write_promise import write_promise

_YES: Final = frozenset({"1", "1.", "ja", "yes", "sim", "da", "ok", "okay"})
_AGREED: Final = "the customer agreed to another time"


def forewarn(board: Switchboard, *, now: datetime) -> int:
    """Tell the customers of promises that cannot be kept any more; gives how many were told, by this process."""
    with board.database.reads() as session:
        if not session.scalar(sa.select(_to_look_at(now).exists())):
            return 0
        breaches = _breaches(board, session, now)
        told = set(session.scalars(sa.select(Forewarning.promise_id).where(Forewarning.promise_id.in_(list(breaches)))))
    return sum(
        _forewarn(board, promise_id, cause, now) for promise_id, cause in breaches.items() if promise_id not in told
    )


def _to_look_at(now: datetime) -> sa.Select[Any]:
    return (
        sa.select(Promise.id)
        .outerjoin(Forewarning, Forewarning.promise_id == Promise.id)
        .where(
            Promise.status == "open", Promise.due_at > now, Promise.due_at <= now + EARLIEST, Forewarning.id.is_(None)
        )
    )


def _breaches(board: Switchboard, session: orm.Session, now: datetime) -> dict[int, BreakCause]:
    """What is foreseen of each group of hotlines that share their people."""
    rows = session.scalars(
        sa.select(Promise)
        .where(Promise.status == "open", Promise.due_at <= now + EARLIEST)
        .options(orm.joinedload(Promise.case))
        .order_by(Promise.due_at)
    ).all()
    staff = _staff(session)
    spans: dict[tuple[str, str | None], tuple[Span, ...]] = {}
    groups: defaultdict[str, list[Outlook]] = defaultdict(list)
    for promise in rows:
        hotline = board.hotline_named(promise.hotline)
        place = (promise.hotline, promise.whereabouts)
        if place not in spans:
            spans[place] = _workable(board, promise, hotline, now)
        groups[hotline.name if hotline.staffing else ""].append(_outlook(promise, hotline, spans[place]))
    found: dict[int, BreakCause] = {}
    for group in groups.values():
        found |= foreseen(group, staff, now)
    # Who could not be reached in time was told of the next attempt each time.
    missed = {each.id for each in rows if each.attempts_made and each.next_attempt_at > each.due_at}
    return {promise_id: cause for promise_id, cause in found.items() if promise_id not in missed}


def _staff(session: orm.Session) -> list[Colleague]:
    rows = session.execute(
        sa.select(Staff.languages, Staff.skills, Staff.available).where(
            Staff.disabled_at.is_(None), Staff.phone.is_not(None)
        )
    )
    return [Colleague(tuple(languages), tuple(skills), is_there) for languages, skills, is_there in rows]


def _workable(board: Switchboard, promise: Promise, hotline: Hotline, now: datetime) -> tuple[Span, ...]:
    try:
        spans = workable_spans(hotline, where_is(board.vault, promise, hotline), now, days=2)
        return tuple(takewhile(lambda span: span.start < now + EARLIEST, spans))
    except LawUnknown:
        return ()


def _outlook(promise: Promise, hotline: Hotline, workable: tuple[Span, ...]) -> Outlook:
    return Outlook(
        id=promise.id,
        made_at=promise.made_at,
        due_at=promise.due_at,
        next_attempt_at=promise.next_attempt_at,
        language=promise.language,
        kind=promise.case.kind,
        urgent=promise.urgent,
        seconds=one_conversation(hotline.callback).total_seconds(),
        workable=workable,
    )


def _forewarn(board: Switchboard, promise_id: int, cause: BreakCause, now: datetime) -> bool:
    """Offer another time and say so by text; once per promise, also if it is foreseen again."""
    with board.database.sessions.begin() as session:
        promise = session.get_one(Promise, promise_id)
        if promise.status != "open":
            return False
        hotline = board.hotline_named(promise.hotline)
        offer = another_time(board, session, promise, hotline, now)
        values = {
            "promise_id": promise.id,
            "phone_index": promise.phone_index,
            "foreseen_at": now,
            "cause": cause.value,
            "offered_due_at": offer,
        }
        if not insert_absent(session, Forewarning, values, ("promise_id",)):
            return False
        due = promise.due_at.isoformat()
        slots = {"due": due} if offer is None else {"due": due, "offer": offer.isoformat()}
        prompt = "text.foreseen_only" if offer is None else "text.foreseen"
        tell_customer(session, board.vault, board.present.words, promise, hotline, prompt, now, **slots)
        note(
            session, board.vault, promise.case, "foreseen", "clock", now,
            promise=promise.id, cause=cause.value, offer=offer.isoformat() if offer else None,
        )  # fmt: skip
    return True


def another_time(
    board: Switchboard, session: orm.Session, promise: Promise, hotline: Hotline, now: datetime
) -> datetime | None:
    """The first deadline after the present one that a plan can keep; None if law and staff leave none."""
    try:
        offer = first_deadline(
            Wanted(
                now=now,
                hotline=with_measured_handling(session, hotline, promise.case.kind, now=now),
                where=where_is(board.vault, promise, hotline),
                language=promise.language,
                urgent=promise.urgent,
                wish_not_before=promise.due_at,
                registered_at=promise.case.received_at,
                number=promise.phone_index,
                rung_at=rung_lately(session, promise.phone_index, now=now),
                load=weigh_load(session, hotline, now=now),
            )
        )
    except LawUnknown:
        return None
    return None if offer.at_risk or offer.due_at <= promise.due_at else offer.due_at


def agree_by_text(
    board: Switchboard, session: orm.Session, number: PhoneNumber | None, body: str, message_id: str, now: datetime
) -> str | None:
    """Move a promise to the time that was offered, if this message agrees to it; the same message moves it once.

    Returns:
        The answer, which gives the new promise; None if the message is no answer to an offer.
    """
    if number is None or body.strip().lower() not in _YES:
        return None
    made_by = f"agreed:{message_id}"
    given = session.scalar(sa.select(Promise).where(Promise.made_by == made_by))
    if given is not None and given.spoken_text is not None:
        return str(board.vault.open(given.spoken_text, f"promises:spoken:{given.key}"))
    offered = session.scalar(
        sa.select(Forewarning)
        .join(Promise, Promise.id == Forewarning.promise_id)
        .where(
            Forewarning.phone_index == board.vault.index(number.e164),
            Forewarning.offered_due_at > now,
            Promise.status == "open",
        )
        .order_by(Forewarning.foreseen_at.desc())
        .limit(1)
    )
    return None if offered is None else _move(board, session, offered, number, made_by, now)


def _move(
    board: Switchboard, session: orm.Session, offered: Forewarning, number: PhoneNumber, made_by: str, now: datetime
) -> str | None:
    promise, due_at = offered.promise, offered.offered_due_at
    if due_at is None or not end_promise(session, board.vault, promise, "moved", "customer", now, cause=_AGREED):
        return None
    hotline = board.hotline_named(promise.hotline)
    successor = write_promise(
        session, board.vault, promise.case, hotline, number, made_by=made_by, actor="customer",
        language=promise.language, now=now, urgent=promise.urgent, wish=promise.due_at,
    )  # fmt: skip
    if successor.due_at > due_at:
        # Others were promised what was free when we offered: our word stands, and a supervisor sees it at once.
        successor.latest_start_at -= successor.due_at - due_at
        successor.due_at, successor.at_risk = due_at, True
    promise.successor_id, offered.agreed_at = successor.id, now
    slots = {**text_slots(hotline, promise.case), "due": successor.due_at.isoformat()}
    answer = board.present.words.text(promise.language, "text.agreed", slots, now=now, zone=hotline.zone)
    successor.spoken_text = board.vault.seal(answer, f"promises:spoken:{successor.key}")
    return answer
