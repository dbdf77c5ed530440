"""A campaign rings somebody: it is written down before anybody dials, by the way of promises (`start_attempts`).

One transaction claims the contact and writes the attempt; the database refuses a second attempt to the same number, be
it for a promise. A promise is never broken for a campaign: a number with an open promise is left alone, and while any
promise is due the account's pace keeps one dial free for it.
"""

from __future__ import annotations

import secrets
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import orm

from app.compliance.attempt_caps import may_ring_again
from app.compliance.calling_hours import SAFETY, lawful_spans, may_call_at
from app.compliance.rule import verdict_values
from app.compliance.whereabouts import Whereabouts, whereabouts
from app.domain.campaign import wave_hours
from app.domain.errors import LawUnknown
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.domain.spans import common, first_instant, spans_from
from app.models.call import Call, Wait, asked_not_to_be_called, is_on_the_line
from app.models.campaign import Campaign, CampaignContact, CampaignMember, CampaignWave
from app.models.dial_pace import take_pace
from app.models.promise import Attempt, Promise, is_in_flight, is_under_way, open_promise_of, rung_lately
from app.models.ready import look, look_all
from app.models.vault import Vault
from app.services.start_attempts import AFTER_THE_CALL, Intent, TooFast
from app.services.take_turn import Switchboard

_AT_ONCE: Final = 20
_SOON: Final = timedelta(minutes=1)  # office time until a line that is in use is tried again
_LATER: Final = timedelta(hours=1)  # until somebody with an open promise is thought of again
_HORIZON_DAYS: Final = 30
_RESERVED_MINUTES: Final = 3  # kept back from the ceiling for each call under way, whose price is not known yet

_RUNNING: Final = (
    sa.select(Campaign.id, CampaignWave.id)
    .join(CampaignWave, CampaignWave.campaign_id == Campaign.id)
    .where(
        Campaign.status == "running",
        CampaignWave.status == "running",
        CampaignWave.medium == "call",
        sa.or_(Campaign.next_dial_at.is_(None), Campaign.next_dial_at <= sa.bindparam("wall_now")),
    )
    .order_by(Campaign.next_dial_at, Campaign.id)
)
_DUE: Final = (
    sa.select(CampaignContact.id)
    .where(
        CampaignContact.wave_id == sa.bindparam("wave_id"),
        CampaignContact.status == "queued",
        CampaignContact.next_at <= sa.bindparam("now"),
    )
    .order_by(CampaignContact.next_at, CampaignContact.id)
    .limit(_AT_ONCE)
)


class NoLine(Exception):
    """The campaign may not ring anybody at this moment; nothing was written."""


def waves_to_dial(board: Switchboard, *, wall_now: datetime) -> list[int]:
    """The waves that ring people now, by id; those whose pace is not yet up are left out."""
    return [wave_id for _, wave_id in look(board.database, _RUNNING, wall_now=wall_now)]


def due_contacts(board: Switchboard, wave_id: int, *, now: datetime) -> list[int]:
    """Whom a wave wants to ring now, a few at a time, the longest due first."""
    return look_all(board.database, _DUE, wave_id=wave_id, now=now)


def contact_intent(
    board: Switchboard,
    contact_id: int,
    worker: str,
    *,
    now: datetime,
    wall_now: datetime,
    lease: timedelta,
    per_second: float,
) -> Intent | None:
    """Start an attempt for a contact, if the campaign, the law and the line allow it at this moment.

    Raises:
        TooFast: if it is not yet time for the account's next dial.
        NoLine: if it is not yet time for the campaign's, all its lines are taken, or its money is spoken for.
    """
    try:
        with board.database.sessions.begin() as session:
            return _begin(board, session, contact_id, worker, now, wall_now, wall_now + lease, per_second)
    except sa.exc.IntegrityError:
        return None  # another process was faster


def put_off(board: Switchboard, contact_id: int, *, now: datetime) -> None:
    """Put off a contact whose row makes trouble, so that it does not stop the others."""
    with board.database.sessions.begin() as session:
        troubled = sa.and_(CampaignContact.id == contact_id, CampaignContact.status == "queued")
        session.execute(sa.update(CampaignContact).where(troubled).values(next_at=now + _LATER))


