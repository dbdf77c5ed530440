"""The waves of campaigns, one after the other: each is opened, worked off and closed; their messages are sent.

Everything here looks at rows and is done again without harm: restarting loses nothing, two clocks harm nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
import structlog
from sqlalchemy import orm

from app.compliance.whereabouts import whereabouts
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.ivr.checks import BEGUN_BY_US
from app.models.call import wants_no_texts
from app.models.campaign import Campaign, CampaignContact, CampaignMember, CampaignWave
from app.models.journal import queue_out
from app.models.one_at_a_time import one_at_a_time
from app.models.outbox import LETTER, OutboxItem
from app.models.ready import look
from app.services.outreach_notice import LETTER as LETTER_PROMPTS
from app.services.outreach_notice import TEXT, faults_of_notice, slots_of
from app.services.start_contact import lines_taken, next_hour, phone_of_member, spent_cents
from app.services.take_turn import Switchboard

_AT_ONCE: Final = 50  # messages of one wave in one tick
_WRITES: Final = ("text", "email")
_RUNNING: Final = sa.select(Campaign.id).where(Campaign.status == "running").order_by(Campaign.id)
_log = structlog.get_logger()


def lead_waves(board: Switchboard, *, now: datetime, go_on: Callable[[], bool] = lambda: True) -> int:
    """Bring every running campaign forward; gives how many of them changed.

    Args:
        go_on: asked before each campaign; False leaves the rest to the next time.
    """
    changed = 0
    for (campaign_id,) in look(board.database, _RUNNING):
        if not go_on():
            break
        try:
            with board.database.sessions.begin() as session:
                one_at_a_time(session, f"campaign:{campaign_id}")
                campaign = session.get_one(Campaign, campaign_id)
                changed += campaign.status == "running" and _bring_forward(board, session, campaign, now)
        except Exception:  # noqa: BLE001 - one bad campaign never stops the others
            _log.exception("a campaign could not be led", campaign=campaign_id)
    return changed


def _bring_forward(board: Switchboard, session: orm.Session, campaign: Campaign, now: datetime) -> bool:
    hotline = board.hotline_named(campaign.hotline)
    if BEGUN_BY_US not in board.present.flows.entries:  # these flows have nothing to say to whom we ring
        campaign.status, campaign.cause = "paused", "flow"
        return True
    if faults_of_notice(session, board.present.words, campaign, hotline, board.public_url, now):
        campaign.status, campaign.cause = "paused", "notice"
        return True
    wave = next((each for each in campaign.waves if each.status != "done"), None)
    if wave is None:
        campaign.status, campaign.ended_at = "done", now
        return True
    if wave.status == "waiting":
        if wave.begins_at is not None and wave.begins_at > now:
            return False
        open_wave(session, wave, now=now)
        return True
    if _is_spent(session, campaign, wave):
        campaign.status, campaign.cause = "paused", "spending"
        return True
    changed = False
    if wave.medium in _WRITES:
        changed = bool(_note_sent(session, campaign, wave, now) + _write(board, session, campaign, wave, hotline, now))
    return _close(session, wave, now) or changed


def open_wave(session: orm.Session, wave: CampaignWave, *, now: datetime) -> None:
    """Queue everybody whom the wave is for; one statement, so nobody is missed or queued twice."""
    reachable = {
        "call": CampaignMember.phone_index.is_not(None),
        "text": CampaignMember.phone_index.is_not(None),
        "email": CampaignMember.has_email,
        "letter": CampaignMember.has_address,
    }[wave.medium]
    is_open: sa.ColumnElement[bool] = CampaignMember.answer.is_(None)
    if wave.whom == "open":
        is_open = sa.or_(is_open, CampaignMember.answer == "acknowledged")
    chosen = (
        sa.select(
            CampaignMember.campaign_id,
            sa.literal(wave.id),
            CampaignMember.id,
            sa.literal("queued"),
            sa.literal(now, type_=CampaignContact.next_at.type),
            sa.literal(0),
            sa.literal(0),
            sa.literal(0),
        )
        .where(CampaignMember.campaign_id == wave.campaign_id, CampaignMember.left_out.is_(None), is_open, reachable)
        .order_by(CampaignMember.id)
    )
    columns = ("campaign_id", "wave_id", "member_id", "status", "next_at", "tries", "seconds", "cents")
    session.execute(sa.insert(CampaignContact).from_select(columns, chosen))
    wave.status, wave.started_at = "running", now


def _is_spent(session: orm.Session, campaign: Campaign, wave: CampaignWave) -> bool:
    """Whether its ceiling lets it do nothing more, once what is under way has ended."""
    if campaign.ceiling_cents is None or lines_taken(session, campaign.id):
        return False
    step = {"call": 3 * campaign.cents_per_minute, "text": campaign.cents_per_text}.get(wave.medium, 0)
    return step > 0 and spent_cents(session, campaign.id) + step > campaign.ceiling_cents


def _write(
    board: Switchboard, session: orm.Session, campaign: Campaign, wave: CampaignWave, hotline: Hotline, now: datetime
) -> int:
    """Queue the messages of those who may be written to now; in the outbox each has one key, so it is sent once."""
    due = (
        sa.select(CampaignContact, CampaignMember)
        .join(CampaignMember, CampaignMember.id == CampaignContact.member_id)
        .where(CampaignContact.wave_id == wave.id, CampaignContact.status == "queued", CampaignContact.next_at <= now)
        .order_by(CampaignContact.next_at, CampaignContact.id)
        .limit(_AT_ONCE)
    )
    left = None
    if campaign.ceiling_cents is not None and wave.medium == "text":
        left = campaign.ceiling_cents - spent_cents(session, campaign.id)
    rows = session.execute(due).all()
    for number, (contact, member) in enumerate(rows):
        if left is not None and left < campaign.cents_per_text:
            return number
        if wave.medium == "email":
            _write_email(board, session, campaign, contact, member, hotline, now)
        elif _write_text(board, session, campaign, wave, contact, member, hotline, now) and left is not None:
            left -= campaign.cents_per_text
    return len(rows)


def outbox_key(contact: CampaignContact) -> str:
    """By which the message to somebody in a wave stands in the outbox."""
    return f"campaign:{contact.campaign_id}:{contact.id}"


def _write_text(
    board: Switchboard,
    session: orm.Session,
    campaign: Campaign,
    wave: CampaignWave,
    contact: CampaignContact,
    member: CampaignMember,
    hotline: Hotline,
    now: datetime,
) -> bool:
    phone = phone_of_member(board.vault, member)
    if wants_no_texts(session, str(member.phone_index)):
        contact.status, contact.ended_at, contact.result = "skipped", now, "no_texts"
        return False
    allowed_at = next_hour(whereabouts(PhoneNumber(phone), hotline), wave.opens, wave.closes, now)
    if allowed_at is None:
        contact.status, contact.ended_at, contact.result = "missed", now, "no_lawful_time"
        return False
    if allowed_at > now:
        contact.next_at = allowed_at
        return False
    slots = slots_of(session, campaign, hotline, member.language, board.public_url)
    body = board.present.words.text(member.language, TEXT, slots, now=now, zone=hotline.zone)
    payload = {"to": phone, "from": hotline.numbers[0], "body": body}
    _queue(board, session, contact, "text", payload, now)
    contact.cents += campaign.cents_per_text
    return True


def _write_email(
    board: Switchboard,
    session: orm.Session,
    campaign: Campaign,
    contact: CampaignContact,
    member: CampaignMember,
    hotline: Hotline,
    now: datetime,
) -> None:
    details: dict[str, Any] = board.vault.open(member.details or b"", f"campaign_members:details:{member.key}")
    slots = slots_of(session, campaign, hotline, member.language, board.public_url, str(details.get("name") or ""))
    words = board.present.words
    subject, body = (
        words.text(member.language, prompt, slots, now=now, zone=hotline.zone) for prompt in LETTER_PROMPTS
    )
    payload = {
        "to": details["email"],
        "from": hotline.company.email,
        "from_name": hotline.company.name,
        "subject": subject,
        "body": body,
        "language": member.language,
    }
    _queue(board, session, contact, LETTER, payload, now)


def _queue(
    board: Switchboard,
    session: orm.Session,
    contact: CampaignContact,
    kind: str,
    payload: dict[str, Any],
    now: datetime,
) -> None:
    contact.status, contact.tries, contact.first_at = "under_way", 1, now
    queue_out(session, board.vault, key=outbox_key(contact), kind=kind, at=now, payload=payload)


def _note_sent(session: orm.Session, campaign: Campaign, wave: CampaignWave, now: datetime) -> int:
    """See what became of messages under way: whoever's network or mail server took one counts as told."""
    key = sa.literal(f"campaign:{campaign.id}:") + sa.cast(CampaignContact.id, sa.Text)
    ended = session.execute(
        sa.select(CampaignContact, CampaignMember, OutboxItem.status)
        .join(CampaignMember, CampaignMember.id == CampaignContact.member_id)
        .join(OutboxItem, OutboxItem.key == key)
        .where(
            CampaignContact.wave_id == wave.id,
            CampaignContact.status == "under_way",
            OutboxItem.status.in_(("sent", "failed", "unsure")),
        )
        .limit(4 * _AT_ONCE)
    ).all()
    for contact, member, status in ended:
        contact.result, contact.ended_at = status, now
        contact.status = "reached" if status == "sent" else "missed"
        if status == "sent":
            contact.heard_by, contact.reached_at = "mailbox", now
            member.reached_at = member.reached_at or now
    return len(ended)


def _close(session: orm.Session, wave: CampaignWave, now: datetime) -> bool:
    left = sa.select(CampaignContact.id).where(
        CampaignContact.wave_id == wave.id, CampaignContact.status.in_(("queued", "under_way"))
    )
    session.flush()
    if session.scalar(left.limit(1)) is not None:
        return False
    wave.status, wave.ended_at = "done", now
    return True
