"""How far a campaign has come: of whom it concerns, of each wave, and of each person. Every figure counts rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.call import Caller
from app.models.campaign import Campaign, CampaignContact, CampaignMember, CampaignWave
from app.models.promise import Attempt

STATUSES = ("queued", "under_way", "reached", "missed", "skipped")


@dataclass(frozen=True, slots=True)
class WaveProgress:
    """One wave in figures."""

    wave: CampaignWave
    statuses: Mapping[str, int]  # by `STATUSES`; they add up to `contacts`
    missed: Mapping[str, int]  # by the result of the last try
    reached_by: Mapping[str, int]  # person, machine, mailbox
    answers: Mapping[str, int]  # given in this wave
    tries: int
    seconds: int
    cents: int

    @property
    def contacts(self) -> int:
        """How many people the wave was for."""
        return sum(self.statuses.values())


@dataclass(frozen=True, slots=True)
class CampaignProgress:
    """One campaign in figures."""

    campaign: Campaign
    members: int
    duplicates: int  # rows of registers that were a number already found
    left_out: Mapping[str, int]  # by cause
    do_not_call: int  # of those who are told, who want no calls
    silent: int  # of those who are told, who have not answered yet
    reached: int  # people who were told, over whatever medium
    answers: Mapping[str, int]  # the answer that stands, by answer
    units: int
    waves: tuple[WaveProgress, ...] = ()
    lines: int = 0  # calls under way
    ends_at: datetime | None = field(default=None)  # when the calls of this wave will be through; None: not known

    @property
    def cents(self) -> int:
        """What was spent."""
        return sum(wave.cents for wave in self.waves)


def campaign_progress(session: orm.Session, campaign: Campaign, *, now: datetime) -> CampaignProgress:
    """The figures of a campaign at this moment."""
    of = CampaignMember.campaign_id == campaign.id
    told = sa.and_(of, CampaignMember.left_out.is_(None))
    count = sa.func.count()
    members, units = session.execute(
        sa.select(count, sa.func.coalesce(sa.func.sum(CampaignMember.units), 0)).where(of)
    ).one()
    waves = tuple(_wave(session, wave) for wave in campaign.waves)
    wish = sa.exists().where(Caller.number_index == CampaignMember.phone_index, Caller.do_not_call)
    return CampaignProgress(
        campaign=campaign,
        members=members,
        duplicates=units - members,
        left_out=_by(session, CampaignMember.left_out, of, CampaignMember.left_out.is_not(None)),
        do_not_call=_count(session, told, wish),
        silent=_count(session, told, CampaignMember.answer.is_(None)),
        reached=_count(session, of, CampaignMember.reached_at.is_not(None)),
        answers=_by(session, CampaignMember.answer, of, CampaignMember.answer.is_not(None)),
        units=units,
        waves=waves,
        lines=sum(wave.statuses["under_way"] for wave in waves if wave.wave.medium == "call"),
        ends_at=_ends_at(waves, now),
    )


def _wave(session: orm.Session, wave: CampaignWave) -> WaveProgress:
    of = CampaignContact.wave_id == wave.id
    statuses = _by(session, CampaignContact.status, of)
    tries, seconds, cents = session.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(CampaignContact.tries), 0),
            sa.func.coalesce(sa.func.sum(CampaignContact.seconds), 0),
            sa.func.coalesce(sa.func.sum(CampaignContact.cents), 0),
        ).where(of)
    ).one()
    here = sa.and_(CampaignMember.campaign_id == wave.campaign_id, CampaignMember.answered_wave == wave.number)
    return WaveProgress(
        wave=wave,
        statuses={each: statuses.get(each, 0) for each in STATUSES},
        missed=_by(session, CampaignContact.result, of, CampaignContact.status == "missed"),
        reached_by=_by(session, CampaignContact.heard_by, of, CampaignContact.status == "reached"),
        answers=_by(session, CampaignMember.answer, here),
        tries=tries,
        seconds=seconds,
        cents=cents,
    )


def _by(session: orm.Session, column: Any, *which: sa.ColumnElement[bool]) -> dict[str, int]:
    rows = session.execute(sa.select(column, sa.func.count()).where(*which).group_by(column).order_by(column))
    return {str(value): number for value, number in rows}


def _count(session: orm.Session, *which: sa.ColumnElement[bool]) -> int:
    return int(session.scalar(sa.select(sa.func.count()).select_from(CampaignMember).where(*which)) or 0)


def _ends_at(waves: tuple[WaveProgress, ...], now: datetime) -> datetime | None:
    """At the speed of this wave so far, nights included; None before anybody was through."""
    wave = next((each for each in waves if each.wave.status == "running" and each.wave.started_at), None)
    if wave is None or wave.wave.started_at is None:
        return None
    through = wave.contacts - wave.statuses["queued"] - wave.statuses["under_way"]
    if not through:
        return None
    return now + (now - wave.wave.started_at) * (wave.contacts - through) / through


@dataclass(frozen=True, slots=True)
class Trace:
    """One person's way through a campaign."""

    member: CampaignMember
    contacts: tuple[tuple[CampaignContact, CampaignWave, tuple[Attempt, ...]], ...]


def trace_of(session: orm.Session, member: CampaignMember) -> Trace:
    """What was done to reach one person, in order."""
    rows = session.execute(
        sa.select(CampaignContact, CampaignWave)
        .join(CampaignWave, CampaignWave.id == CampaignContact.wave_id)
        .where(CampaignContact.member_id == member.id)
        .order_by(CampaignWave.number)
    ).all()
    attempts: dict[int, list[Attempt]] = {contact.id: [] for contact, _ in rows}
    for attempt in session.scalars(sa.select(Attempt).where(Attempt.contact_id.in_(attempts)).order_by(Attempt.id)):
        attempts[attempt.contact_id or 0].append(attempt)
    return Trace(member, tuple((contact, wave, tuple(attempts[contact.id])) for contact, wave in rows))
