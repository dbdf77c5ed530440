"""A supervisor leads a campaign: has it tried out, agrees to it, starts, pauses, resumes and stops it.

Each step is one conditional UPDATE, so that of two people who press at once one wins and the other is told.
What dials looks at the campaign's row in the transaction of each dial: after the commit here no further one begins.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.hotline import Hotline
from app.models.campaign import Campaign, CampaignContact, CampaignMember, CampaignWave
from app.models.journal import order_hang_up, queue_out
from app.models.promise import Attempt, is_under_way
from app.models.staff import Staff
from app.models.vault import Vault

ACTIONS: Final = ("start", "pause", "resume", "stop")


def find_campaign(session: orm.Session, campaign_id: int) -> Campaign:
    """The campaign with this number.

    Raises:
        NotFound: if there is none.
    """
    found = session.get(Campaign, campaign_id) if 0 < campaign_id < 2**31 else None
    if found is None:
        raise NotFound("campaign")
    return found


def people_told(session: orm.Session, campaign: Campaign) -> int:
    """How many people it will call or write to, at most."""
    return int(
        session.scalar(
            sa.select(sa.func.count()).where(
                CampaignMember.campaign_id == campaign.id,
                CampaignMember.left_out.is_(None),
                CampaignMember.answer.is_(None),
            )
        )
        or 0
    )


def needs_second_person(session: orm.Session, campaign: Campaign, above: int) -> bool:
    """Whether somebody else than who drew it up must agree before it starts.

    Args:
        above: up to so many people one person may decide alone.
    """
    return campaign.approved_at is None and people_told(session, campaign) > above


def approve(session: orm.Session, campaign: Campaign, by: Staff | None, *, now: datetime) -> None:
    """A second person agrees.

    Args:
        by: None for the command line, whose owner answers for it.

    Raises:
        NotAllowed: if it is the one who drew it up.
        Conflict: if it was approved, or started, before.
    """
    if by is not None and by.id == campaign.created_by:
        raise NotAllowed("approve one's own campaign; a second person must")
    draft = sa.and_(Campaign.id == campaign.id, Campaign.status == "draft", Campaign.approved_at.is_(None))
    _move(session, campaign, draft, approved_at=now, approved_by=by.id if by else None)


def start(session: orm.Session, campaign: Campaign, *, above: int, now: datetime) -> None:
    """Let it run.

    Raises:
        NotAllowed: if a second person must agree first.
        Conflict: if it was started before.
    """
    if needs_second_person(session, campaign, above):
        raise NotAllowed(f"start a campaign to more than {above} people before a second person has agreed")
    is_draft = sa.and_(Campaign.id == campaign.id, Campaign.status == "draft")
    _move(session, campaign, is_draft, status="running", started_at=now)


def pause(session: orm.Session, campaign: Campaign, *, cause: str = "by hand") -> None:
    """Begin nothing more until it is resumed; calls under way go on.

    Raises:
        Conflict: if it does not run.
    """
    runs = sa.and_(Campaign.id == campaign.id, Campaign.status == "running")
    _move(session, campaign, runs, status="paused", cause=cause)


def resume(session: orm.Session, campaign: Campaign) -> None:
    """Go on where it was paused; nobody who was reached is called again.

    Raises:
        Conflict: if it is not paused.
    """
    is_paused = sa.and_(Campaign.id == campaign.id, Campaign.status == "paused")
    _move(session, campaign, is_paused, status="running", cause=None)


def stop(session: orm.Session, vault: Vault, campaign: Campaign, *, now: datetime) -> None:
    """End it for good: nothing more begins, and telephones that still ring fall silent; who talks, talks on.

    Raises:
        Conflict: if it has ended, or was never started.
    """
    lives = sa.and_(Campaign.id == campaign.id, Campaign.status.in_(("running", "paused")))
    _move(session, campaign, lives, status="stopped", cause=None, ended_at=now)
    left = sa.and_(CampaignContact.campaign_id == campaign.id, CampaignContact.status == "queued")
    session.execute(sa.update(CampaignContact).where(left).values(status="skipped", ended_at=now))
    open_waves = sa.and_(CampaignWave.campaign_id == campaign.id, CampaignWave.status != "done")
    session.execute(sa.update(CampaignWave).where(open_waves).values(status="done", ended_at=now))
    ringing = (
        sa.select(Attempt.network_id)
        .join(CampaignContact, CampaignContact.id == Attempt.contact_id)
        .where(
            CampaignContact.campaign_id == campaign.id,
            is_under_way(),
            Attempt.network_id.is_not(None),
            Attempt.bridged_at.is_(None),
            CampaignContact.heard_by.is_(None),
        )
    )
    for network_id in session.scalars(ringing).all():
        order_hang_up(session, vault, str(network_id), now)


def order_test_call(
    session: orm.Session,
    vault: Vault,
    campaign: Campaign,
    hotline: Hotline,
    phone: str,
    public_url: str,
    *,
    now: datetime,
) -> None:
    """Have a telephone of the office rung, to hear what people and machines will hear; nothing is counted.

    Args:
        phone: E.164; "" is refused.

    Raises:
        Invalid: if there is no number to ring.
    """
    if not phone:
        raise Invalid("phone", "is not known; enter your telephone number first")
    campaign.tested_at = now
    url = f"{public_url}/voice/outreach-test/{campaign.id}"
    payload = {
        "to": phone,
        "from": hotline.numbers[0],
        "answer_url": url,
        "ring_seconds": hotline.callback.ring_seconds,
    }
    key = f"campaign:{campaign.id}:test:{now.isoformat()}"
    queue_out(session, vault, key=key, kind="ring", at=now, payload=payload)


def _move(session: orm.Session, campaign: Campaign, which: sa.ColumnElement[bool], **values: object) -> None:
    moved = session.scalar(sa.update(Campaign).where(which).values(**values).returning(Campaign.id))
    session.refresh(campaign)
    if moved is None:
        raise Conflict(f"the campaign is {campaign.status} meanwhile; nothing was changed")


def note_posted(session: orm.Session, campaign: Campaign, *, now: datetime) -> int:
    """Somebody has posted the letters of the running wave: whoever they are for counts as told; gives how many.

    Raises:
        Conflict: if no wave of letters is under way.
    """
    wave = next((each for each in campaign.waves if each.status == "running" and each.medium == "letter"), None)
    if wave is None:
        raise Conflict("no letters are to be posted now; nothing was changed")
    waiting = sa.and_(CampaignContact.wave_id == wave.id, CampaignContact.status == "queued")
    values = {"status": "reached", "result": "posted", "heard_by": "mailbox", "tries": 1}
    posted = session.scalars(
        sa.update(CampaignContact)
        .where(waiting)
        .values(**values, first_at=now, reached_at=now, ended_at=now)
        .returning(CampaignContact.member_id)
    ).all()
    theirs = CampaignMember.id.in_(
        sa.select(CampaignContact.member_id).where(
            CampaignContact.wave_id == wave.id, CampaignContact.result == "posted"
        )
    )
    session.execute(sa.update(CampaignMember).where(theirs, CampaignMember.reached_at.is_(None)).values(reached_at=now))
    return len(posted)
