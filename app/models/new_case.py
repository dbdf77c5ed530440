"""A matter is put on record: the case with its number and its sealed record, whatever door it came by."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import orm

from app.domain.complaint import ComplaintRecord
from app.domain.complaint_known import fold_known
from app.domain.hotline import Hotline
from app.models.case import Case
from app.models.protocols import free_protocol
from app.models.records import seal_record
from app.models.vault import Vault


def add_case(
    session: orm.Session,
    vault: Vault,
    hotline: Hotline,
    *,
    kind: str,
    channel: str,
    language: str,
    source: str,
    source_id: str,
    received_by: str,
    now: datetime,
    received_at: datetime | None = None,
    severity: str = "normal",
    call_key: str | None = None,
    facts: Mapping[str, object] | None = None,
    known: Mapping[str, Any] | None = None,
) -> Case:
    """Number and write down a new case; its history is for the caller to begin.

    Args:
        source: by what it came, with `source_id` the database refuses it a second time.
        received_at: when, if not now.
        facts: of the record, by dotted name.
        known: what the flows know, folded into the record.
    """
    at = received_at or now
    protocol = free_protocol(session, now)
    record = ComplaintRecord().with_facts(
        {
            "receipt.protocol": protocol,
            "receipt.received_at": at,
            "receipt.timezone": str(hotline.zone),
            "receipt.channel": channel,
            "receipt.call_key": call_key,
            "receipt.language": language,
            "receipt.hotline": hotline.name,
            "receipt.received_by": received_by,
            "assessment.severity": severity,
            "outcome.status": "received",
            **(facts or {}),
        }
    )
    if known is not None:
        record = fold_known(record, {**known, "protocol": protocol, "case_kind": kind}, at=now)
    case = Case(
        key=secrets.token_urlsafe(12),
        protocol=protocol,
        kind=kind,
        status="received",
        channel=channel,
        language=language,
        hotline=hotline.name,
        source=source,
        source_id=source_id,
        call_key=call_key,
        severity=severity,
        received_at=at,
        effective_at=at if kind == "cancellation" else None,
        changed_at=now,
    )
    seal_record(vault, case, record)
    session.add(case)
    session.flush()
    return case
