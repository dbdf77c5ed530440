"""An agent is rung in the browser, or at a telephone number: the choice, and whether the page is there to ring."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Invalid
from app.domain.telephone import OPEN_FOR
from app.models.staff import Staff

TOKEN_LASTS: Final = timedelta(minutes=10)
"""The machine's time: how long the network believes a page; the page asks for the next token before."""


def choose_softphone(session: orm.Session, staff: Staff, *, is_wanted: bool) -> None:
    """From now on somebody is rung in the browser while their page is open, or at their number again.

    Raises:
        Invalid: if they have no number to be rung at instead, and are available.
    """
    if not is_wanted and staff.phone is None and staff.available:
        raise Invalid("phone", "there is none on file; go away from the telephone first")
    # A name that says nothing, and is nobody else's; the same for good, so that a page that is open goes on ringing.
    name = staff.softphone_name or secrets.token_hex(12)
    values = {"rings_softphone": is_wanted, "softphone_name": name, "softphone_until": None}
    session.execute(sa.update(Staff).where(Staff.id == staff.id).values(**values))


def keep_open(session: orm.Session, staff_id: int, *, wall_now: datetime) -> bool:
    """The page says that it can be rung; gives whether its owner still wants that."""
    changed = sa.update(Staff).where(Staff.id == staff_id, Staff.rings_softphone, Staff.disabled_at.is_(None))
    return session.scalar(changed.values(softphone_until=wall_now + OPEN_FOR).returning(Staff.id)) is not None


def close_softphone(session: orm.Session, staff_id: int | None) -> None:
    """The page is gone, its login has ended, or the network knew of none: the number is rung until it opens again."""
    session.execute(sa.update(Staff).where(Staff.id == staff_id).values(softphone_until=None))


def give_up_softphone(session: orm.Session, staff_id: int | None) -> None:
    """The network will never ring this softphone: back to the number, or to nobody until somebody mends it."""
    has_number = sa.and_(Staff.available, Staff.phone.is_not(None))
    values = {"rings_softphone": False, "softphone_until": None, "available": has_number}
    session.execute(sa.update(Staff).where(Staff.id == staff_id).values(**values))
