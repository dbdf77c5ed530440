"""An attempt of a campaign has ended: the person was reached, is tried again, or is given up in this wave."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import orm

from app.domain.call import LegStatus
from app.domain.campaign import cents_of_call
from app.domain.hotline import Hotline
from app.domain.promise import AttemptResult
from app.models.campaign import Campaign, CampaignContact, CampaignMember, CampaignWave
from app.models.promise import Attempt
from app.promising.spacing import spacing_after
from app.services.bridge_call import advance

RESULTS: Final = {
    LegStatus.BUSY: "busy",
    LegStatus.NO_ANSWER: "no_answer",
    LegStatus.FAILED: "failed",
    LegStatus.CANCELED: "no_answer",
    LegStatus.COMPLETED: "hung_up",  # somebody answered, and was gone before a word was said
}
_LIKE: Final = {"hung_up": AttemptResult.NO_ANSWER}
_TROUBLE: Final = timedelta(minutes=1)  # office time until what was never dialled is tried again


def contact_of(session: orm.Session, attempt: Attempt) -> CampaignContact:
    """The contact that an attempt is made for."""
    return session.get_one(CampaignContact, attempt.contact_id)


def campaign_of(session: orm.Session, attempt: Attempt) -> Campaign:
    """The campaign that an attempt is made for."""
    return session.get_one(Campaign, contact_of(session, attempt).campaign_id)


def note_rung(session: orm.Session, attempt: Attempt, status: LegStatus, *, now: datetime) -> None:
    """Their telephone rings, or has rung, by what the network tells of the leg; a try is spent by it, once."""
    if attempt.contact_id is None or attempt.dialled_at is not None or status is LegStatus.INITIATED:
        return
    contact = contact_of(session, attempt)
    attempt.dialled_at = now
    contact.tries += 1
    contact.first_at = contact.first_at or now


def end_contact(
    session: orm.Session,
    attempt: Attempt,
    hotline: Hotline,
    status: LegStatus | None,
    *,
    now: datetime,
    wall_now: datetime,
    seconds: int | None = None,
    is_hopeless: bool = False,
) -> bool:
    """End an attempt with how its leg ended, once; False if it had ended before.

    Args:
        status: None if the network never dialled.
        is_hopeless: the network says that this number can never be reached.
    """
    contact = contact_of(session, attempt)
    result = _result(attempt, contact, status)
    values = {"ended_at": now, "wall_at": wall_now, "result": result, "seconds": seconds}
    if not advance(session, attempt.key, "ended", **values):
        return False
    contact.claimed_by = contact.claimed_until = None
    if result == "network_refused" and not is_hopeless:
        contact.status, contact.next_at = "queued", now + _TROUBLE
        _stay_ended(session, contact, now)
        return True
    contact.result = "failed" if is_hopeless else result
    campaign = session.get_one(Campaign, contact.campaign_id)
    contact.seconds += seconds or 0
    contact.cents += cents_of_call(seconds or 0, campaign.cents_per_minute)
    if contact.reached_at is not None:
        contact.status, contact.ended_at = "reached", now
    elif is_hopeless or contact.tries >= session.get_one(CampaignWave, contact.wave_id).tries:
        contact.status, contact.ended_at = "missed", now
    else:
        contact.status, contact.next_at = "queued", now + _pause(hotline, result)
        _stay_ended(session, contact, now)
    return True


def _result(attempt: Attempt, contact: CampaignContact, status: LegStatus | None) -> str:
    if attempt.bridged_at is not None:
        return "answered"
    if attempt.result == "machine":  # as was found out when it was answered
        return "machine"
    return "network_refused" if status is None or attempt.dialled_at is None else RESULTS.get(status, "failed")


def _stay_ended(session: orm.Session, contact: CampaignContact, now: datetime) -> None:
    """Do not queue again what has been stopped or answered meanwhile."""
    campaign, member = (
        session.get_one(Campaign, contact.campaign_id),
        session.get_one(CampaignMember, contact.member_id),
    )
    if campaign.status == "stopped" or member.answer is not None:
        contact.status, contact.ended_at = "skipped", now


def _pause(hotline: Hotline, result: str) -> timedelta:
    return spacing_after(_LIKE.get(result) or AttemptResult(result), hotline.callback)
