"""Whose remedy was carried out is asked once, in a call of theirs, whether it solved the matter (P6).

Who was asked by text has a day to answer by text before; the first answer counts, over whichever way it comes.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from app.domain.recall_progress import Solved
from app.ivr.turn import Known
from app.models.case import Case
from app.models.journal import note
from app.models.ready import ask
from app.models.recall import RecallRow
from app.models.recall_documents import notice_of
from app.models.recall_progress import RecallCorrection, RecallFeedback
from app.services.office import CallAtHand, Details

_TIME_TO_WRITE: Final = timedelta(days=1)
_AFTER: Final = timedelta(days=180)
_NONE: Final[Known] = {"feedback": "none"}

_DUE: Final = (
    sa.select(RecallFeedback.id, RecallFeedback.recall_id, RecallCorrection.correction)
    .join(RecallCorrection, RecallCorrection.answer_id == RecallFeedback.answer_id)
    .where(
        RecallFeedback.phone_index == sa.bindparam("phone_index"),
        RecallFeedback.solved.is_(None),
        RecallFeedback.called_at.is_(None),
        RecallFeedback.asked_at > sa.bindparam("since"),
        sa.or_(RecallFeedback.medium == "phone", RecallFeedback.asked_at <= sa.bindparam("texted_by")),
        RecallCorrection.taken_back_at.is_(None),
    )
    .order_by(RecallFeedback.asked_at.desc(), RecallFeedback.id.desc())
    .limit(1)
)


def due_feedback(call: CallAtHand, details: Details) -> Known:
    """Whether the caller is to be asked now; that they are is on record with the turn that asks.

    Returns:
        `feedback`: due or none; if due `feedback_id`, `feedback_title` and `feedback_done`, a prompt's name.
    """
    if not call.caller or call.is_by_text or call.position.known.get("feedback") == "due":
        return _NONE
    index = call.vault.index(call.caller)
    since, texted_by = call.now - _AFTER, call.now - _TIME_TO_WRITE
    for feedback_id, recall_id, correction in ask(
        call.session, _DUE, phone_index=index, since=since, texted_by=texted_by
    ):
        call.session.get_one(RecallFeedback, feedback_id).called_at = call.now
        parts = notice_of(call.session, call.session.get_one(RecallRow, recall_id), call.position.language)
        title, done = parts.product, f"corrected.{correction}"
        return {"feedback": "due", "feedback_id": str(feedback_id), "feedback_title": title, "feedback_done": done}
    return _NONE


def record_feedback(call: CallAtHand, details: Details) -> None:
    """Keep what the caller answered, unless they have answered before; a stranger's question is left alone."""
    number, solved = str(details.get("feedback", "")), str(details.get("solved", ""))
    if not call.caller or not number.isdecimal() or solved not in set(Solved):
        return
    case_ids = call.session.scalars(
        sa.update(RecallFeedback)
        .where(
            RecallFeedback.id == int(number),
            RecallFeedback.phone_index == call.vault.index(call.caller),
            RecallFeedback.solved.is_(None),
        )
        .values(solved=solved, answered_at=call.now, medium="phone")
        .returning(RecallFeedback.case_id)
    ).all()
    case = call.session.get(Case, case_ids[0]) if case_ids and case_ids[0] is not None else None
    if case is not None:
        note(call.session, call.vault, case, "recall_feedback", "customer", call.now, solved=solved)
