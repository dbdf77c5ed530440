"""What somebody may not grant by themselves is asked of somebody who may; both see it in the history (T12)."""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.authority import may_grant
from app.domain.disposition import Disposition
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.models.approval import Approval
from app.models.case import Case
from app.models.journal import note
from app.models.records import lock_case
from app.models.staff import Staff
from app.models.vault import Vault

_LONGEST = 1_000
_MOST_CENTS = 1_000_000_000_00


def ask_approval(
    session: orm.Session,
    vault: Vault,
    case: Case,
    staff: Staff,
    *,
    disposition: Disposition,
    cents: int | None,
    reason: str,
    now: datetime,
) -> Approval:
    """Ask for a grant; asking twice for the same is one question.

    Raises:
        Invalid: if the amount or the reason is missing, or they may grant so much themselves.
        Conflict: if another grant is asked for already.
    """
    why = reason.strip()
    if cents is None or not 0 < cents <= _MOST_CENTS:
        raise Invalid("redress", "is missing; write how much is to be granted")
    if may_grant(staff.role, staff.authority_cents, cents):
        raise Invalid("redress", "is within your own authority; no approval is needed")
    if not why or len(why) > _LONGEST:
        raise Invalid("reason", "is missing, or too long; say in a sentence why it should be granted")
    lock_case(session, case)
    if case.closed_at is not None:
        raise Conflict("this case is closed already; nothing was asked")
    key = secrets.token_urlsafe(12)
    values = {
        "key": key,
        "case_id": case.id,
        "disposition": disposition.value,
        "cents": cents,
        "asked_by": staff.id,
        "asked_at": now,
        "reason": vault.seal(why, f"approvals:reason:{key}"),
        "status": "open",
    }
    standing = session.scalar(sa.select(Approval).where(Approval.case_id == case.id, Approval.status == "open"))
    if standing is None:
        session.add(Approval(**values))
        session.flush()
        note(session, vault, case, "approval_asked", f"staff:{staff.id}", now, cents=cents, reason=why)
        return session.scalars(sa.select(Approval).where(Approval.key == key)).one()
    if (standing.asked_by, standing.cents, standing.disposition) != (staff.id, cents, disposition.value):
        raise Conflict("a grant is asked for already about this case; wait for the answer, or take the question back")
    return standing


def decide_approval(
    session: orm.Session,
    vault: Vault,
    approval_id: int,
    staff: Staff,
    *,
    is_approved: bool,
    reason: str,
    now: datetime,
) -> Approval:
    """Approve or refuse, once; one conditional UPDATE decides between two who answer at the same time.

    Raises:
        NotFound: if there is no such question.
        NotAllowed: if they asked it themselves, or may not grant so much either.
        Invalid: if it is refused without a reason.
        Conflict: if it was answered already; the message says by whom.
    """
    approval = session.get(Approval, approval_id)
    if approval is None:
        raise NotFound("approval")
    if approval.asked_by == staff.id:
        raise NotAllowed("approve what you asked for yourself")
    if is_approved and not may_grant(staff.role, staff.authority_cents, approval.cents):
        raise NotAllowed("grant so much: it is above your own authority, too")
    why = reason.strip()
    if len(why) > _LONGEST or (not why and not is_approved):
        raise Invalid("reason", "is missing, or too long; who asked must learn why")
    status = "approved" if is_approved else "refused"
    sealed = vault.seal(why, f"approvals:answer:{approval.key}") if why else None
    if not _move(session, approval, status, decided_by=staff.id, decided_at=now, answer=sealed):
        by = session.get(Staff, approval.decided_by) if approval.decided_by else None
        raise Conflict(
            f"{by.name if by else 'who asked'} was faster: it is {approval.status.replace('_', ' ')} already"
        )
    details = {"cents": approval.cents, "reason": why or None}
    note(
        session, vault, approval.case, f"approval_{status}", f"staff:{staff.id}", now,
        **{name: each for name, each in details.items() if each},
    )  # fmt: skip
    return approval


def take_back_approval(session: orm.Session, vault: Vault, approval_id: int, staff: Staff, *, now: datetime) -> None:
    """Ask no more.

    Raises:
        NotFound: if they asked no such thing.
        Conflict: if it was answered already.
    """
    approval = session.get(Approval, approval_id)
    if approval is None or approval.asked_by != staff.id:
        raise NotFound("approval")
    if not _move(session, approval, "taken_back", decided_at=now, seen_at=now):
        raise Conflict(f"it is {approval.status} already")
    note(session, vault, approval.case, "approval_taken_back", f"staff:{staff.id}", now, cents=approval.cents)


def use_approval(session: orm.Session, case: Case, staff: Staff, disposition: Disposition, cents: int | None) -> None:
    """Make sure that somebody may grant so much: by themselves, or since it was approved, which counts once.

    Raises:
        Invalid: if it is above their authority and was not approved.
    """
    if cents is None or may_grant(staff.role, staff.authority_cents, cents):
        return
    used = session.scalar(
        sa.update(Approval)
        .where(
            Approval.id.in_(
                sa.select(Approval.id)
                .where(
                    Approval.case_id == case.id,
                    Approval.status == "approved",
                    Approval.disposition == disposition.value,
                    Approval.cents >= cents,
                )
                .order_by(Approval.cents)
                .limit(1)
            )
        )
        .values(status="used", seen_at=sa.func.coalesce(Approval.seen_at, Approval.decided_at))
        .returning(Approval.id)
    )
    if used is None:
        raise Invalid("redress", "is above your authority; ask for approval below")


def _move(session: orm.Session, approval: Approval, status: str, **values: object) -> bool:
    moved = session.scalar(
        sa.update(Approval)
        .where(Approval.id == approval.id, Approval.status == "open")
        .values(status=status, **values)
        .returning(Approval.id)
    )
    session.refresh(approval)
    return moved is not None


def see_answer(session: orm.Session, approval_id: int, staff: Staff, *, now: datetime) -> None:
    """Who asked has seen the answer, and is reminded of it no more."""
    session.execute(
        sa.update(Approval)
        .where(Approval.id == approval_id, Approval.asked_by == staff.id, Approval.decided_at.is_not(None))
        .values(seen_at=now)
    )
