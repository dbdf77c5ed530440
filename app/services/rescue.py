"""Who can still save a promise, and a supervisor who has one of them do it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.compliance.whereabouts import Whereabouts, read_whereabouts, whereabouts
from app.domain.errors import Conflict, Invalid, LawUnknown, NotFound
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.domain.spans import first_instant
from app.domain.telephone import has_telephone
from app.models.journal import note
from app.models.promise import Promise
from app.models.staff import Staff, free_agents
from app.models.vault import Vault
from app.promising.workable import workable_spans


@dataclass(frozen=True, slots=True)
class Rescue:
    """Who can call, and from when on the customer may be called."""

    agents: tuple[Staff, ...]  # free, with a telephone, speaking the language; longest free first
    from_at: datetime | None  # in opening and lawful hours; None: at no time that is near

    def is_possible(self, now: datetime, due_at: datetime) -> bool:
        """Whether somebody can call before the deadline, as things are."""
        return bool(self.agents) and self.from_at is not None and max(self.from_at, now) < due_at


def where_is(vault: Vault, promise: Promise, hotline: Hotline) -> Whereabouts:
    """Where the customer of a promise may be."""
    if promise.whereabouts:
        return read_whereabouts(promise.whereabouts)
    return whereabouts(PhoneNumber(str(vault.open(promise.phone, f"promises:phone:{promise.key}"))), hotline)


def rescue(session: orm.Session, vault: Vault, promise: Promise, hotline: Hotline, *, now: datetime) -> Rescue:
    """Who can still save a promise at this moment."""
    try:
        where = where_is(vault, promise, hotline)
        from_at = first_instant(workable_spans(hotline, where, now, days=7, urgent=promise.urgent), now)
    except LawUnknown:
        from_at = None
    return Rescue(tuple(free_agents(session, promise.language, promise.case.kind)), from_at)


def assign_and_ring(
    session: orm.Session, vault: Vault, promise_id: int, agent: Staff | None, by: Staff, *, now: datetime
) -> str:
    """Give an open promise to an agent, whoever held it, and have it tried at once. Gives the case's protocol.

    The dispatcher rings the owner of a promise first, and asks law and line once more before it does.

    Raises:
        NotFound: if there is no such promise.
        Invalid: if nobody is named who can be rung.
        Conflict: if it has ended, or is being tried already.
    """
    if agent is None or agent.disabled_at is not None or not has_telephone(agent):
        raise Invalid("staff", "names nobody who can be rung")
    promise = session.get(Promise, promise_id)
    if promise is None:
        raise NotFound("promise")
    given = session.scalar(
        sa.update(Promise)
        .where(Promise.id == promise_id, Promise.status == "open", Promise.claimed_by.is_(None))
        .values(owner_id=agent.id, next_attempt_at=now)
        .returning(Promise.id)
    )
    if given is None:
        session.refresh(promise)
        ended = promise.status != "open"
        raise Conflict("this promise has ended meanwhile" if ended else "this promise is being tried at this moment")
    note(session, vault, promise.case, "rescued", f"staff:{by.id}", now, promise=promise_id, to=agent.name)
    return promise.case.protocol
