"""Calls, their turns and what the network told about their legs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.ready import ask_one, note_written, table_of


class Call(Base):
    """One telephone conversation as the customer lives it, with turns: they rang us, or a campaign rang them."""

    __tablename__ = "calls"

    key: Mapped[str] = mapped_column(primary_key=True)  # random, part of the URLs we hand out
    network_id: Mapped[str] = mapped_column(unique=True)
    hotline: Mapped[str]
    channel: Mapped[str] = mapped_column(default="phone")  # phone; text: a conversation by text messages
    called: Mapped[str]  # our own number, E.164
    caller: Mapped[bytes]  # sealed; "" when withheld
    caller_index: Mapped[str | None] = mapped_column(index=True)  # None when withheld
    flow_version: Mapped[str]
    language: Mapped[str]  # at the start; turns know the present one
    started_at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(default="in-progress")
    ended_at: Mapped[datetime | None]  # None while the call lasts
    ended_wall_at: Mapped[datetime | None]  # the machine's time of it; graces count on it
    seconds: Mapped[int | None]  # as the network told; None until then
    settled_at: Mapped[datetime | None] = mapped_column(index=True)  # None until the record holds all answers
    seen_at: Mapped[datetime] = mapped_column(index=True)  # wall time of the start, or of the last text; see `ticks`
    delete_on: Mapped[date | None] = mapped_column(index=True)  # local day; None until the clock has reckoned it
    rung_by: Mapped[str | None] = mapped_column(index=True, unique=True)  # a campaign attempt; None: they rang us


class TurnRow(Base):
    """One turn; append-only. The newest row of a call is its place."""

    __tablename__ = "turns"

    call_key: Mapped[str] = mapped_column(sa.ForeignKey("calls.key"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # the turn this row answers; the call's first is 0
    at: Mapped[datetime]
    node: Mapped[str]  # where the caller waits now
    sealed: Mapped[bytes]  # {"p": position, "h": heard, "w": wait, "d": document}


class Recording(Base):
    """One audio recording at the network; the bytes stay there until fetched."""

    __tablename__ = "recordings"

    network_id: Mapped[str] = mapped_column(primary_key=True)
    call_key: Mapped[str] = mapped_column(index=True)
    purpose: Mapped[str]  # story, call, fallback
    status: Mapped[str]  # in-progress, completed, absent, deleted
    seconds: Mapped[int | None]  # None until completed
    started_at: Mapped[datetime]
    consent: Mapped[str]  # granted, announced
    delete_on: Mapped[date | None] = mapped_column(index=True)  # local day; None until the clock has reckoned it


class Transcript(Base):
    """Words that were understood while a recording ran, piece by piece."""

    __tablename__ = "transcripts"
    __table_args__ = (sa.UniqueConstraint("call_key", "sequence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_key: Mapped[str] = mapped_column(index=True)
    sequence: Mapped[str]
    at: Mapped[datetime]
    text: Mapped[bytes]  # sealed


class LegEvent(Base):
    """One status webhook about a leg, kept as it came; the same one twice is one row."""

    __tablename__ = "leg_events"
    __table_args__ = (sa.UniqueConstraint("network_id", "kind", "status", "sequence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]  # call, customer-leg, agent-leg, message, recording
    status: Mapped[str]
    sequence: Mapped[str]  # the network's number of the event, "" if it gave none
    received_at: Mapped[datetime]
    seconds: Mapped[int | None]  # length of the call, None until it has ended


class Caller(Base):
    """What is remembered about a telephone number."""

    __tablename__ = "callers"

    number_index: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str]
    seen_at: Mapped[datetime]
    do_not_call: Mapped[bool] = mapped_column(default=False)
    no_texts: Mapped[bool] = mapped_column(default=False)  # the owner wrote STOP
    manner: Mapped[bytes | None]  # sealed, how they want to be spoken to; None: as usual


class ReceivedText(Base):
    """A text message that came in, with our answer to it: the same one again gets the same answer and does nothing."""

    __tablename__ = "received_texts"

    message_id: Mapped[str] = mapped_column(primary_key=True)
    phone_index: Mapped[str | None] = mapped_column(index=True)  # None: from no telephone number, or erased
    call_key: Mapped[str | None]  # the conversation it belongs to; None if to none
    at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[bytes | None]  # sealed; None once erased


class Wait(Base):
    """A caller's place in the queue for a human."""

    __tablename__ = "waits"

    call_key: Mapped[str] = mapped_column(sa.ForeignKey("calls.key"), primary_key=True)
    hotline: Mapped[str] = mapped_column(index=True)
    language: Mapped[str]
    urgent: Mapped[bool]
    joined_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(index=True)  # waiting, offered, bridged, traded, left
    queue: Mapped[str]  # the queue's name at the network
    own_queue: Mapped[str | None]  # the kind of case that has a queue of its own: recall; None: the usual queue
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cases.id"))  # what the call is about; None: not known
    heard: Mapped[int] = mapped_column(default=0)  # how many rounds of the waiting text were played
    answered_at: Mapped[datetime | None]  # None until an agent took the call
    ended_at: Mapped[datetime | None]  # None while waiting or talking


