"""A campaign is drawn up: its plan and whom it concerns are written down. Nobody is called or written to by that."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.campaign import CampaignPlan
from app.domain.errors import Conflict
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber, why_not_callable
from app.ivr.languages import language_for
from app.models.call import Caller
from app.models.campaign import Campaign, CampaignMember, CampaignWave
from app.models.recall import RecallAnswer, RecallRow
from app.models.staff import Staff
from app.models.vault import Vault
from app.services.find_members import Found, find_members

_AT_ONCE: Final = 1_000


def draw_up_campaign(
    session: orm.Session,
    vault: Vault,
    hotline: Hotline,
    recall: RecallRow,
    plan: CampaignPlan,
    by: Staff | None,
    *,
    now: datetime,
) -> Campaign:
    """Write a campaign down as a draft, with everybody whom it concerns and why some of them are left out.

    Args:
        by: None for the command line.
    """
    campaign = Campaign(
        recall_id=recall.id,
        hotline=hotline.name,
        name=plan.name,
        audience=[str(each) for each in plan.audience],
        status="draft",
        per_second=plan.per_second,
        lines=plan.lines,
        ceiling_cents=plan.ceiling_cents,
        cents_per_minute=plan.cents_per_minute,
        cents_per_text=plan.cents_per_text,
        created_at=now,
        created_by=by.id if by else None,
    )
    campaign.waves = [
        CampaignWave(
            number=number,
            medium=str(wave.medium),
            whom=str(wave.whom),
            opens=f"{wave.opens:%H:%M}",
            closes=f"{wave.closes:%H:%M}",
            tries=wave.tries,
            begins_at=wave.begins_at,
        )
        for number, wave in enumerate(plan.waves, 1)
    ]
    session.add(campaign)
    session.flush()
    found = find_members(session, vault, recall.id, plan.audience, hotline=hotline.name, country=hotline.country)
    remembered = _Remembered(session, recall.id)
    rows = [_row(vault, hotline, campaign.id, one, remembered) for one in found]
    for begin in range(0, len(rows), _AT_ONCE):
        session.execute(sa.insert(CampaignMember), rows[begin : begin + _AT_ONCE])
    return campaign


def discard_draft(session: orm.Session, campaign: Campaign) -> None:
    """Take a draft away for good.

    Raises:
        Conflict: if it has been started: what was done stays on record.
    """
    if campaign.status != "draft":
        raise Conflict("this campaign has been started; it can be stopped, and stays on record")
    session.execute(sa.delete(CampaignMember).where(CampaignMember.campaign_id == campaign.id))
    session.delete(campaign)


class _Remembered:
    """What is remembered of all numbers at once: language, wishes, and answers to this recall."""

    def __init__(self, session: orm.Session, recall_id: int) -> None:
        rows = session.execute(sa.select(Caller.number_index, Caller.language, Caller.do_not_call, Caller.no_texts))
        self.callers = {index: (language, no_calls, no_texts) for index, language, no_calls, no_texts in rows}
        chosen = sa.select(RecallAnswer.phone_index, RecallAnswer.chosen_at).where(
            RecallAnswer.recall_id == recall_id, RecallAnswer.remedy.is_not(None), RecallAnswer.phone_index.is_not(None)
        )
        self.remedied: dict[str, datetime] = {str(index): at for index, at in session.execute(chosen) if at is not None}


def _row(vault: Vault, hotline: Hotline, campaign_id: int, one: Found, remembered: _Remembered) -> Mapping[str, Any]:
    key = secrets.token_urlsafe(12)
    index = vault.index(one.phone) if one.phone else None
    language, no_calls, no_texts = remembered.callers.get(index or "", (None, False, False))
    email, address = one.details.get("email", ""), one.details.get("address", "")
    is_callable = bool(one.phone) and why_not_callable(PhoneNumber(one.phone)) is None
    remedied_at = remembered.remedied.get(index or "")
    left_out = None
    if no_calls and no_texts and not (email or address):
        left_out = "do_not_call"
    elif not (is_callable or email or address):
        left_out = "no_way"
    return {
        "key": key,
        "campaign_id": campaign_id,
        "origin": str(one.origin),
        "phone": vault.seal(one.phone if is_callable else "", f"campaign_members:phone:{key}"),
        "phone_index": index if is_callable else None,
        "details": vault.seal(one.details, f"campaign_members:details:{key}") if one.details else None,
        "has_email": bool(email),
        "has_address": bool(address),
        "language": language_for(hotline, one.phone, language),
        "units": one.units,
        "left_out": left_out,
        "answer": "remedied" if remedied_at else None,
        "answered_at": remedied_at,
        "answered_by": "inbound" if remedied_at else None,
        "answered_wave": None,
        "reached_at": remedied_at,
    }
