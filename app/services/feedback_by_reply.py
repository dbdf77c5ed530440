"""A customer answers the question whether a remedy solved the matter: by the figure 1, 2 or 3 (P6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.phone_number import PhoneNumber
from app.domain.recall_progress import Solved
from app.models.case import Case
from app.models.journal import note
from app.models.recall_progress import RecallFeedback
from app.models.reminder import Forewarning
from app.services.carry_effects import text_slots
from app.services.take_turn import Switchboard

_AFTER: Final = timedelta(days=30)
_ANSWERS: Final = {"1": Solved.YES, "2": Solved.PARTLY, "3": Solved.NO}


def take_feedback(
    board: Switchboard,
    session: orm.Session,
    number: PhoneNumber | None,
    body: str,
    now: datetime,
    *,
    asked_at: datetime | None = None,
) -> str | None:
    """What we answer; None if the message is no answer to this question.

    Args:
        asked_at: when the sender was last asked something else; an older question is not what the message answers.
    """
    solved = _ANSWERS.get(body.strip().rstrip(".!"))
    if number is None or solved is None:
        return None
    index = board.vault.index(number.e164)
    asked = session.scalar(
        sa.select(RecallFeedback)
        .where(
            RecallFeedback.phone_index == index, RecallFeedback.solved.is_(None), RecallFeedback.asked_at > now - _AFTER
        )
        .order_by(RecallFeedback.asked_at.desc(), RecallFeedback.id.desc())
        .limit(1)
    )
    if asked is None or (asked_at is not None and asked.asked_at <= asked_at):
        return None
    offered = sa.select(sa.func.max(Forewarning.foreseen_at)).where(Forewarning.phone_index == index)
    newest_offer = session.scalar(offered)
    if newest_offer is not None and newest_offer > asked.asked_at:
        return None  # the figure chooses one of the times offered since
    asked.solved, asked.answered_at = str(solved), now
    case = session.get(Case, asked.case_id) if asked.case_id is not None else None
    if case is None:
        return None
    note(session, board.vault, case, "recall_feedback", "customer", now, solved=str(solved))
    hotline, words = board.hotline_named(case.hotline), board.present.words
    prompt = "text.recall_feedback_thanks" if solved is Solved.YES else "text.recall_feedback_unsolved"
    return words.text(case.language, prompt, text_slots(hotline, case), now=now, zone=hotline.zone)
