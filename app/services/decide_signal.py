"""A supervisor decides about a signal: confirm (a recall draft opens with the evidence), watch or dismiss (P1)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Conflict, Invalid
from app.domain.recall_draft import first_draft
from app.models.hazard import HazardReport, HazardSignal, HazardSubject, RecallDraft
from app.models.one_at_a_time import one_at_a_time
from app.models.staff import Staff
from app.models.vault import Vault
from app.services.raise_signals import note_signal


class Decision(StrEnum):
    """What a supervisor makes of a signal."""

    CONFIRMED = "confirmed"
    WATCHED = "watched"
    DISMISSED = "dismissed"


_DECIDABLE = ("open", "watched")


def decide_signal(
    session: orm.Session,
    vault: Vault,
    signal: HazardSignal,
    decision: Decision,
    reason: str,
    by: Staff,
    *,
    seen: datetime,
    now: datetime,
) -> RecallDraft | None:
    """Put a decision on record; gives the recall draft if the signal was confirmed.

    Args:
        reason: why; only a confirmation needs none.
        seen: when the signal that was decided on had last changed.

    Raises:
        Invalid: if a reason is missing.
        Conflict: if the signal has changed, or was decided, since.
    """
    reason = reason.strip()
    if not reason and decision is not Decision.CONFIRMED:
        raise Invalid("reason", "is missing: say why the signal is watched or dismissed")
    one_at_a_time(session, "hazards")
    session.refresh(signal)
    if signal.status not in _DECIDABLE or signal.changed_at != seen:
        raise Conflict("the signal has changed since; reload the page, nothing was decided")
    signal.status, signal.changed_at = str(decision), now
    note_signal(session, vault, signal.id, str(decision), f"staff:{by.id}", now, reason=reason)
    return _open_draft(session, signal, by, now) if decision is Decision.CONFIRMED else None


def _open_draft(session: orm.Session, signal: HazardSignal, by: Staff, now: datetime) -> RecallDraft:
    reports = session.scalars(sa.select(HazardReport).where(HazardReport.id.in_(signal.evidence))).all()
    told = Counter(danger for report in reports for danger in report.dangers if danger != "hurt")
    for report in reports:
        report.explained = True
    subject = session.get_one(HazardSubject, signal.subject_id)
    dangers = [danger for danger, _ in told.most_common()]
    draft = first_draft(subject.kind, subject.shown, subject.normal, dangers, len(reports))
    row = RecallDraft(
        signal_id=signal.id, document=draft.model_dump(mode="json"), changed_at=now, changed_by=by.id, recall_id=None
    )
    session.add(row)
    session.flush()
    return row
