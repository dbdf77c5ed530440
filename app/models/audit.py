"""What people of the office did and looked at: rows that are only ever added, beside the change they tell of."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.erased import is_erased
from app.models.vault import Vault


class AuditEntry(Base):
    """One deed or look of one person."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        sa.Index("ix_audit_entries_staff_id_view", "staff_id", "view"),
        sa.Index("ix_audit_entries_action_id", "action", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime] = mapped_column(index=True)  # wall time
    staff_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))  # None: nobody of the office
    action: Mapped[str]  # the name of the page or form, such as desk.claim
    subject: Mapped[str]  # its path; protocol numbers stand there, telephone numbers never do
    view: Mapped[str | None]  # keyed, of a page that was looked at; None for a deed
    details: Mapped[bytes]  # sealed: where from, and what was before and after


def audit(
    session: orm.Session,
    vault: Vault,
    *,
    at: datetime,
    staff_id: int | None,
    action: str,
    subject: str,
    details: dict[str, Any],
    view: str | None = None,
) -> None:
    """Add an entry."""
    key = secrets.token_urlsafe(12)
    session.add(
        AuditEntry(
            key=key,
            at=at,
            staff_id=staff_id,
            action=action,
            subject=subject,
            view=view,
            details=vault.seal(details, f"audit_entries:{key}"),
        )
    )


def details_of_entry(vault: Vault, entry: AuditEntry) -> dict[str, Any]:
    """Where it came from, and what was before and after; nothing once it was erased."""
    if is_erased(entry.details):
        return {}
    opened: dict[str, Any] = vault.open(entry.details, f"audit_entries:{entry.key}")
    return opened
