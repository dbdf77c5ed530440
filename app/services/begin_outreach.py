"""What is known when somebody picks up whom a campaign rang, or answers what it wrote; and that they have been told."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, Final

from sqlalchemy import orm

from app.domain.complaint_terms import Certainty
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.models.campaign import Campaign, CampaignContact, CampaignMember
from app.models.recall import RecallAnswer, person_of
from app.models.upsert import insert_absent
from app.services.answer_call import facts_at_start
from app.services.outreach_notice import slots_of
from app.services.remember_manner import remembered
from app.services.start_contact import phone_of_member
from app.services.take_turn import Switchboard

_OF_MESSAGES: Final = ("page", "name", "company", "address")  # slots that no call needs, or that the hotline gives


def known_at_start(
    board: Switchboard,
    session: orm.Session,
    hotline: Hotline,
    campaign: Campaign,
    contact: CampaignContact,
    member: CampaignMember,
    *,
    consent_mode: str,
    now: datetime,
) -> dict[str, Any]:
    """What the flow knows before the first word; `outreach` is the contact whose answer it will be."""
    slots = slots_of(session, campaign, hotline, member.language, board.public_url)
    return {
        **facts_at_start(hotline, PhoneNumber(phone_of_member(board.vault, member)), now),
        "consent_mode": consent_mode,
        **{name: value for name, value in slots.items() if name not in _OF_MESSAGES},
        "match": str(Certainty.EXACT),
        "outreach": str(contact.id),
        **remembered(session, board.vault, member.phone_index).manner.known,
    }


def write_told(
    session: orm.Session, campaign: Campaign, member: CampaignMember, call_key: str, *, said_at: datetime
) -> None:
    """On record that they were told of the recall, in this call or before this conversation."""
    told = {
        "key": secrets.token_urlsafe(12),
        "recall_id": campaign.recall_id,
        "call_key": call_key,
        "phone_index": member.phone_index,
        "person": person_of(session, campaign.recall_id, member.phone_index),
        "medium": "outreach",
        "certainty": str(Certainty.EXACT),
        "said_at": said_at,
    }
    insert_absent(session, RecallAnswer, told, ("call_key", "recall_id"))
