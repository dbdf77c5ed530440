"""Before a promise is broken the customer is told, and may agree to another time: nothing ends in silence."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from itertools import takewhile
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import LawUnknown
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.domain.promise import BreakCause
from app.domain.spans import Span
from app.models.journal import end_promise, note
from app.models.promise import Promise, is_being_rung
from app.models.ready import ask_one
from app.models.reminder import Forewarning
from app.models.staff import Staff
from app.models.upsert import insert_absent
from app.promising.foresight import EARLIEST, Colleague, Outlook, foreseen
from app.promising.solver import Offer, first_deadline
from app.promising.spacing import one_conversation
from app.promising.workable import workable_spans
from app.services.one_by_one import one_by_one
from app.services.rescue import where_is
from app.services.take_turn import Switchboard
from app.services.tell_customer import tell_customer, words_of
from app.services.weigh_load import weigh_load, with_measured_handling
from app.services.write_promise import wanted_call, write_promise

AT_ONCE: Final = 20  # each takes a look for another time; the clock must not stand still meanwhile
_YES: Final = frozenset({"1", "1.", "ja", "yes", "sim", "da", "ok", "okay"})
_AGREED: Final = "the customer agreed to another time"


_ANYTHING_TO_LOOK_AT: Final = sa.select(
    sa.select(Promise.id)
    .outerjoin(Forewarning, Forewarning.promise_id == Promise.id)
    .where(
        Promise.status == "open",
        Promise.due_at > sa.bindparam("now"),
        Promise.due_at <= sa.bindparam("soon"),
        Forewarning.id.is_(None),
    )
    .exists()
)


def forewarn(board: Switchboard, *, now: datetime) -> int:
    """Tell the customers of promises that cannot be kept any more; gives how many were told, by this process."""
    with board.database.reads() as session:
        if not ask_one(session, _ANYTHING_TO_LOOK_AT, now=now, soon=now + EARLIEST):
            return 0
        breaches = _breaches(board, session, now)
        told = set(session.scalars(sa.select(Forewarning.promise_id).where(Forewarning.promise_id.in_(list(breaches)))))
    new = [(promise_id, cause) for promise_id, cause in breaches.items() if promise_id not in told]
    return one_by_one(new[:AT_ONCE], lambda each: _forewarn(board, *each, now))


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
    seconds: dict[tuple[str, str], float] = {}
    groups: defaultdict[str, list[Outlook]] = defaultdict(list)
    for promise in rows:
        hotline = board.hotline_named(promise.hotline)
        place = (promise.hotline, promise.whereabouts)
        if place not in spans:
            spans[place] = _workable(board, promise, hotline, now)
        matter = (promise.hotline, promise.case.kind)
        if matter not in seconds:
            measured = with_measured_handling(session, hotline, promise.case.kind, now=now)
            seconds[matter] = one_conversation(measured.callback).total_seconds()
        groups[hotline.name if hotline.staffing else ""].append(_outlook(promise, seconds[matter], spans[place]))
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


def _outlook(promise: Promise, seconds: float, workable: tuple[Span, ...]) -> Outlook:
    return Outlook(
        id=promise.id,
        made_at=promise.made_at,
        due_at=promise.due_at,
        next_attempt_at=promise.next_attempt_at,
        language=promise.language,
        kind=promise.case.kind,
        urgent=promise.urgent,
        seconds=seconds,
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
        offered = offer.due_at if offer else None
        values = {
            "promise_id": promise.id,
            "phone_index": promise.phone_index,
            "foreseen_at": now,
            "cause": cause.value,
            "offered_due_at": offered,
        }
        if not insert_absent(session, Forewarning, values, ("promise_id",)):
            return False
        due = promise.due_at.isoformat()
        slots = {"due": due} if offered is None else {"due": due, "offer": offered.isoformat()}
        prompt = "text.foreseen_only" if offered is None else "text.foreseen"
        tell_customer(session, board.vault, board.present.words, promise, hotline, prompt, now, **slots)
        note(
            session, board.vault, promise.case, "foreseen", "clock", now,
            promise=promise.id, cause=cause.value, offer=offered.isoformat() if offered else None,
        )  # fmt: skip
    return True


def another_time(
    board: Switchboard, session: orm.Session, promise: Promise, hotline: Hotline, now: datetime
) -> Offer | None:
    """The first offer after the present deadline that a plan can keep; None if law and staff leave none."""
    number = PhoneNumber(str(board.vault.open(promise.phone, f"promises:phone:{promise.key}")))
    try:
        wanted = wanted_call(
            session, board.vault, promise.case, hotline, number, language=promise.language, now=now,
            urgent=promise.urgent, wish=promise.due_at,
        )  # fmt: skip
        load = weigh_load(session, hotline, now=now)
        others = [each for each in load.open if each.id != promise.id]  # its own place will be free
        offer = first_deadline(replace(wanted, load=replace(load, open=others)))
    except LawUnknown:
        return None
    return None if offer.at_risk or offer.due_at <= promise.due_at else offer


def agree_by_text(
    board: Switchboard,
    session: orm.Session,
    number: PhoneNumber | None,
    body: str,
    message_id: str,
    now: datetime,
    *,
    asked_at: datetime | None = None,
) -> str | None:
    """Move a promise to the time that was offered, if this message agrees to it; the same message moves it once.

    Args:
        asked_at: when the sender was last asked something else; an older offer is not what the message answers.

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
            Forewarning.foreseen_at > asked_at if asked_at is not None else sa.true(),
        )
        .order_by(Forewarning.foreseen_at.desc())
        .limit(1)
    )
    return None if offered is None else _move(board, session, offered, number, made_by, now)


def _move(
    board: Switchboard, session: orm.Session, offered: Forewarning, number: PhoneNumber, made_by: str, now: datetime
) -> str | None:
    promise, due_at = offered.promise, offered.offered_due_at
    hotline = board.hotline_named(promise.hotline)
    offer = another_time(board, session, promise, hotline, now)
    if due_at is None or offer is None or is_being_rung(session, promise.id):
        return None
    if not end_promise(session, board.vault, promise, "moved", "customer", now, cause=_AGREED):
        return None
    if offer.due_at > due_at:
        # Others were promised what was free when we offered: our word stands, and a supervisor sees it at once.
        start = max(offer.latest_start_at - (offer.due_at - due_at), now)
        offer = replace(offer, due_at=due_at, latest_start_at=start, at_risk=True, proof=None)
    successor = write_promise(
        session, board.vault, promise.case, hotline, number, made_by=made_by, actor="customer",
        language=promise.language, now=now, urgent=promise.urgent, offer=offer,
    )  # fmt: skip
    promise.successor_id, successor.owner_id, offered.agreed_at = successor.id, promise.owner_id, now
    slots = {"due": successor.due_at.isoformat()}
    if successor.not_before_at > now:
        slots["from"] = successor.not_before_at.isoformat()
    answer = words_of(board.present.words, successor, hotline, "text.agreed", now, **slots)
    successor.spoken_text = board.vault.seal(answer, f"promises:spoken:{successor.key}")
    return answer