def _begin(
    board: Switchboard,
    session: orm.Session,
    contact_id: int,
    worker: str,
    now: datetime,
    wall_now: datetime,
    until: datetime,
    per_second: float,
) -> Intent | None:
    contact = session.get_one(CampaignContact, contact_id)
    campaign = session.get_one(Campaign, contact.campaign_id)
    hotline = board.hotline_named(campaign.hotline)
    member = session.get_one(CampaignMember, contact.member_id)
    if contact.status != "queued" or _is_needless(session, contact, member, now):
        return None
    number = PhoneNumber(phone_of_member(board.vault, member))
    verdict = _may_ring(session, contact, member, hotline, number, now)
    if verdict is None:
        return None
    _take_line(session, campaign, wall_now)  # before the contact, as everybody who takes both
    if not _claim(session, contact_id, worker, wall_now, until):
        raise NoLine
    attempt = Attempt(
        key=secrets.token_urlsafe(16),
        contact_id=contact.id,
        phone_index=member.phone_index,
        started_at=now,
        wall_at=wall_now,
        verdict=verdict,
    )
    session.add(attempt)
    session.flush()
    spare = timedelta(seconds=1 / per_second) if _promise_waits(session, now) else timedelta(0)
    if not take_pace(session, wall_now=wall_now, per_second=per_second, spare=spare):
        raise TooFast
    ring_seconds = hotline.callback.ring_seconds
    return Intent(attempt.key, None, number.e164, hotline.numbers[0], ring_seconds, wall_now, leg="outreach")


def phone_of_member(vault: Vault, member: CampaignMember) -> str:
    """Their number, E.164; "" if none is known."""
    return str(vault.open(member.phone, f"campaign_members:phone:{member.key}"))


def _is_needless(session: orm.Session, contact: CampaignContact, member: CampaignMember, now: datetime) -> bool:
    """Whether they have answered meanwhile or do not want to be called; then the contact ends."""
    wave = session.get_one(CampaignWave, contact.wave_id)
    if member.answer is not None and (wave.whom == "silent" or member.answer != "acknowledged"):
        contact.status, contact.ended_at = "skipped", now
    elif member.phone_index is None or asked_not_to_be_called(session, member.phone_index):
        contact.status, contact.ended_at, contact.result = "skipped", now, "do_not_call"
    return contact.status == "skipped"


def _may_ring(
    session: orm.Session,
    contact: CampaignContact,
    member: CampaignMember,
    hotline: Hotline,
    number: PhoneNumber,
    now: datetime,
) -> dict[str, object] | None:
    """The law's verdict if they may be rung now; otherwise the contact is put off, or ends where it never may be."""
    index = str(member.phone_index)
    if is_in_flight(session, index) or is_on_the_line(session, index, now=now, just_ended=AFTER_THE_CALL):
        contact.next_at = now + _SOON
        return None
    promise = open_promise_of(session, index)
    if promise is not None:  # our word goes first, also to every ring that the law allows on this day
        contact.next_at = max(now + _LATER, promise.due_at) if promise.due_at > now else now + _LATER
        return None
    where, wave = whereabouts(number, hotline), session.get_one(CampaignWave, contact.wave_id)
    allowed_at = next_hour(where, wave.opens, wave.closes, now)
    if allowed_at is None:
        contact.status, contact.ended_at, contact.result = "missed", now, "no_lawful_time"
        return None
    if allowed_at > now:
        contact.next_at = allowed_at
        return None
    rung = rung_lately(session, index, now=now)
    if not may_ring_again(where, (*rung, now), now).allowed:  # one ring is left for a promise that may yet be made
        tomorrow = now.astimezone(hotline.zone).replace(hour=0, minute=0, second=0) + timedelta(days=1)
        contact.next_at = next_hour(where, wave.opens, wave.closes, tomorrow) or tomorrow
        return None
    return verdict_values(may_call_at(where, now, SAFETY))  # type: ignore[return-value]


