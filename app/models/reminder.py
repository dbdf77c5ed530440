"""What was said about a promise before it could be broken: to our own people, and to the customer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.promise import Promise


class Reminder(Base):
    """A reminder of a promise to people of the office; planned when the promise is made, said once."""

    __tablename__ = "reminders"
    __table_args__ = (sa.UniqueConstraint("promise_id", "level"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    promise_id: Mapped[int] = mapped_column(sa.ForeignKey("promises.id"))
    level: Mapped[str]  # owner, supervisor
    due_at: Mapped[datetime] = mapped_column(index=True)  # when it is to be said
    said_at: Mapped[datetime | None] = mapped_column(index=True)  # None while it is not due, or was never needed
    told: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)  # ids of the staff it was said to
    seen_at: Mapped[datetime | None]  # None until one of them has said that they saw it
    seen_by: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))

    promise: Mapped[Promise] = relationship()


def is_unsaid() -> sa.ColumnElement[bool]:
    """Not said yet, in words for which no index is used: most reminders were never needed, and stand there for ever."""
    return sa.func.coalesce(Reminder.said_at, sa.null()).is_(None)


class Forewarning(Base):
    """What a customer was told before a promise could no longer be kept, with the other time they were offered."""

    __tablename__ = "forewarnings"

    id: Mapped[int] = mapped_column(primary_key=True)
    promise_id: Mapped[int] = mapped_column(sa.ForeignKey("promises.id"), unique=True)  # a promise has one at most
    phone_index: Mapped[str] = mapped_column(index=True)  # whose answer counts
    foreseen_at: Mapped[datetime]
    cause: Mapped[str]  # no_agent, overload, no_lawful_time
    offered_due_at: Mapped[datetime | None]  # the first time that was offered; None: no other time was found
    offers: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)  # all that were, see `app.services.other_times`
    agreed_at: Mapped[datetime | None]  # None until the customer agreed

    promise: Mapped[Promise] = relationship()


def open_offer(session: orm.Session, now: datetime, *which: sa.ColumnElement[bool]) -> Forewarning | None:
    """The newest forewarning of an open promise whose first time can still be agreed to; None if there is none."""
    return session.scalar(
        sa.select(Forewarning)
        .join(Promise, Promise.id == Forewarning.promise_id)
        .where(Forewarning.offered_due_at > now, Promise.status == "open", *which)
        .order_by(Forewarning.foreseen_at.desc())
        .limit(1)
    )


def reminders_for(session: orm.Session, staff_id: int) -> list[Reminder]:
    """What was said to somebody about open promises and was seen by nobody yet, the promise with least slack first.

    Of a promise that somebody else has taken meanwhile, agents hear no more.
    """
    said = session.scalars(
        sa.select(Reminder)
        .join(Reminder.promise)
        .options(orm.contains_eager(Reminder.promise).joinedload(Promise.case))
        .where(Reminder.said_at.is_not(None), Reminder.seen_at.is_(None), Promise.status == "open")
        .order_by(Promise.latest_start_at, Reminder.said_at, Reminder.id)
    )
    shown: dict[int, Reminder] = {}
    for each in said:
        is_left_to_owner = each.level == "owner" and each.promise.owner_id not in (None, staff_id)
        if staff_id in each.told and not is_left_to_owner:
            shown[each.promise_id] = each  # the later one says more
    return list(shown.values())


def endangered(session: orm.Session) -> set[int]:
    """The open promises that a supervisor was told of, or whose breach was foreseen."""
    escalated = (
        sa.select(Reminder.promise_id)
        .join(Reminder.promise)
        .where(Reminder.said_at.is_not(None), Reminder.level == "supervisor", Promise.status == "open")
    )
    foreseen = sa.select(Forewarning.promise_id).join(Forewarning.promise).where(Promise.status == "open")
    return {*session.scalars(escalated), *session.scalars(foreseen)}
