"""What somebody answered to a campaign, in its call or when they called us: it ends what was still to come."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.campaign import (
    STOPPING,
    CampaignContact,
    CampaignMember,
    CampaignWave,
    answer_rank,
    open_members,
)


def note_answer_of_contact(session: orm.Session, contact_id: int, answer: str, *, now: datetime) -> None:
    """Put down what somebody answered whom a campaign rang or wrote to."""
    contact = session.get(CampaignContact, contact_id)
    if contact is not None:
        member = session.get_one(CampaignMember, contact.member_id)
        wave = session.get_one(CampaignWave, contact.wave_id)
        note_answer(session, member, answer, by=wave.medium, wave=wave.number, now=now)


def note_answer_inbound(session: orm.Session, phone_index: str, recall_id: int, answer: str, *, now: datetime) -> None:
    """Put down what somebody answered to a recall when they called us, in every campaign that concerns them."""
    for member in open_members(session, phone_index, recall_id):
        note_answer(session, member, answer, by="inbound", wave=None, now=now)


def note_answer(
    session: orm.Session, member: CampaignMember, answer: str, *, by: str, wave: int | None, now: datetime
) -> bool:
    """Keep an answer unless the one that stands says more; False if nothing was changed.

    Args:
        by: over which medium; inbound: they called us.
        wave: the wave's number; None: they called us.
    """
    if answer_rank(answer) <= answer_rank(member.answer):
        return False
    member.answer, member.answered_at, member.answered_by, member.answered_wave = answer, now, by, wave
    member.reached_at = member.reached_at or now
    session.flush()
    silent = sa.select(CampaignWave.id).where(CampaignWave.whom == "silent")
    left = [CampaignContact.member_id == member.id, CampaignContact.status == "queued"]
    if answer not in STOPPING:
        left.append(CampaignContact.wave_id.in_(silent))
    session.execute(sa.update(CampaignContact).where(*left).values(status="skipped", ended_at=now))
    return True
