"""Promises and the attempts to keep them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.campaign import CampaignContact, CampaignMember
from app.models.case import Case
from app.models.found import find, find_rows
from app.models.ready import ask_all, ask_one, note_written, table_of

_WEEK: Final = timedelta(days=7)


class Promise(Base):
    """Our word to call a customer back by a deadline; the ledger's row."""

    __tablename__ = "promises"
    __table_args__ = (
        sa.Index("ix_promises_dispatch", "status", "next_attempt_at", "latest_start_at"),
        # All that a plan must know: thousands are read in one turn, and beside each lies its proof of many kilobytes.
        sa.Index(
            "ix_promises_planned",
            *("status", "hotline", "due_at", "next_attempt_at", "language", "whereabouts", "phone_index", "kind", "id"),
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # random; binds the sealed columns to this row
    made_by: Mapped[str] = mapped_column(unique=True)  # call key and turn, or what else made it: one promise each
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(default="")  # of the case, which never changes; "": anybody may call
    hotline: Mapped[str]
    language: Mapped[str]
    phone: Mapped[bytes]  # sealed E.164
    phone_index: Mapped[str] = mapped_column(index=True)
    call_key: Mapped[str | None]  # the call it was made in; None if it was made elsewhere
    made_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    not_before_at: Mapped[datetime]
    latest_start_at: Mapped[datetime]
    legal_due_at: Mapped[datetime | None]  # None where no law sets a limit
    legal_ref: Mapped[str | None]
    at_risk: Mapped[bool] = mapped_column(default=False)
    urgent: Mapped[bool] = mapped_column(default=False)
    spoken_text: Mapped[bytes | None]  # sealed words as spoken; None until spoken
    flow_version: Mapped[str | None]
    verdicts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what the law said, with citations
    plan: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))  # the proof; None if none was found
    whereabouts: Mapped[str | None]  # zones and laws of the number, see `app.compliance.whereabouts`; None: unknown
    status: Mapped[str] = mapped_column(default="open", index=True)
    next_attempt_at: Mapped[datetime]
    attempts_made: Mapped[int] = mapped_column(default=0)  # rings at the customer's only
    claimed_by: Mapped[str | None]  # None while free
    claimed_until: Mapped[datetime | None]  # wall time, not office time
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None]  # None while open
    cause: Mapped[str | None]  # why it was broken, moved …
    successor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("promises.id"))

    case: Mapped[Case] = relationship()
    attempts: Mapped[list[Attempt]] = relationship(order_by="Attempt.id", back_populates="promise")


_UNDER_WAY: dict[str, Any] = {
    "sqlite_where": sa.text("stage <> 'ended'"),
    "postgresql_where": sa.text("stage <> 'ended'"),
}


