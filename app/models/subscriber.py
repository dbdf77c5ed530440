"""Other systems that are told of events, and each event on its way to each of them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.charge import OrderStatus
from app.domain.told_event import EVENT_OF
from app.models.base import Base
from app.models.case import Case
from app.models.ready import table_of


class Subscriber(Base):
    """An address that events are posted to, signed with a secret that it shares with us."""

    __tablename__ = "subscribers"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # random; binds the sealed columns to this row
    name: Mapped[str] = mapped_column(unique=True)
    url: Mapped[bytes]  # sealed, since some systems put a password into it
    events: Mapped[str]  # " case.opened promise.kept ": which it wants
    with_phone: Mapped[bool] = mapped_column(default=False)  # whether the customer's number is told, too
    secret: Mapped[bytes]  # sealed
    old_secret: Mapped[bytes | None]  # sealed: the one before, until `old_until`
    old_until: Mapped[datetime | None]  # wall time
    created_at: Mapped[datetime]  # wall time
    disabled_at: Mapped[datetime | None]  # None while events are gathered and sent
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    resume_at: Mapped[datetime | None]  # office time before which nothing is sent; None while it answers

    @property
    def wants(self) -> tuple[str, ...]:
        """The events that it is told of."""
        return tuple(self.events.split())


class Delivery(Base):
    """One event on its way to one subscriber; `event_key` stays the same each time it is sent."""

    __tablename__ = "deliveries"
    __table_args__ = (
        sa.Index("ix_deliveries_status_next_at", "status", "next_at"),
        sa.Index("ix_deliveries_subscriber_id_case_id", "subscriber_id", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(sa.ForeignKey("subscribers.id"))
    event_key: Mapped[str]  # of the entry of the history
    event: Mapped[str]  # its name
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cases.id"), index=True)  # None: a test
    created_at: Mapped[datetime]  # office time
    next_at: Mapped[datetime]  # office time
    tries: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(default="waiting")  # waiting, sending, accepted, dead
    claimed_until: Mapped[datetime | None]  # wall time
    answer: Mapped[str | None]  # what came of the last try, in our words
    accepted_at: Mapped[datetime | None]  # office time

    subscriber: Mapped[Subscriber] = relationship()
    case: Mapped[Case | None] = relationship()


def place_of(subscriber: Subscriber, column: str) -> str:
    """To which row and column something sealed is bound."""
    return f"subscribers:{column}:{subscriber.key}"


_SUBSCRIBERS: Final = table_of(Subscriber)
_AT: Final = sa.bindparam("happened_at", type_=Delivery.created_at.type)
_TELL: Final = sa.insert(table_of(Delivery)).from_select(
    ["subscriber_id", "event_key", "event", "case_id", "created_at", "next_at", "tries", "status"],
    sa.select(
        _SUBSCRIBERS.c.id,
        sa.bindparam("entry_key", type_=sa.Text),
        sa.bindparam("event_name", type_=sa.Text),
        sa.bindparam("of_case", type_=sa.Integer),
        _AT,
        _AT,
        sa.literal_column("0"),
        sa.literal_column(f"'{OrderStatus.WAITING.value}'"),
    )
    .where(
        _SUBSCRIBERS.c.disabled_at.is_(None),
        _SUBSCRIBERS.c.events.like(sa.bindparam("wanted", type_=sa.Text)),
    )
    .order_by(_SUBSCRIBERS.c.id),
    include_defaults=False,
)


def tell(session: orm.Session, case_id: int, entry_key: str, kind: str, at: datetime) -> None:
    """Put an entry of a history on its way to whoever wants to know of it, in the transaction that adds it.

    One statement whoever wants it, so that nobody who subscribed before is passed over.
    """
    event = EVENT_OF.get(kind)
    if event is not None:
        values = {"entry_key": entry_key, "event_name": event, "of_case": case_id, "happened_at": at}
        session.execute(_TELL, values | {"wanted": f"% {event} %"})
