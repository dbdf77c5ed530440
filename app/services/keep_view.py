"""Filters of the call log that people keep under a name, for themselves or for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Invalid, NotFound
from app.models.saved_view import DefaultView, SavedView
from app.models.staff import Staff

LONGEST_NAME: Final = 60
_MOST: Final = 50  # views of one person


def views_for(session: orm.Session, staff: Staff) -> tuple[Sequence[SavedView], SavedView | None]:
    """What somebody can choose from: their own views and the shared ones by name; and the one they begin with."""
    seen = sa.or_(SavedView.owner_id == staff.id, SavedView.is_shared)
    views = session.scalars(sa.select(SavedView).where(seen).order_by(SavedView.name, SavedView.id)).all()
    chosen = session.get(DefaultView, staff.id)
    return views, next((view for view in views if chosen is not None and view.id == chosen.view_id), None)


def keep_view(
    session: orm.Session, staff: Staff, name: str, query: str, *, is_shared: bool, begins: bool, now: datetime
) -> SavedView:
    """Keep a filter; under a name that this person has used before, in place of the old one.

    Args:
        query: the filter as it stands in an address. A telephone number does not belong in it: nothing is kept unsealed
            by which a person is found.
        begins: whether the log shall open with it.

    Raises:
        Invalid: if the name is empty or too long, or there are too many.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid("name", f"needs 1 to {LONGEST_NAME} letters")
    view = session.scalar(sa.select(SavedView).where(SavedView.owner_id == staff.id, SavedView.name == name))
    if view is None:
        own = sa.select(sa.func.count()).select_from(SavedView).where(SavedView.owner_id == staff.id)
        if int(session.scalar(own) or 0) >= _MOST:
            raise Invalid("name", f"there are {_MOST} views already; remove one first")
        view = SavedView(owner_id=staff.id, name=name, query=query, is_shared=is_shared, created_at=now)
        session.add(view)
    view.query, view.is_shared = query, is_shared
    session.flush()
    if begins:
        begin_with(session, staff, view.id)
    return view


def begin_with(session: orm.Session, staff: Staff, view_id: int | None) -> None:
    """Let the log open with a view for this person; None for no filter.

    Raises:
        NotFound: if they can see no such view.
    """
    session.execute(sa.delete(DefaultView).where(DefaultView.staff_id == staff.id))
    if view_id is not None:
        session.add(DefaultView(staff_id=staff.id, view_id=_seen(session, staff, view_id).id))
        session.flush()


def remove_view(session: orm.Session, staff: Staff, view_id: int) -> None:
    """Remove one's own view; whoever began with it begins without a filter again.

    Raises:
        NotFound: if it is none of theirs.
    """
    view = _seen(session, staff, view_id)
    if view.owner_id != staff.id:
        raise NotFound("view")
    session.execute(sa.delete(DefaultView).where(DefaultView.view_id == view.id))
    session.delete(view)


def _seen(session: orm.Session, staff: Staff, view_id: int) -> SavedView:
    view = session.get(SavedView, view_id)
    if view is None or not (view.is_shared or view.owner_id == staff.id):
        raise NotFound("view")
    return view