def next_hour(where: Whereabouts, opens: str, closes: str, since: datetime) -> datetime | None:
    """The first moment from `since` on that the law of a safety call and the wave's hours allow, in UTC.

    The wave's hours count on every clock that the person may live by.

    Returns:
        None if there is none within a month, or no law is in force.
    """
    hours: tuple[tuple[time, time], ...] = wave_hours(opens, closes)
    try:
        spans = lawful_spans(where, since, SAFETY, days=_HORIZON_DAYS)
    except LawUnknown:
        return None
    for zone in where.zones:
        spans = common(spans, spans_from(lambda _day: hours, ZoneInfo(zone), since, _HORIZON_DAYS))
    try:
        return first_instant(spans, since)
    except LawUnknown:
        return None


def _claim(session: orm.Session, contact_id: int, worker: str, wall_now: datetime, until: datetime) -> bool:
    """Take the contact for this worker, if nobody else has; one conditional UPDATE decides."""
    free = sa.or_(CampaignContact.claimed_until.is_(None), CampaignContact.claimed_until < wall_now)
    return (
        session.scalar(
            sa.update(CampaignContact)
            .where(CampaignContact.id == contact_id, CampaignContact.status == "queued", free)
            .values(status="under_way", claimed_by=worker, claimed_until=until)
            .returning(CampaignContact.id)
        )
        is not None
    )


def _take_line(session: orm.Session, campaign: Campaign, wall_now: datetime) -> None:
    """Take the campaign's turn to dial, and one of its lines; its row is locked until the transaction ends.

    Raises:
        NoLine: if it is not time yet, no line is free, it has been paused meanwhile, or its money is spoken for.
    """
    is_time = sa.or_(Campaign.next_dial_at.is_(None), Campaign.next_dial_at <= wall_now)
    taken = session.scalar(
        sa.update(Campaign)
        .where(Campaign.id == campaign.id, Campaign.status == "running", is_time)
        .values(next_dial_at=wall_now + timedelta(seconds=1 / campaign.per_second))
        .returning(Campaign.id)
    )
    busy = lines_taken(session, campaign.id)
    if taken is None or busy >= campaign.lines or waiting_for_humans(session, campaign.id) > 0:
        raise NoLine
    if campaign.ceiling_cents is not None:
        reserved = (busy + 1) * _RESERVED_MINUTES * campaign.cents_per_minute
        if spent_cents(session, campaign.id) + reserved > campaign.ceiling_cents:
            raise NoLine


def lines_taken(session: orm.Session, campaign_id: int) -> int:
    """How many calls of a campaign are under way."""
    query = (
        sa.select(sa.func.count()).select_from(Attempt).join(CampaignContact, CampaignContact.id == Attempt.contact_id)
    )
    return int(session.scalar(query.where(CampaignContact.campaign_id == campaign_id, is_under_way())) or 0)


def waiting_for_humans(session: orm.Session, campaign_id: int) -> int:
    """How many people whom a campaign rang wait for a human: while any does, nobody else is rung."""
    query = (
        sa.select(sa.func.count())
        .select_from(Wait)
        .join(Call, Call.key == Wait.call_key)
        .join(Attempt, Attempt.key == Call.rung_by)
        .join(CampaignContact, CampaignContact.id == Attempt.contact_id)
        .where(Wait.status == "waiting", CampaignContact.campaign_id == campaign_id)
    )
    return int(session.scalar(query) or 0)


def spent_cents(session: orm.Session, campaign_id: int) -> int:
    """What a campaign has spent."""
    query = sa.select(sa.func.sum(CampaignContact.cents)).where(CampaignContact.campaign_id == campaign_id)
    return int(session.scalar(query) or 0)


def _promise_waits(session: orm.Session, now: datetime) -> bool:
    """Whether any promise is due, or will be at the next moment."""
    due = sa.select(Promise.id).where(Promise.status == "open", Promise.next_attempt_at <= now + timedelta(seconds=5))
    return session.scalar(due.limit(1)) is not None
