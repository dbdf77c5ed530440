"""When a caller was asked for consent to a recording, and when they answered: what makes the consent provable."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import orm

from app.domain.complaint import ComplaintRecord
from app.domain.complaint_terms import ConsentStatus
from app.ivr.turn import Position
from app.models.turns import heard_of
from app.models.vault import Vault


def with_consent_moments(session: orm.Session, vault: Vault, call_key: str, record: ComplaintRecord) -> ComplaintRecord:
    """The record with the instants of the turns in which the question was put and answered.

    A turn that only talks is not folded into the record at once, so the record would else tell a later moment.
    """
    consent = record.receipt.recording_consent
    if consent is None:
        return record
    moments = _moments(session, vault, call_key)
    if moments is None:
        return record
    asked, answered = moments
    if consent.status == ConsentStatus.ANNOUNCED:
        asked, answered_at = answered, None
    else:
        answered_at = answered
    told = consent.model_dump(mode="json") | {"asked_at": asked, "answered_at": answered_at}
    return record.with_facts({"receipt.recording_consent": told})


def _moments(session: orm.Session, vault: Vault, call_key: str) -> tuple[datetime, datetime] | None:
    before: datetime | None = None
    for row, body in heard_of(session, vault, call_key):
        if Position.from_json(body["p"]).known.get("consent"):
            return before or row.at, row.at
        before = row.at
    return None
