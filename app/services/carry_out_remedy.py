"""The remedy that a customer chose is carried out: it counts as a correction, and the customer is asked of it (P6)."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Conflict, Invalid
from app.domain.hotline import Hotline
from app.domain.recall_progress import Correction, Level, Solved
from app.ivr.words import Words
from app.models.call import wants_no_texts
from app.models.case import Case
from app.models.journal import note, queue_out
from app.models.recall import RecallAnswer, RecallRow
from app.models.recall_progress import RecallCorrection, RecallFeedback
from app.models.records import phone_of
from app.models.staff import Staff
from app.models.upsert import insert_absent
from app.models.vault import Vault
from app.services.carry_effects import text_slots


def carry_out_remedy(
    session: orm.Session,
    vault: Vault,
    words: Words,
    case: Case,
    answer: RecallAnswer,
    hotline: Hotline,
    correction: Correction,
    by: Staff,
    *,
    today: date,
    now: datetime,
) -> None:
    """Count one unit of a consumer as corrected, and ask by text whether it solved the matter.

    Raises:
        Conflict: if it was counted before.
    """
    values = {
        "key": f"answer:{answer.key}", "recall_id": answer.recall_id, "answer_id": answer.id, "person": answer.person,
        "level": str(Level.CONSUMER), "correction": str(correction), "units": 1, "done_on": today, "noted_at": now,
        "noted_by": by.id,
    }  # fmt: skip
    if not insert_absent(session, RecallCorrection, values, ("key",)):
        raise Conflict("this remedy is on record already")
    number = session.get_one(RecallRow, answer.recall_id).number
    note(session, vault, case, "recall_corrected", f"staff:{by.id}", now, recall=number, correction=str(correction))
    _ask(session, vault, words, case, answer, hotline, number, correction, now)


def _ask(
    session: orm.Session,
    vault: Vault,
    words: Words,
    case: Case,
    answer: RecallAnswer,
    hotline: Hotline,
    number: str,
    correction: Correction,
    now: datetime,
) -> None:
    """By text where that is wanted; else somebody asks on the telephone, and puts the answer down at the desk."""
    phone = phone_of(vault, case)
    is_texted = bool(phone) and not wants_no_texts(session, case.phone_index or "")
    values = {
        "recall_id": answer.recall_id, "answer_id": answer.id, "case_id": case.id, "phone_index": case.phone_index,
        "medium": "text" if is_texted else "phone", "asked_at": now,
    }  # fmt: skip
    if not insert_absent(session, RecallFeedback, values, ("answer_id",)) or not is_texted:
        return
    slots = {**text_slots(hotline, case), "recall_number": number, "done": f"corrected.{correction}"}
    body = words.text(case.language, "text.recall_feedback", slots, now=now, zone=hotline.zone)
    payload = {"to": phone, "from": hotline.numbers[0], "body": body}
    if queue_out(
        session, vault, key=f"recall_feedback:{answer.key}", kind="text", at=now, payload=payload, case_id=case.id
    ):
        note(session, vault, case, "text_queued", "clock", now, body=body)


def put_down_feedback(
    session: orm.Session, vault: Vault, case: Case, answer: RecallAnswer, solved: str, by: Staff, *, now: datetime
) -> None:
    """What a customer said on the telephone about the remedy.

    Raises:
        Invalid: if it is none of yes, partly and no.
        Conflict: if the customer was not asked, or has answered.
    """
    if solved not in set(Solved):
        raise Invalid("solved", "is none of yes, partly, no")
    taken = session.execute(
        sa.update(RecallFeedback)
        .where(RecallFeedback.answer_id == answer.id, RecallFeedback.solved.is_(None))
        .values(solved=solved, answered_at=now, medium="phone")
        .returning(RecallFeedback.id)
    ).first()
    if taken is None:
        raise Conflict("the customer has answered, or was not asked")
    note(session, vault, case, "recall_feedback", f"staff:{by.id}", now, solved=solved)
