"""The first leg of an attempt has ended: so has the attempt, with what is known of the customer's leg."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.call import LegStatus
from app.domain.hotline import Hotline
from app.domain.promise import AttemptResult
from app.models.call import LegEvent, Wait
from app.models.found import get_by_id
from app.models.promise import Attempt, promise_of
from app.models.ready import ask_one
from app.services.end_attempt import end_attempt
from app.services.end_contact import campaign_of, end_contact, note_rung
from app.services.softphone import close_softphone
from app.services.take_turn import Switchboard


def hotline_of(board: Switchboard, session: orm.Session, attempt: Attempt) -> Hotline:
    """The hotline an attempt is made for."""
    if attempt.contact_id is not None:
        return board.hotline_named(campaign_of(session, attempt).hotline)
    if attempt.promise_id is not None:
        return board.hotline_named(promise_of(session, attempt).hotline)
    return board.hotline_named(get_by_id(session, Wait, attempt.wait_key).hotline)


def end_with(
    board: Switchboard,
    session: orm.Session,
    attempt: Attempt,
    result: AttemptResult,
    now: datetime,
    wall_now: datetime,
    seconds: int | None = None,
) -> None:
    """End an attempt with its result, see `end_attempt`, by the rules of its hotline."""
    hotline = hotline_of(board, session, attempt)
    words = board.present.words
    end_attempt(session, board.vault, words, attempt, hotline, result, now=now, wall_now=wall_now, seconds=seconds)


_AGENT_LEG = {
    LegStatus.BUSY: AttemptResult.AGENT_SILENT,
    LegStatus.NO_ANSWER: AttemptResult.AGENT_SILENT,
    LegStatus.FAILED: AttemptResult.NETWORK_REFUSED,
    LegStatus.CANCELED: AttemptResult.CANCELED,
    LegStatus.COMPLETED: AttemptResult.AGENT_DECLINED,
}
CUSTOMER_LEG = {
    "busy": AttemptResult.BUSY,
    "no-answer": AttemptResult.NO_ANSWER,
    "failed": AttemptResult.FAILED,
    "canceled": AttemptResult.NO_ANSWER,
    "completed": AttemptResult.MACHINE,
}


def leg_over(
    board: Switchboard,
    session: orm.Session,
    attempt: Attempt,
    status: LegStatus,
    *,
    seconds: int | None,
    now: datetime,
    wall_now: datetime,
    is_of_softphone: bool = False,
) -> None:
    """The first leg has ended: so has the attempt, with what is known of the customer's leg.

    Args:
        is_of_softphone: whether the network said that it was the leg of a page in a browser.
    """
    if attempt.contact_id is not None:
        note_rung(session, attempt, status, now=now)
        hotline = hotline_of(board, session, attempt)
        end_contact(session, attempt, hotline, status, now=now, wall_now=wall_now, seconds=seconds)
        return
    if attempt.stage == "dialled":
        told = ask_one(session, _LAST_WORD, attempt_key=attempt.key)
        # The agent hung up while it rang, or the last word about the customer's leg was lost: it rang, so it counts.
        result = CUSTOMER_LEG.get(told or "", AttemptResult.NO_ANSWER)
    elif attempt.stage == "accepted" and attempt.promise_id is not None:
        result = AttemptResult.CANCELED  # the agent was willing, and the customer no longer to be called
    elif is_of_softphone and _was_closed(board, session, attempt, status, wall_now):
        result = AttemptResult.AGENT_UNREACHABLE
        close_softphone(session, attempt.staff_id)
    else:
        result = _AGENT_LEG.get(status, AttemptResult.AGENT_DECLINED)
    end_with(board, session, attempt, result, now, wall_now, seconds)


def _was_closed(
    board: Switchboard, session: orm.Session, attempt: Attempt, status: LegStatus, wall_now: datetime
) -> bool:
    """Whether a softphone that nobody answered was no open page, rather than one that rang until the time was over.

    The network tells both alike, and may report that it rings where nothing does; only one of them takes its time.
    """
    ring_seconds = hotline_of(board, session, attempt).callback.ring_seconds
    is_early = wall_now - attempt.wall_at < timedelta(seconds=ring_seconds)
    return status is LegStatus.FAILED or (status is LegStatus.NO_ANSWER and is_early)


_LAST_WORD: Final = (
    sa.select(LegEvent.status)
    .where(
        LegEvent.network_id == sa.bindparam("attempt_key"),
        LegEvent.kind == "customer-leg",
        sa.or_(*(LegEvent.status == each for each in CUSTOMER_LEG)),
    )
    .order_by(LegEvent.id)
    .limit(1)
)
