"""Recalls and dossiers as what they are, read from their rows; and the notice that follows from both."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from app.compliance.recall_text import NoticeParts, notice_parts
from app.domain.recall import Recall
from app.domain.recall_dossier import Dossier
from app.models.recall import RecallDossier, RecallRow


def recall_of(row: RecallRow) -> Recall:
    """The recall as its authority published it."""
    return Recall.model_validate(row.document)


def dossier_of(session: orm.Session, recall_id: int) -> Dossier | None:
    """What the office added; None if nothing yet."""
    row = session.get(RecallDossier, recall_id)
    return Dossier.model_validate(row.document) if row is not None else None


def notice_of(session: orm.Session, row: RecallRow, language: str) -> NoticeParts:
    """What may be said of a recall in a language."""
    return notice_parts(recall_of(row), dossier_of(session, row.id), language)


def latest_recalls(session: orm.Session, most: int) -> Sequence[RecallRow]:
    """The recalls published last, newest first; those without a date come never."""
    query = sa.select(RecallRow).where(RecallRow.published_on.is_not(None))
    return session.scalars(query.order_by(RecallRow.published_on.desc(), RecallRow.id.desc()).limit(most)).all()
