"""Before a promise is broken, or at the deadline, the customer is told and may agree to another time: no silence."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from itertools import takewhile
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.business_hours import has_own_people
from app.domain.errors import LawUnknown
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.domain.promise import BreakCause
from app.domain.spans import Span
from app.models.case import Case
from app.models.found import find_rows
from app.models.journal import note
from app.models.promise import Promise
from app.models.ready import ask, look_all
from app.models.reminder import Forewarning, open_offer
from app.models.staff import Staff, can_be_rung
from app.models.upsert import insert_absent
from app.promising.foresight import EARLIEST, Colleague, Outlook, foreseen
from app.promising.workable import workable_spans
from app.services.one_by_one import one_by_one
from app.services.other_times import move_to, offered_by, other_times
from app.services.rescue import where_is
from app.services.shed_overload import Lengths, given_up
from app.services.take_turn import Switchboard
from app.services.tell_customer import tell_customer, words_of

AT_ONCE: Final = 20  # each takes a look for another time; the clock must not stand still meanwhile
_OFFERS: Final = ("offer", "offer2", "offer3")  # the slots of the text
_YES: Final = frozenset({"ja", "yes", "sim", "da", "ok", "okay"})


_NOT_TOLD: Final = (
    sa.select(Promise.id)
    .outerjoin(Forewarning, Forewarning.promise_id == Promise.id)
    .where(Promise.status == "open", Forewarning.id.is_(None))
)
"""Open promises whose customers were not told that the call does not come in time."""

_ANYTHING_TO_LOOK_AT: Final = sa.select(
    _NOT_TOLD.where(Promise.due_at > sa.bindparam("now"), Promise.due_at <= sa.bindparam("soon")).exists()
)
_LATE: Final = _NOT_TOLD.where(
    Promise.due_at <= sa.bindparam("now"),
    # Whoever could not be reached knows when we try next.
    sa.or_(Promise.attempts_made == 0, Promise.next_attempt_at <= Promise.due_at),
)
_ANYBODY_LATE: Final = sa.select(_LATE.exists())
_ANYBODY_ON_DUTY: Final = sa.select(sa.exists().where(can_be_rung(), Staff.available))


def own_up(board: Switchboard, *, now: datetime) -> int:
    """Tell the customers whose deadline has passed that we are late; gives how many were told, by this process.

    Whoever was told before, with a new time to agree to or when we try next, knows it already.
    """
    if not any(look_all(board.database, _ANYBODY_LATE, now=now)):
        return 0
    with board.database.reads() as session:
        late = session.scalars(_LATE.order_by(Promise.due_at).limit(AT_ONCE), {"now": now}).all()
        is_staffed = session.scalar(_ANYBODY_ON_DUTY)
    cause = BreakCause.OVERLOAD if is_staffed else BreakCause.NO_AGENT
    return one_by_one(late, lambda promise_id: _forewarn(board, promise_id, cause, now))


def forewarn(board: Switchboard, *, now: datetime, wall_now: datetime) -> int:
    """Tell the customers of promises that may not be kept, as things stand; gives how many were told, by this process.

    Args:
        now: office time.
        wall_now: the machine's time.
    """
    if not any(look_all(board.database, _ANYTHING_TO_LOOK_AT, now=now, soon=now + EARLIEST)):
        return 0
    with board.database.reads() as session:
        breaches = _breaches(board, session, now, wall_now)
        told = set(session.scalars(sa.select(Forewarning.promise_id).where(Forewarning.promise_id.in_(list(breaches)))))
    new = [(promise_id, cause) for promise_id, cause in breaches.items() if promise_id not in told]
    return one_by_one(new[:AT_ONCE], lambda each: _forewarn(board, *each, now))


_NEARLY_DUE: Final = (
    sa.select(Promise, Case)
    .join(Case, Case.id == Promise.case_id)
    .where(Promise.status == "open", Promise.due_at <= sa.bindparam("soon"))
    .order_by(Promise.due_at)
)
_EMPLOYED: Final = sa.select(Staff.languages, Staff.skills, Staff.available).where(can_be_rung())


def _breaches(board: Switchboard, session: orm.Session, now: datetime, wall_now: datetime) -> dict[int, BreakCause]:
    """What is foreseen of each group of hotlines that share their people."""
    rows = find_rows(session, _NEARLY_DUE, soon=now + EARLIEST)
    staff = _staff(session)
    spans: dict[tuple[str, str | None, bool], tuple[Span, ...]] = {}
    lengths = Lengths.at(board, session, now)
    groups: defaultdict[str, list[Outlook]] = defaultdict(list)
    for promise, case in rows:
        hotline = board.hotline_named(promise.hotline)
        place = (promise.hotline, promise.whereabouts, promise.urgent)
        if place not in spans:
            spans[place] = _workable(board, promise, hotline, now)
        length = lengths.of(promise.hotline, case.kind)
        people = hotline.name if has_own_people(hotline, now.astimezone(hotline.zone).date()) else ""
        groups[people].append(_outlook(promise, length.usual, spans[place]))
    waiting = sum(each.next_attempt_at <= now for each, _ in rows)
    without_place = given_up(session, lengths, waiting, now=now, wall_now=wall_now)
    found: dict[int, BreakCause] = {}
    for group in groups.values():
        found |= foreseen(group, staff, now, without_place)
    # Who could not be reached in time was told of the next attempt each time.
    missed = {each.id for each, _ in rows if each.attempts_made and each.next_attempt_at > each.due_at}
    return {promise_id: cause for promise_id, cause in found.items() if promise_id not in missed}


def _staff(session: orm.Session) -> list[Colleague]:
    rows = ask(session, _EMPLOYED)
    return [Colleague(tuple(languages), tuple(skills), is_there) for languages, skills, is_there in rows]


def _workable(board: Switchboard, promise: Promise, hotline: Hotline, now: datetime) -> tuple[Span, ...]:
    try:
        where = where_is(board.vault, promise, hotline)
        spans = workable_spans(hotline, where, now, days=2, urgent=promise.urgent)
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
    """Say so by text, and offer another time before the deadline; once per promise, also if it is foreseen again.

    Past the deadline nothing is offered: what is late is tried at once, and agreeing would not undo that it is late.
    """
    with board.database.sessions.begin() as session:
        promise = session.get_one(Promise, promise_id)
        if promise.status != "open":
            return False
        hotline = board.hotline_named(promise.hotline)
        is_late = promise.due_at <= now
        times = [] if is_late else other_times(session, board.vault, promise, hotline, now)
        offered = times[0].due_at if times else None
        values = {
            "promise_id": promise.id,
            "phone_index": promise.phone_index,
            "foreseen_at": now,
            "cause": cause.value,
            "offered_due_at": offered,
            "offers": [each.values() for each in times],
        }
        if not insert_absent(session, Forewarning, values, ("promise_id",)):
            return False
        slots = {"due": promise.due_at.isoformat()}
        slots |= {name: each.due_at.isoformat() for name, each in zip(_OFFERS, times, strict=False)}
        prompt = "text.late" if is_late else "text.foreseen" if offered else "text.foreseen_only"
        tell_customer(session, board.vault, board.present.words, promise, hotline, prompt, now, **slots)
        note(
            session, board.vault, promise.case, "late" if is_late else "foreseen", "clock", now,
            promise=promise.id, cause=cause.value, offer=offered.isoformat() if offered else None,
        )  # fmt: skip
    return True


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
    """Move a promise to a time that was offered, if this message agrees to one; the same message moves it once.

    Args:
        asked_at: when the sender was last asked something else; an older offer is not what the message answers.

    Returns:
        The answer, which gives the new promise; None if the message is no answer to an offer.
    """
    choice = _choice(body)
    if number is None or choice is None:
        return None
    made_by = f"agreed:{message_id}"
    given = session.scalar(sa.select(Promise).where(Promise.made_by == made_by))
    if given is not None and given.spoken_text is not None:
        return str(board.vault.open(given.spoken_text, f"promises:spoken:{given.key}"))
    theirs = Forewarning.phone_index == board.vault.index(number.e164)
    is_newer = Forewarning.foreseen_at > asked_at if asked_at is not None else sa.true()
    offered = open_offer(session, now, theirs, is_newer)
    times = offered_by(offered) if offered is not None else []
    if offered is None or choice > len(times):
        return None
    hotline = board.hotline_named(offered.promise.hotline)
    successor = move_to(
        session, board.vault, offered, times[choice - 1], hotline, now, made_by=made_by, actor="customer"
    )
    if successor is None:
        return None
    slots = {"due": successor.due_at.isoformat()}
    if successor.not_before_at > now:
        slots["from"] = successor.not_before_at.isoformat()
    answer = words_of(board.present.words, successor, hotline, "text.agreed", now, **slots)
    successor.spoken_text = board.vault.seal(answer, f"promises:spoken:{successor.key}")
    return answer


def _choice(body: str) -> int | None:
    """Which of the offered times a message agrees to, from 1 on; a mere yes is the first. None if it is no answer."""
    said = body.strip().lower().rstrip(".!)")
    if said in _YES:
        return 1
    return int(said) if said in ("1", "2", "3") else None
