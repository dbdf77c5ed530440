"""Cases: complaints, cancellations and recall enquiries, with their append-only history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.call import Wait
from app.models.found import find


class Case(Base):
    """One matter of one customer. The standardized record stands sealed in `record`."""

    __tablename__ = "cases"
    __table_args__ = (sa.UniqueConstraint("source", "source_id"), sa.Index("ix_cases_received", "received_at", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # random; binds the sealed columns to this row
    protocol: Mapped[str] = mapped_column(unique=True)  # digits with a check digit
    kind: Mapped[str] = mapped_column(index=True)  # complaint, cancellation, recall, information
    status: Mapped[str] = mapped_column(index=True)  # received, in_progress, decided, closed, reopened
    channel: Mapped[str]  # phone, sms, web …
    language: Mapped[str]
    hotline: Mapped[str]
    source: Mapped[str]  # call, text, fallback, cfpb
    source_id: Mapped[str]  # call key and kind, message id, complaint id of the import: one case each
    call_key: Mapped[str | None] = mapped_column(index=True)  # None if it did not come by telephone
    phone: Mapped[bytes | None]  # sealed E.164; None if no number is known
    phone_index: Mapped[str | None] = mapped_column(index=True)
    record: Mapped[bytes]  # sealed ComplaintRecord
    completeness: Mapped[int] = mapped_column(default=0)  # percent of the record that is filled
    severity: Mapped[str] = mapped_column(default="normal")  # normal, high, safety
    received_at: Mapped[datetime]
    effective_at: Mapped[datetime | None]  # a cancellation's instant; None otherwise
    legal_due_at: Mapped[datetime | None]  # None where no law sets a limit
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"), index=True)  # None until somebody took it
    outcome: Mapped[str | None]  # None until decided (T13)
    closed_at: Mapped[datetime | None]
    delete_on: Mapped[date | None] = mapped_column(index=True)  # local day; None until closed and reckoned
    changed_at: Mapped[datetime]

    events: Mapped[list[CaseEvent]] = relationship(order_by="CaseEvent.id", back_populates="case")


class CaseEvent(Base):
    """One entry of a case's history; never changed, never removed (T14)."""

    __tablename__ = "case_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str]  # received, severity, promised, attempt, kept, note, outcome, handed_over, text_sent …
    actor: Mapped[str]  # ivr, clock, customer, staff:<id>
    text: Mapped[bytes]  # sealed
    key: Mapped[str] = mapped_column(unique=True)  # random; binds the sealed text

    case: Mapped[Case] = relationship(back_populates="events")


_NEWEST_OF_CALL: Final = (
    sa.select(Case).where(Case.call_key == sa.bindparam("call_key")).order_by(Case.id.desc()).limit(1)
)
_ASKED_ABOUT: Final = (
    sa.select(Case).join(Wait, Wait.case_id == Case.id).where(Wait.call_key == sa.bindparam("call_key"))
)
_BY_PROTOCOL: Final = sa.select(Case).where(Case.protocol == sa.bindparam("protocol"))


def newest_case_of(session: orm.Session, call_key: str) -> Case | None:
    """The newest case that a call opened; None if it opened none."""
    return find(session, _NEWEST_OF_CALL, call_key=call_key)


def case_with_protocol(session: orm.Session, protocol: str) -> Case | None:
    """The case with this protocol number; None if there is none."""
    return find(session, _BY_PROTOCOL, protocol=protocol)


def case_of_call_waiting(session: orm.Session, call_key: str) -> Case | None:
    """What a caller in the queue wants: the case they asked about, else the newest one that their call opened."""
    return find(session, _ASKED_ABOUT, call_key=call_key) or newest_case_of(session, call_key)


def kind_of_wait(session: orm.Session, wait: Wait) -> str:
    """The kind of the matter that somebody waits for; "" while none is known."""
    if wait.own_queue is not None:
        return wait.own_queue
    case = case_of_call_waiting(session, wait.call_key)
    return case.kind if case is not None else ""


def version_of(session: orm.Session, case_id: int) -> int:
    """How many entries the history of a case has: whatever happens to the case adds one, and none ever goes."""
    return session.scalar(sa.select(sa.func.count()).where(CaseEvent.case_id == case_id)) or 0


def newest_event_of(session: orm.Session, case_id: int) -> CaseEvent | None:
    """What somebody did last to a case; that a message went out for it is passed over."""
    done = sa.select(CaseEvent).where(
        CaseEvent.case_id == case_id, CaseEvent.kind.not_like("text%"), CaseEvent.kind.not_like("letter%")
    )
    return session.scalar(done.order_by(CaseEvent.id.desc()).limit(1))
