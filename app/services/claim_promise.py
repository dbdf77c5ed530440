"""An agent takes a promise for themselves, or gives it back."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Conflict, NotFound
from app.models.case import Case
from app.models.journal import note
from app.models.promise import Promise
from app.models.records import lock_cases
from app.models.staff import Staff
from app.models.vault import Vault

_MOST: Final = 50  # promises tried before giving up


def claim_promise(session: orm.Session, vault: Vault, promise_id: int, staff: Staff, *, now: datetime) -> str:
    """Take an open promise; the office then rings this agent for it first. Gives the case's protocol.

    Raises:
        NotFound: if there is no such promise.
        Conflict: if somebody else holds it, or it has ended; the message says who won.
    """
    promise = _promise(session, promise_id)
    lock_cases(session, [promise.case_id])
    taken = session.scalar(
        sa.update(Promise)
        .where(
            Promise.id == promise_id,
            Promise.status == "open",
            sa.or_(Promise.owner_id.is_(None), Promise.owner_id == staff.id),
        )
        .values(owner_id=staff.id)
        .returning(Promise.id)
    )
    if taken is None:
        session.refresh(promise)
        if promise.status != "open":
            raise Conflict("this promise has ended meanwhile; nothing was changed")
        holder = session.get_one(Staff, promise.owner_id)
        raise Conflict(f"{holder.name} was faster and holds this promise; nothing was changed")
    note(session, vault, promise.case, "claimed", f"staff:{staff.id}", now, promise=promise.id)
    return promise.case.protocol


def claim_next(session: orm.Session, vault: Vault, staff: Staff, *, now: datetime) -> str:
    """Take the open promise with least slack that nobody holds and this person can serve. Gives the case's protocol.

    Who was faster at one leaves the next; of two who ask at once each gets another one.

    Raises:
        Conflict: if there is none.
    """
    waiting = (
        sa.select(Promise.id)
        .join(Case, Case.id == Promise.case_id)
        .where(
            Promise.status == "open",
            Promise.owner_id.is_(None),
            sa.or_(Case.owner_id.is_(None), Case.owner_id == staff.id),
            Promise.language.in_(staff.languages),
            *([Case.kind.in_(staff.skills)] if staff.skills else []),
        )
        .order_by(Promise.urgent.desc(), Promise.latest_start_at, Promise.due_at)
        .limit(_MOST)
    )
    for promise_id in session.scalars(waiting).all():
        try:
            return claim_promise(session, vault, promise_id, staff, now=now)
        except Conflict:
            continue
    raise Conflict("no promise waits that nobody holds and that you can serve; nothing was changed")


def release_promise(session: orm.Session, vault: Vault, promise_id: int, staff: Staff, *, now: datetime) -> str:
    """Give a promise back to everybody. Gives the case's protocol.

    Raises:
        NotFound: if there is no such promise.
        Conflict: if somebody else holds it.
    """
    promise = _promise(session, promise_id)
    lock_cases(session, [promise.case_id])
    given_back = session.scalar(
        sa.update(Promise)
        .where(Promise.id == promise_id, Promise.owner_id == staff.id)
        .values(owner_id=None)
        .returning(Promise.id)
    )
    if given_back is None:
        raise Conflict("you do not hold this promise; nothing was changed")
    note(session, vault, promise.case, "released", f"staff:{staff.id}", now, promise=promise.id)
    return promise.case.protocol


def _promise(session: orm.Session, promise_id: int) -> Promise:
    promise = session.get(Promise, promise_id)
    if promise is None:
        raise NotFound("promise")
    return promise
