"""A customer answers by text how satisfied they are, and whether they would recommend us (B5, T16)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.phone_number import PhoneNumber
from app.models.case import Case
from app.models.recall_progress import RecallFeedback
from app.models.records import lock_case
from app.models.reminder import Forewarning
from app.models.satisfaction import Satisfaction
from app.services.ask_satisfaction import SATISFIED, keep_recommendation, keep_score
from app.services.carry_effects import text_slots
from app.services.take_turn import Switchboard

_AFTER: Final = timedelta(days=30)
_ANSWER: Final = re.compile(r"\s*([1-5])\s*(?:$|[.,;:!)\n\-–]+\s*(.*))", re.DOTALL)
"""A figure, and behind a stop whatever else the customer has to say; "2 weeks ago" is no answer."""


def take_satisfaction(
    board: Switchboard,
    session: orm.Session,
    number: PhoneNumber | None,
    body: str,
    now: datetime,
    *,
    asked_at: datetime | None = None,
) -> str | None:
    """What we answer; None if the message answers something else.

    Args:
        asked_at: when the sender was last asked something else in a conversation.
    """
    if number is None:
        return None
    index = board.vault.index(number.e164)
    found = session.execute(
        sa.select(Satisfaction, Case)
        .join(Case, Case.id == Satisfaction.case_id)
        .where(
            Satisfaction.phone_index == index,
            Satisfaction.medium == "text",
            Satisfaction.asked_at > now - _AFTER,
            Satisfaction.recommends.is_(None),
        )
        .order_by(sa.func.coalesce(Satisfaction.answered_at, Satisfaction.asked_at).desc(), Satisfaction.id.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    asked, case = found
    since = asked.answered_at or asked.asked_at
    others = [asked_at, _newest_other(session, index)]
    if since is None or any(other is not None and other > since for other in others):
        return None  # it answers what was asked last
    return _answer(board, session, asked, case, body, now)


def _newest_other(session: orm.Session, index: str) -> datetime | None:
    """When the sender was last asked by text about a remedy or another time for our call."""
    offered = session.scalar(sa.select(sa.func.max(Forewarning.foreseen_at)).where(Forewarning.phone_index == index))
    remedy = sa.select(sa.func.max(RecallFeedback.asked_at))
    open_one = session.scalar(remedy.where(RecallFeedback.phone_index == index, RecallFeedback.solved.is_(None)))
    return max((each for each in (offered, open_one) if each is not None), default=None)


def _answer(
    board: Switchboard, session: orm.Session, asked: Satisfaction, case: Case, body: str, now: datetime
) -> str | None:
    if asked.score is None:
        read = _ANSWER.fullmatch(body)
        if read is None:
            return None
        figure, said = read.groups("")
        score = int(figure)
        lock_case(session, case)
        keep_score(session, board.vault, case, asked, score, now=now, words=said.strip()[:1000])
        prompt = "text.rated_recommend" if score >= SATISFIED else "text.rated_sorry" if score < 3 else "text.rated"
    else:
        choice = board.present.words.choice(case.language, body)
        if asked.score < SATISFIED or choice not in ("yes", "no"):
            return None
        lock_case(session, case)
        keep_recommendation(session, board.vault, case, asked, choice, now=now)
        prompt = "text.rated"
    hotline, words = board.hotline_named(case.hotline), board.present.words
    return words.text(case.language, prompt, text_slots(hotline, case), now=now, zone=hotline.zone)