class Attempt(Base):
    """One try to bring a customer and an agent together: for a promise, or for a waiting caller.

    Or one try of a campaign to reach somebody, who speaks with an agent only if they want to.

    `stage` moves forward only: intended, placed, accepted, dialled, bridged, ended.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        # The database itself keeps a customer from being rung twice at once, and an agent from two calls.
        sa.Index("uq_attempts_customer_in_flight", "phone_index", unique=True, **_UNDER_WAY),
        sa.Index("uq_attempts_agent_in_flight", "staff_id", unique=True, **_UNDER_WAY),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # random, part of the URLs of both legs
    promise_id: Mapped[int | None] = mapped_column(sa.ForeignKey("promises.id"), index=True)  # None: for a wait
    wait_key: Mapped[str | None] = mapped_column(sa.ForeignKey("waits.call_key"), index=True)  # None: for a promise
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("campaign_contacts.id"), index=True)  # of a campaign
    staff_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"), index=True)  # None: a campaign rings first
    phone_index: Mapped[str | None]  # the customer's; None for a withheld caller in the queue
    stage: Mapped[str] = mapped_column(default="intended", index=True)
    started_at: Mapped[datetime]  # office time of the intent
    wall_at: Mapped[datetime]  # wall time of the last step; leases and graces count from it
    network_id: Mapped[str | None] = mapped_column(unique=True)  # the agent's leg; None until the network told
    customer_network_id: Mapped[str | None]
    dialled_at: Mapped[datetime | None]  # the customer's phone began to ring; None: it never did
    bridged_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    seconds: Mapped[int | None]  # of the conversation
    result: Mapped[str | None]  # talked, busy, no_answer, machine, failed, agent_declined …; None until it is known
    verdict: Mapped[dict[str, Any]] = mapped_column(default=dict)  # the law at the time of dialling
    wrapped_up_at: Mapped[datetime | None] = mapped_column(index=True)  # None until documented
    on_hold_at: Mapped[datetime | None]  # office time at which the agent put the customer on hold; None: together
    held_at: Mapped[datetime | None]  # when the customer's leg came to wait there; None: not yet, or never
    transfer_to: Mapped[int | None]  # id of the colleague who is asked to take over; None: nobody is

    promise: Mapped[Promise | None] = relationship(back_populates="attempts")


_WITH_CASE: Final = (
    sa.select(Promise, Case).join(Case, Case.id == Promise.case_id).where(Promise.id == sa.bindparam("promise_id"))
)


def promise_with_case(session: orm.Session, promise_id: int | None) -> Promise:
    """A promise that there is, and its case, by one statement."""
    ((promise, case),) = find_rows(session, _WITH_CASE, promise_id=promise_id)
    if "case" in sa.inspect(promise).unloaded:
        orm.attributes.set_committed_value(promise, "case", case)
    return cast(Promise, promise)


def promise_of(session: orm.Session, attempt: Attempt) -> Promise:
    """The promise that an attempt is made for, which the attempt then holds on to; its case comes along."""
    if "promise" in sa.inspect(attempt).unloaded:
        found = promise_with_case(session, attempt.promise_id)
        orm.attributes.set_committed_value(attempt, "promise", found)
        return found
    assert attempt.promise is not None
    return attempt.promise


STAGES = ("intended", "placed", "accepted", "dialled", "bridged", "ended")


_PROMISES: Final = table_of(Promise)
_CLAIM: Final = (
    sa.update(_PROMISES)
    .where(
        _PROMISES.c.id == sa.bindparam("of_id"),
        _PROMISES.c.status == "open",
        sa.or_(_PROMISES.c.claimed_until.is_(None), _PROMISES.c.claimed_until < sa.bindparam("now")),
    )
    .returning(_PROMISES.c.id)
)


def claim(session: orm.Session, promise_id: int, *, worker: str, wall_now: datetime, until: datetime) -> bool:
    """Take the promise for this worker, if nobody else has.

    One conditional UPDATE decides, so it holds on SQLite and on PostgreSQL, for any number of workers.

    Args:
        wall_now: the machine's time, on which leases count (never the office's, which may run faster).
        until: wall time at which the claim lapses.

    Returns:
        True if this worker now holds the promise.
    """
    if ask_one(session, _CLAIM, of_id=promise_id, now=wall_now, claimed_by=worker, claimed_until=until) is None:
        return False
    note_written(session, Promise, promise_id, claimed_by=worker, claimed_until=until)
    return True


def release(session: orm.Session, promise_id: int) -> None:
    """Give the claim back."""
    session.execute(sa.update(Promise).where(Promise.id == promise_id).values(claimed_by=None, claimed_until=None))


_OPEN: Final = sa.select(Promise).where(Promise.status == "open").order_by(Promise.due_at).limit(1)
_OPEN_TO_NUMBER: Final = _OPEN.where(Promise.phone_index == sa.bindparam("phone_index"))
_OPEN_OF_CASE: Final = _OPEN.where(Promise.case_id == sa.bindparam("case_id"))


def open_promise_of(session: orm.Session, phone_index: str) -> Promise | None:
    """The open promise to a number, the one due first; None if there is none."""
    return find(session, _OPEN_TO_NUMBER, phone_index=phone_index)


def open_promise_of_case(session: orm.Session, case_id: int) -> Promise | None:
    """The open promise of a case; None if nothing is promised."""
    return find(session, _OPEN_OF_CASE, case_id=case_id)


def is_at_a_stage_under_way() -> sa.ColumnElement[bool]:
    """The same for all attempts of the office, in words for which the index of stages is used."""
    return sa.or_(*(Attempt.stage == stage for stage in STAGES[:-1]))


def is_under_way() -> sa.ColumnElement[bool]:
    """Attempts that have not ended, in the words of the partial indexes, which otherwise are not used."""
    return Attempt.stage != sa.literal_column("'ended'")


_TO_NUMBER: Final = Attempt.phone_index == sa.bindparam("phone_index")
_IN_FLIGHT: Final = sa.select(Attempt.id).where(_TO_NUMBER, is_under_way()).limit(1)
_LATELY: Final = Attempt.dialled_at > sa.bindparam("since")
_RUNG_SINCE: Final = (
    sa.select(Attempt.dialled_at.label("dialled_at"))
    .join(Promise, Promise.id == Attempt.promise_id)  # by its number, of which there is an index
    .where(Promise.phone_index == sa.bindparam("phone_index"), _LATELY)
    .union_all(
        sa.select(Attempt.dialled_at)
        .join(CampaignContact, CampaignContact.id == Attempt.contact_id)
        .join(CampaignMember, CampaignMember.id == CampaignContact.member_id)
        .where(CampaignMember.phone_index == sa.bindparam("phone_index"), _LATELY)
    )
    .order_by("dialled_at")
)


def is_in_flight(session: orm.Session, phone_index: str) -> bool:
    """Whether an attempt to this number is under way."""
    return ask_one(session, _IN_FLIGHT, phone_index=phone_index) is not None


def is_being_rung(session: orm.Session, promise_id: int) -> bool:
    """Whether the customer's line rings for this promise at this moment, or they talk: then it is about to be kept."""
    under_way = sa.select(Attempt.id).where(Attempt.promise_id == promise_id, Attempt.stage.in_(("dialled", "bridged")))
    return session.scalar(under_way.limit(1)) is not None


def rung_lately(session: orm.Session, phone_index: str, *, now: datetime) -> tuple[datetime, ...]:
    """When this number was dialled in the last seven days, for a promise or a campaign; the caps count them."""
    return tuple(ask_all(session, _RUNG_SINCE, phone_index=phone_index, since=now - _WEEK))