_DO_NOT_CALL: Final = sa.select(Caller.do_not_call).where(Caller.number_index == sa.bindparam("phone_index"))


def asked_not_to_be_called(session: orm.Session, phone_index: str) -> bool:
    """Whether the owner of a number wants no calls from us."""
    return bool(ask_one(session, _DO_NOT_CALL, phone_index=phone_index))


_NO_TEXTS: Final = sa.select(Caller.no_texts).where(Caller.number_index == sa.bindparam("phone_index"))


def wants_no_texts(session: orm.Session, phone_index: str) -> bool:
    """Whether the owner of a number wrote STOP, and not START since."""
    return bool(ask_one(session, _NO_TEXTS, phone_index=phone_index))


_SILENT_CALL: Final = timedelta(minutes=5)  # office time; a recording, the longest turn, takes three


_JUST_NOW: Final = sa.and_(Call.ended_at.is_not(None), Call.ended_at > sa.bindparam("ended"))
_SPEAKING: Final = sa.exists().where(TurnRow.call_key == Call.key, TurnRow.at > sa.bindparam("spoken"))
_WAITING: Final = sa.exists().where(Wait.call_key == Call.key, Wait.ended_at.is_(None))
_ON_THE_LINE: Final = (
    sa.select(Call.key)
    .where(
        Call.caller_index == sa.bindparam("phone_index"),
        Call.channel == "phone",
        sa.or_(_JUST_NOW, sa.and_(Call.settled_at.is_(None), sa.or_(_SPEAKING, _WAITING))),
    )
    .limit(1)
)


def is_on_the_line(
    session: orm.Session, phone_index: str, *, now: datetime, just_ended: timedelta = timedelta(0)
) -> bool:
    """Whether a customer is calling us at this moment, or has hung up less than `just_ended` ago, in office time.

    A call whose end nobody told us counts as over once it has been silent for longer than any live call can be.
    """
    ended, spoken = now - just_ended, now - _SILENT_CALL
    return ask_one(session, _ON_THE_LINE, phone_index=phone_index, ended=ended, spoken=spoken) is not None


def offer(session: orm.Session, call_key: str) -> bool:
    """Keep a waiting caller for one agent; False if they have left, or are another's, meanwhile."""
    return _move(session, call_key, "waiting", "offered")


def take_back(session: orm.Session, call_key: str) -> bool:
    """Let a caller who was kept for an agent wait on in the old place; False if they have left meanwhile."""
    return _move(session, call_key, "offered", "waiting")


_WAITS: Final = table_of(Wait)
_MOVE: Final = (
    sa.update(_WAITS)
    .where(
        _WAITS.c.call_key == sa.bindparam("of_key"), _WAITS.c.status == sa.bindparam("old"), _WAITS.c.ended_at.is_(None)
    )
    .returning(_WAITS.c.call_key)
)


def _move(session: orm.Session, call_key: str, old: str, new: str) -> bool:
    """One conditional UPDATE: who hung up at this very moment must not come to wait again, for nobody would end it."""
    if ask_one(session, _MOVE, of_key=call_key, old=old, status=new) is None:
        return False
    note_written(session, Wait, call_key, status=new)
    return True
