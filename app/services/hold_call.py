"""A customer is put on hold, taken back, or handed to a colleague while they wait.

On hold the customer's leg waits in a queue of its own and the agent's leg listens; both are sent there by the network,
so each step is written down before it is ordered. Whatever dies in between, the page of the call says how it stands,
and who is on hold is either taken back or told that the connection broke off.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Conflict, Invalid
from app.domain.telephone import has_telephone
from app.models.call import Call
from app.models.case import Case
from app.models.journal import note, order_hang_up
from app.models.promise import Attempt
from app.models.staff import Staff, disengage, engage
from app.models.vault import Vault
from app.services.hand_over import hand_over


def queue_of(attempt_key: str) -> str:
    """Where the customer of an attempt waits while on hold."""
    return f"hold-{attempt_key}"


def customer_leg(session: orm.Session, attempt: Attempt) -> str | None:
    """The network's id of the customer's leg; None if it is not known."""
    if attempt.wait_key is not None:
        return session.scalar(sa.select(Call.network_id).where(Call.key == attempt.wait_key))
    return attempt.customer_network_id


def begin_hold(session: orm.Session, attempt: Attempt, *, now: datetime) -> str:
    """Write down that the customer shall wait; gives their leg, which is then sent there.

    Raises:
        Conflict: if they do not talk with each other, or the customer waits already.
    """
    leg = customer_leg(session, attempt)
    held = _set(session, attempt, Attempt.on_hold_at.is_(None), on_hold_at=now, held_at=None)
    if leg is None or not held:
        raise Conflict("you do not talk with the customer at this moment; nothing was changed")
    return leg


def came_to_hold(session: orm.Session, attempt: Attempt, *, now: datetime) -> None:
    """The customer's leg waits now."""
    _set(session, attempt, Attempt.on_hold_at.is_not(None), held_at=now)


def end_hold(session: orm.Session, attempt: Attempt) -> bool:
    """Write down that the customer is taken back; gives whether their leg waits, so that the agent's must go there.

    Raises:
        Conflict: if nobody is on hold.
    """
    waits = attempt.held_at is not None
    if not _set(session, attempt, Attempt.on_hold_at.is_not(None), on_hold_at=None, held_at=None, transfer_to=None):
        raise Conflict("the customer is not on hold; nothing was changed")
    return waits


def ask_to_take_over(session: orm.Session, attempt: Attempt, to: Staff | None) -> Staff:
    """Write down who is asked to take over a customer on hold; they are rung then.

    Raises:
        Invalid: if nobody is named who could be rung.
        Conflict: if they are on a call, or nobody is on hold.
    """
    if to is None or to.disabled_at is not None or not has_telephone(to) or to.id == attempt.staff_id:
        raise Invalid("to", "names nobody who can be rung")
    if to.engaged_with is not None:
        raise Conflict(f"{to.name} is on another call at this moment")
    if not _set(session, attempt, Attempt.held_at.is_not(None), transfer_to=to.id):
        raise Conflict("the customer is not on hold; nothing was changed")
    return to


def ask_no_more(session: orm.Session, attempt: Attempt, staff_id: int) -> None:
    """Who was asked does not take over; the customer waits on for the agent who asked."""
    _set(session, attempt, Attempt.transfer_to == staff_id, transfer_to=None)


def take_over(
    session: orm.Session,
    vault: Vault,
    attempt: Attempt,
    case: Case | None,
    network_id: str,
    *,
    now: datetime,
    wall_now: datetime,
) -> bool:
    """Who was asked takes over: the call is theirs, and the case too (T11). False if it is too late.

    Args:
        network_id: of their leg.
    """
    to = session.get(Staff, attempt.transfer_to) if attempt.transfer_to is not None else None
    before, leg_before = session.get(Staff, attempt.staff_id), attempt.network_id
    if to is None or before is None or attempt.stage != "bridged" or attempt.held_at is None:
        return False
    disengage(session, attempt.key, free_since=now)
    if not engage(session, to.id, attempt.key, wall_now=wall_now, even_if_away=True):
        engage(session, before.id, attempt.key, wall_now=wall_now, even_if_away=True)
        return False
    attempt.staff_id, attempt.network_id = to.id, network_id
    attempt.on_hold_at = attempt.held_at = attempt.transfer_to = None
    if leg_before is not None:
        order_hang_up(session, vault, leg_before, now)
    if case is not None:
        note(session, vault, case, "transferred", f"staff:{before.id}", now, to=to.name, attempt=attempt.key)
        if case.owner_id != to.id:
            hand_over(session, vault, case, to, "the conversation was handed over", before, now=now)
    return True


def _set(session: orm.Session, attempt: Attempt, when: sa.ColumnElement[bool], **values: object) -> bool:
    """Change an attempt in which both talk, if it stands as expected; one conditional UPDATE."""
    changed = session.scalar(
        sa.update(Attempt)
        .where(Attempt.id == attempt.id, Attempt.stage == "bridged", when)
        .values(**values)
        .returning(Attempt.id)
    )
    session.refresh(attempt)
    return changed is not None
