"""A caller who was put through before saying anything gets a case when the agent documents the conversation (T4)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import orm

from app.domain.complaint_terms import DemandType
from app.domain.errors import Invalid, NotFound
from app.models.call import Call, Wait
from app.models.case import Case
from app.models.one_at_a_time import one_at_a_time
from app.models.promise import Attempt
from app.services.office import CallAtHand
from app.services.open_case import case_of_call, open_case
from app.services.settle_cancellation import settle_cancellation
from app.services.take_turn import Switchboard

KINDS = ("complaint", "cancellation", "recall", "information")


def open_matter(
    board: Switchboard, session: orm.Session, attempt: Attempt, kind: str, *, now: datetime, wall_now: datetime
) -> Case:
    """The case that the caller from the queue asked about, else that of their call; opened if there is none yet.

    Raises:
        Invalid: if there is no such kind of case.
        NotFound: if the attempt was not about a waiting caller.
    """
    if kind not in KINDS or kind not in set(DemandType):
        raise Invalid("kind", f"is none of: {', '.join(KINDS)}")
    wait = session.get(Wait, attempt.wait_key) if attempt.wait_key else None
    if wait is not None and wait.case_id is not None:
        return session.get_one(Case, wait.case_id)
    call = session.get(Call, attempt.wait_key) if attempt.wait_key else None
    place = board.turns.newest(call.key) if call else None
    if call is None or place is None:
        raise NotFound("call")
    one_at_a_time(session, f"call:{call.key}")  # a form that was sent twice opens one case
    at_hand = CallAtHand(
        session,
        board.vault,
        board.edition(place.position.version).words,
        board.hotline_named(call.hotline),
        call.key,
        call.network_id,
        place.number,
        place.position,
        now,
        wall_now,
    )
    open_case(at_hand, {"kind": kind})
    case = case_of_call(at_hand)
    if case is None:
        raise NotFound("case")
    if case.kind == "cancellation" and case.call_key == call.key:
        settle_cancellation(board, session, call, case, place, now=now)
    return case
