"""Campaigns: owners of a recalled product are told of it, wave by wave, and what each of them answered."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base


class Campaign(Base):
    """One drive to reach the people whom a recall concerns; it ends when its last wave has, or when it is stopped."""

    __tablename__ = "campaigns"

    id: Mapped[int] = mapped_column(primary_key=True)
    recall_id: Mapped[int] = mapped_column(sa.ForeignKey("recalls.id", ondelete="CASCADE"), index=True)
    hotline: Mapped[str]
    name: Mapped[str]
    audience: Mapped[list[str]]  # who was looked for: owner, buyer, caller
    status: Mapped[str] = mapped_column(index=True)  # draft, running, paused, stopped, done
    cause: Mapped[str | None]  # why it is paused: by hand, spending, notice, flow; None: it is not
    per_second: Mapped[float]  # dials that may begin in a second
    lines: Mapped[int]  # calls that may be under way at the same time
    ceiling_cents: Mapped[int | None]  # what it may spend; None: no limit
    cents_per_minute: Mapped[int]  # of a call, each minute begun
    cents_per_text: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))  # None: by the command line
    tested_at: Mapped[datetime | None]  # None until somebody had themselves called for a test
    approved_at: Mapped[datetime | None]  # None until a second person agreed
    approved_by: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))  # None: nobody, or by the command line
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # None until done or stopped
    next_dial_at: Mapped[datetime | None]  # wall time before which its pace allows no further dial

    waves: Mapped[list[CampaignWave]] = relationship(order_by="CampaignWave.number", cascade="all, delete-orphan")


class CampaignWave(Base):
    """One round of a campaign over one medium; waves run one after the other."""

    __tablename__ = "campaign_waves"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaigns.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]  # from 1
    medium: Mapped[str]  # call, text, email, letter
    whom: Mapped[str]  # silent: who has not answered yet; open: also who answered and has not been helped yet
    opens: Mapped[str]  # local time of the person called from which it calls and writes, 09:00; the law may narrow it
    closes: Mapped[str]  # local time until which
    tries: Mapped[int]  # dials to one person, all told; 1 for other media
    begins_at: Mapped[datetime | None]  # office time; None: as soon as the wave before has ended
    status: Mapped[str] = mapped_column(default="waiting")  # waiting, running, done
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class CampaignMember(Base):
    """One person whom a campaign concerns, known by telephone number or e-mail address, each once."""

    __tablename__ = "campaign_members"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "phone_index"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # random; binds the sealed columns to this row
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaigns.id", ondelete="CASCADE"), index=True)
    origin: Mapped[str]  # owner, buyer, caller: where they were found first
    phone: Mapped[bytes]  # sealed E.164; "" if none is known
    phone_index: Mapped[str | None] = mapped_column(index=True)  # None if no number is known
    details: Mapped[bytes | None]  # sealed: name, email, address as far as known; None: nothing
    has_email: Mapped[bool] = mapped_column(default=False)
    has_address: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str]
    units: Mapped[int] = mapped_column(default=1)  # affected products they are known to have
    left_out: Mapped[str | None]  # why nobody calls or writes: do_not_call, no_way; None: somebody does
    answer: Mapped[str | None]  # remedied, disposed, refused, wrong_person, human, later, acknowledged; None: silent
    answered_at: Mapped[datetime | None]  # of the answer that stands
    answered_by: Mapped[str | None]  # over which medium: call, text, email, letter; inbound: they called us
    answered_wave: Mapped[int | None]  # the wave's number; None: none, or they called us
    reached_at: Mapped[datetime | None]  # first told: a person picked up, or a message was left or taken

    contacts: Mapped[list[CampaignContact]] = relationship(order_by="CampaignContact.id", cascade="all, delete-orphan")


class CampaignContact(Base):
    """One person in one wave: the row that is claimed, dialled and recorded, as a promise is."""

    __tablename__ = "campaign_contacts"
    __table_args__ = (
        sa.UniqueConstraint("member_id", "wave_id"),
        sa.Index("ix_campaign_contacts_dispatch", "wave_id", "status", "next_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaigns.id", ondelete="CASCADE"), index=True)
    wave_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign_waves.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign_members.id", ondelete="CASCADE"), index=True)
    status: Mapped[str] = mapped_column(default="queued")  # queued, under_way, reached, missed, skipped
    next_at: Mapped[datetime]  # office time before which nothing is tried
    tries: Mapped[int] = mapped_column(default=0)  # rings at theirs, or messages sent
    claimed_by: Mapped[str | None]  # None while free
    claimed_until: Mapped[datetime | None]  # wall time
    result: Mapped[str | None]  # of the last try: answered, machine, busy, no_answer, failed, sent …; None: none yet
    heard_by: Mapped[str | None]  # who was reached: person, machine, mailbox; None: nobody
    first_at: Mapped[datetime | None]  # of the first try
    reached_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # None while queued or under way
    seconds: Mapped[int] = mapped_column(default=0)  # of all calls
    cents: Mapped[int] = mapped_column(default=0)  # spent on this person in this wave


STOPPING = ("remedied", "disposed", "refused", "wrong_person")
"""Answers after which nobody calls or writes any more (law-and-standards 4.6)."""

ANSWERS = (*STOPPING, "later", "human", "acknowledged")
"""All answers, those that say most first; a later answer that says less does not take the place of one before."""


def answer_rank(answer: str | None) -> int:
    """How much an answer says; 0 for none, more for more."""
    return len(ANSWERS) - ANSWERS.index(answer) if answer in ANSWERS else 0


def open_members(session: orm.Session, phone_index: str, recall_id: int) -> list[CampaignMember]:
    """This number in every campaign for a recall."""
    return list(
        session.scalars(
            sa.select(CampaignMember)
            .join(Campaign, Campaign.id == CampaignMember.campaign_id)
            .where(CampaignMember.phone_index == phone_index, Campaign.recall_id == recall_id)
        )
    )
