"""The whole history of one matter as one document: what came in, what was promised, done and answered (S5).

It is plain data, as it stood when it was written; pages and letters are made from it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from app.analytics.case_file import case_files, spoken_text
from app.domain.complaint import ComplaintRecord
from app.domain.hotline import Hotline
from app.models.call import Recording
from app.models.case import Case
from app.models.promise import Attempt, Promise
from app.models.staff import Staff
from app.models.turns import TurnStore
from app.models.vault import Vault


def matter_history(
    session: orm.Session, vault: Vault, turns: TurnStore, case: Case, hotline: Hotline, *, now: datetime
) -> dict[str, Any]:
    """Everything that is known about a case, as JSON values. Instants are ISO 8601 in UTC.

    Args:
        now: when the document is written.
    """
    (file,) = case_files(session, vault, turns, [case], now=now)
    names = {str(each.id): each.name for each in session.scalars(sa.select(Staff))}
    promises = session.scalars(sa.select(Promise).where(Promise.case_id == case.id).order_by(Promise.id)).all()
    recordings = session.scalars(sa.select(Recording).where(Recording.call_key == case.call_key)).all()
    company = hotline.company
    return {
        "document": "history",
        "written_at": now.isoformat(),
        "zone": hotline.zone.key,
        "company": {"name": company.name, "address": company.address, "email": company.email},
        "protocol": case.protocol,
        "kind": case.kind,
        "status": case.status,
        "channel": case.channel,
        "language": case.language,
        "received_at": case.received_at.isoformat(),
        "closed_at": case.closed_at.isoformat() if case.closed_at else None,
        "legal_due_at": case.legal_due_at.isoformat() if case.legal_due_at else None,
        "answer": file.record.outcome.response,
        "record": _told(file.record),
        "promises": [_promise(vault, promise) for promise in promises],
        "recordings": [
            {"started_at": each.started_at.isoformat(), "seconds": each.seconds, "status": each.status}
            for each in recordings
        ],
        "events": [
            {
                "at": entry.at.isoformat(),
                "kind": entry.kind,
                "actor": entry.actor,
                "who": names.get(entry.actor.partition(":")[2]),
                "details": entry.details,
            }
            for entry in file.history
        ],
    }


def _told(record: ComplaintRecord) -> dict[str, Any]:
    return {group: record.to_stored().get(group, {}) for group in ("receipt", "complainant", "matter", "outcome")}


def _promise(vault: Vault, promise: Promise) -> dict[str, Any]:
    return {
        "made_at": promise.made_at.isoformat(),
        "due_at": promise.due_at.isoformat(),
        "words": spoken_text(vault, promise),
        "status": promise.status,
        "ended_at": promise.ended_at.isoformat() if promise.ended_at else None,
        "cause": promise.cause,
        "attempts": [_attempt(attempt) for attempt in promise.attempts],
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "at": (attempt.dialled_at or attempt.started_at).isoformat(),
        "result": attempt.result,
        "seconds": attempt.seconds,
    }
