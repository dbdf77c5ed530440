"""Which recalls the customer of a case was told of, what they answered, and what agents should know of them (P7)."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from app.compliance.recall_text import NoticeParts, notice_parts
from app.domain.recall_dossier import Dossier
from app.models.case import Case
from app.models.recall import RecallAnswer, RecallRow
from app.models.recall_documents import dossier_of, recall_of
from app.models.recall_progress import RecallCorrection, RecallFeedback
from app.models.vault import Vault


@dataclass(frozen=True, slots=True)
class ToldRecall:
    """One recall and the customer's answer to it."""

    row: RecallRow
    answer: RecallAnswer
    parts: NoticeParts
    dossier: Dossier | None
    address: str  # "" unless the customer gave one
    corrected: RecallCorrection | None  # None until the remedy was carried out
    feedback: RecallFeedback | None  # None until the customer was asked


def recalls_of_case(session: orm.Session, vault: Vault, case: Case) -> list[ToldRecall]:
    """The recalls told in the case's call or about the case, newest first."""
    of_call = RecallAnswer.call_key == case.call_key if case.call_key else sa.false()
    query = (
        sa.select(RecallAnswer, RecallRow)
        .join(RecallRow, RecallRow.id == RecallAnswer.recall_id)
        .where(sa.or_(RecallAnswer.case_id == case.id, of_call))
        .order_by(RecallAnswer.said_at.desc(), RecallAnswer.id.desc())
    )
    found = []
    for answer, row in session.execute(query):
        dossier = dossier_of(session, row.id)
        sealed = answer.address
        address = str(vault.open(sealed, f"recall_answers:address:{answer.key}")) if sealed else ""
        parts = notice_parts(recall_of(row), dossier, case.language)
        done = sa.select(RecallCorrection).where(
            RecallCorrection.answer_id == answer.id, RecallCorrection.taken_back_at.is_(None)
        )
        asked = sa.select(RecallFeedback).where(RecallFeedback.answer_id == answer.id)
        found.append(ToldRecall(row, answer, parts, dossier, address, session.scalar(done), session.scalar(asked)))
    return found
