"""What is counted stays when a person goes: the numbers remain, and nothing that leads to anybody."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.hazard import HazardCount, HazardReport, HazardSubject
from app.models.recall import RecallAnswer
from app.models.recall_progress import RecallFeedback
from app.models.satisfaction import Satisfaction


def forget_cases(session: orm.Session, case_ids: Sequence[int]) -> None:
    """Take from what was counted of these cases what leads to them, before they are removed or emptied."""
    answers = sa.update(RecallAnswer).where(RecallAnswer.case_id.in_(case_ids))
    session.execute(answers.where(RecallAnswer.call_key.is_(None)).values(phone_index=None))
    session.execute(answers.values(case_id=None, address=None))
    feedback = sa.update(RecallFeedback).where(RecallFeedback.case_id.in_(case_ids))
    session.execute(feedback.values(case_id=None, phone_index=None))
    satisfied = sa.update(Satisfaction).where(Satisfaction.case_id.in_(case_ids))
    session.execute(satisfied.values(case_id=None, phone_index=None))
    reports = session.scalars(sa.select(HazardReport.id).where(HazardReport.case_id.in_(case_ids))).all()
    if not reports:
        return
    session.execute(sa.update(HazardReport).where(HazardReport.id.in_(reports)).values(case_id=None, phone_index=None))
    _forget_words(session, reports)


def forget_call(session: orm.Session, call_key: str) -> None:
    """Take from what was answered in a call what leads to it, before it is removed."""
    answers = sa.update(RecallAnswer).where(RecallAnswer.call_key == call_key)
    session.execute(answers.values(call_key=None, phone_index=None, address=None))


def _forget_words(session: orm.Session, reports: Sequence[int]) -> None:
    """What a product was called stays only if somebody else whose complaint is kept calls it so, too."""
    named = sa.select(HazardCount.subject_id).where(HazardCount.report_id.in_(reports))
    kept = (
        sa.exists()
        .where(HazardCount.subject_id == HazardSubject.id, HazardCount.report_id == HazardReport.id)
        .where(HazardReport.case_id.is_not(None))
    )
    gone = "gone " + sa.cast(HazardSubject.id, sa.Text)
    session.execute(
        sa.update(HazardSubject)
        .where(HazardSubject.id.in_(named), HazardSubject.kind != "number", ~kept)
        .values(normal=gone, shown=gone)
        .execution_options(synchronize_session=False)
    )
