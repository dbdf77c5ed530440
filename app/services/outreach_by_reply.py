"""Somebody answers the text message of a campaign: a conversation begins where the message has asked.

It is the answer of the contact by which they were written to, so it stops further waves as an answer in a call does.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.ivr.checks import ANSWERED_BY_TEXT
from app.ivr.interpreter import interpret, start
from app.ivr.turn import Heard, How, Position
from app.models.campaign import STOPPING, Campaign, CampaignContact, CampaignMember, CampaignWave
from app.services.begin_outreach import known_at_start, write_told
from app.services.converse import NOTHING_RECORDED, begin, first_turn, heard_in
from app.services.note_answer import note_answer_of_contact
from app.services.take_turn import Switchboard

_AFTER: Final = timedelta(days=30)


class OutreachReply(NamedTuple):
    """A message that answers what a campaign wrote."""

    campaign: Campaign
    contact: CampaignContact
    member: CampaignMember
    asked_at: datetime
    position: Position
    heard: Heard


def outreach_reply(
    board: Switchboard, session: orm.Session, hotline: Hotline, number: PhoneNumber | None, body: str, now: datetime
) -> OutreachReply | None:
    """What a message answers, and how; None if no campaign asked, or it says something else. Nothing is changed."""
    asked = _asked(board, session, hotline, number, now)
    flows = board.present.flows
    if asked is None or ANSWERED_BY_TEXT not in flows.entries:
        return None
    campaign, contact, member = asked
    known = known_at_start(board, session, hotline, campaign, contact, member, consent_mode=NOTHING_RECORDED, now=now)
    position = start(flows, hotline, member.language, {**known, "channel": "text"}, ANSWERED_BY_TEXT)
    heard = heard_in(body, flows.nodes[position.node])
    is_answer = heard.how is How.KEYS or interpret(flows, position, heard).position.node != position.node
    asked_at = contact.first_at or now
    return OutreachReply(campaign, contact, member, asked_at, position, heard) if is_answer else None


def take_outreach_reply(
    board: Switchboard,
    session: orm.Session,
    hotline: Hotline,
    number: PhoneNumber,
    reply: OutreachReply,
    *,
    message_id: str,
    to_number: str,
    now: datetime,
    wall_now: datetime,
) -> tuple[str, str]:
    """Begin the conversation with the answer; gives its key and the document."""
    position, heard = reply.position, reply.heard
    call = begin(
        board, session, hotline, number, position,
        message_id=message_id, to_number=to_number, now=now, wall_now=wall_now,
    )  # fmt: skip
    write_told(session, reply.campaign, reply.member, call.key, said_at=reply.asked_at)
    return call.key, first_turn(board, session, hotline, call, position, heard, now=now, wall_now=wall_now)


def refuse_outreach(
    board: Switchboard, session: orm.Session, hotline: Hotline, number: PhoneNumber | None, now: datetime
) -> None:
    """Who answers a campaign that they want no more messages is told of its recall no more, over no medium."""
    asked = _asked(board, session, hotline, number, now)
    if asked is not None:
        note_answer_of_contact(session, asked[1].id, "refused", now=now)


def _asked(
    board: Switchboard, session: orm.Session, hotline: Hotline, number: PhoneNumber | None, now: datetime
) -> tuple[Campaign, CampaignContact, CampaignMember] | None:
    """The campaign that wrote to this number last; None if none did lately, or they gave an answer that ends it."""
    if number is None:
        return None
    found = session.execute(
        sa.select(Campaign, CampaignContact, CampaignMember)
        .join(CampaignContact, CampaignContact.campaign_id == Campaign.id)
        .join(CampaignMember, CampaignMember.id == CampaignContact.member_id)
        .join(CampaignWave, CampaignWave.id == CampaignContact.wave_id)
        .where(
            CampaignMember.phone_index == board.vault.index(number.e164),
            Campaign.hotline == hotline.name,
            CampaignWave.medium == "text",
            CampaignContact.first_at > now - _AFTER,
        )
        .order_by(CampaignContact.first_at.desc(), CampaignContact.id.desc())
        .limit(1)
    ).first()
    if found is None or found[2].answer in STOPPING:
        return None
    return found[0], found[1], found[2]
