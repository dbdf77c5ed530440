"""The complaint record in its case: sealed, with the few columns that lists are filtered by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.complaint import ComplaintRecord
from app.models.case import Case
from app.models.ready import write
from app.models.vault import Vault


def seal_record(vault: Vault, case: Case, record: ComplaintRecord) -> None:
    """Put the record into its case, and bring the columns that stand beside it up to date."""
    phone = record.complainant.phone
    write(
        case,
        record=vault.seal(record.to_stored(), f"cases:record:{case.key}"),
        completeness=record.completeness(),
        phone=vault.seal(phone, f"cases:phone:{case.key}") if phone else None,
        phone_index=vault.index(phone) if phone else None,
    )


def keep_record(vault: Vault, case: Case, before: ComplaintRecord, record: ComplaintRecord) -> None:
    """Put the record into its case, unless it says what stood there before."""
    if record != before:
        seal_record(vault, case, record)


def open_record(vault: Vault, case: Case) -> ComplaintRecord:
    """The record of a case.

    Raises:
        SealBroken: if it was altered or belongs to another case.
    """
    return ComplaintRecord.from_json(vault.open(case.record, f"cases:record:{case.key}"))


_CHANGING: Final = ("record", "status", "severity", "outcome", "owner_id", "closed_at")
_LOCK: Final = (
    sa.select(Case.id).where(Case.id.in_(sa.bindparam("ids", expanding=True))).order_by(Case.id)
).with_for_update(key_share=True)


def lock_case(session: orm.Session, case: Case) -> None:
    """Let nobody else change a case until this transaction ends, and see what they have changed before.

    On SQLite nothing needs to be done, since units of work begin with BEGIN IMMEDIATE and so follow one another.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.flush()
        session.refresh(case, _CHANGING, with_for_update={"key_share": True})


def lock_cases(session: orm.Session, ids: Iterable[int]) -> None:
    """Let nobody else change these cases until this transaction ends; taken before what belongs to them is touched.

    Transactions that take the same rows in different orders stand still until one of them is ended. So all keep to
    one order: the conversation, the attempt, the case, the turn to promise, the promise (docs/crash-safety.md).
    """
    if session.get_bind().dialect.name == "postgresql" and (those := list(ids)):
        session.execute(_LOCK, {"ids": those})


def record_to_change(session: orm.Session, vault: Vault, case: Case) -> ComplaintRecord:
    """The record of a case about to be changed; it is one sealed whole, so of two changes at once one would be lost.

    Raises:
        SealBroken: if it was altered or belongs to another case.
    """
    lock_case(session, case)
    return open_record(vault, case)


def phone_of(vault: Vault, case: Case) -> str:
    """The number to call back, E.164; "" if none is known."""
    return str(vault.open(case.phone, f"cases:phone:{case.key}")) if case.phone else ""
