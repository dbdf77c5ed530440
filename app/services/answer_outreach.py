"""Somebody whom a campaign rang picks up: a person begins a call with turns, as who rings us; a machine is told less.

The same webhook again gets the same document and does nothing twice.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.compliance.whereabouts import whereabouts
from app.domain.call import LegStatus
from app.domain.complaint_terms import Certainty
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.ivr.checks import BEGUN_BY_US
from app.ivr.interpreter import interpret, start
from app.ivr.manner import USUAL
from app.ivr.turn import Gather, Heard, How, Say
from app.models.call import Call
from app.models.campaign import Campaign, CampaignContact, CampaignMember
from app.models.promise import Attempt
from app.models.upsert import insert_absent
from app.services.answer_call import known_consent
from app.services.begin_outreach import known_at_start, write_told
from app.services.bridge_call import advance, find_attempt
from app.services.end_contact import contact_of, note_rung
from app.services.office import CallAtHand
from app.services.outreach_notice import SPOKEN, says_to_machine, slots_of
from app.services.start_contact import phone_of_member
from app.services.take_turn import Edition, Switchboard, finish_turn
from app.telephony.twilio.response import HANG_UP, looped

_KEY_BYTES: Final = 16
_MACHINES: Final = ("machine", "fax")


class _Answered(Exception):
    """The first turn of this call is there; nothing of ours was kept."""


@dataclass(frozen=True, slots=True)
class _Rung:
    """Who has picked up, and all that is known of the attempt."""

    board: Switchboard
    edition: Edition
    session: orm.Session
    attempt: Attempt
    contact: CampaignContact
    member: CampaignMember
    campaign: Campaign
    hotline: Hotline
    now: datetime
    wall_now: datetime

    @property
    def phone(self) -> PhoneNumber:
        """Their number."""
        return PhoneNumber(phone_of_member(self.board.vault, self.member))

    @property
    def slots(self) -> dict[str, Any]:
        """What is said of the recall in their language."""
        return slots_of(self.session, self.campaign, self.hotline, self.member.language, self.board.public_url)

    def note_reached(self) -> None:
        """They have been told of the danger, or are being told now."""
        self.contact.reached_at = self.contact.reached_at or self.now
        self.member.reached_at = self.member.reached_at or self.now


def answer_outreach(
    board: Switchboard,
    edition: Edition,
    attempt_key: str,
    *,
    network_id: str,
    answered_by: str,
    now: datetime,
    wall_now: datetime,
) -> str:
    """The first document of a call that a campaign placed.

    Args:
        answered_by: who picked up, in the network's words: human, machine_end_beep, fax, unknown …; unknown is taken
            for a person, who must not be left without the warning.
    """
    is_machine = answered_by.startswith(_MACHINES)
    try:
        with board.database.sessions.begin() as session:
            attempt = find_attempt(session, attempt_key)
            if attempt is None or attempt.stage == "ended" or attempt.network_id not in (None, network_id):
                return HANG_UP
            advance(session, attempt_key, "placed", network_id=network_id, wall_at=wall_now)
            note_rung(session, attempt, LegStatus.IN_PROGRESS, now=now)
            contact = contact_of(session, attempt)
            campaign = session.get_one(Campaign, contact.campaign_id)
            member = session.get_one(CampaignMember, contact.member_id)
            hotline = board.hotline_named(campaign.hotline)
            rung = _Rung(board, edition, session, attempt, contact, member, campaign, hotline, now, wall_now)
            return _leave_message(rung) if is_machine else _begin_call(rung, network_id)
    except _Answered:
        first = board.turns.at(_key_of(board, network_id), 0)
        return first.document if first is not None else HANG_UP


def _leave_message(rung: _Rung) -> str:
    """What the machine is told; the danger only where the law lets it, and only then somebody counts as reached."""
    rung.attempt.result, rung.attempt.wall_at = "machine", rung.wall_now
    says = says_to_machine(rung.slots, whereabouts(rung.phone, rung.hotline))
    rung.contact.heard_by = rung.contact.heard_by or "machine"
    if any(say.prompt in SPOKEN for say in says):
        rung.note_reached()
    spoken = rung.edition.speaker.speak(says, rung.member.language, now=rung.now, zone=rung.hotline.zone)
    return looped(spoken, "<Hangup/>")


def _begin_call(rung: _Rung, network_id: str) -> str:
    board, session, attempt, member, hotline = rung.board, rung.session, rung.attempt, rung.member, rung.hotline
    consent_mode = known_consent(hotline, rung.phone, rung.now)
    known = known_at_start(
        board, session, hotline, rung.campaign, rung.contact, member, consent_mode=consent_mode, now=rung.now
    )
    position = start(rung.edition.flows, hotline, member.language, known, BEGUN_BY_US)
    key = secrets.token_urlsafe(_KEY_BYTES)
    row = {
        "key": key,
        "network_id": network_id,
        "hotline": hotline.name,
        "called": hotline.numbers[0],
        "caller": board.vault.seal(rung.phone.e164, f"calls:caller:{key}"),
        "caller_index": member.phone_index,
        "flow_version": position.version,
        "language": member.language,
        "started_at": rung.now,
        "status": "in-progress",
        "seen_at": rung.wall_now,
        "rung_by": attempt.key,
    }
    if not insert_absent(session, Call, row, ("network_id",)):
        raise _Answered
    values = {"bridged_at": rung.now, "customer_network_id": network_id, "wall_at": rung.wall_now}
    advance(session, attempt.key, "bridged", **values)
    rung.contact.heard_by = "person"
    rung.note_reached()
    write_told(session, rung.campaign, member, key, said_at=rung.now)
    heard = Heard(How.START)
    turn = interpret(rung.edition.flows, position, heard)
    words = rung.edition.words
    at_hand = CallAtHand(session, board.vault, words, hotline, key, network_id, 0, position, rung.now, rung.wall_now)
    return finish_turn(board, rung.edition, at_hand, turn, heard)


def _key_of(board: Switchboard, network_id: str) -> str:
    with board.database.reads() as session:
        return session.scalar(sa.select(Call.key).where(Call.network_id == network_id)) or ""


def rehearse_outreach(board: Switchboard, edition: Edition, campaign_id: int, *, now: datetime) -> str:
    """The document of a test call: what people hear, then what a machine hears; it asks nothing and changes nothing."""
    with board.database.reads() as session:
        campaign = session.get(Campaign, campaign_id)
        if campaign is None:
            return HANG_UP
        hotline = board.hotline_named(campaign.hotline)
        language = hotline.main_language
        slots = slots_of(session, campaign, hotline, language, board.public_url)
    where = whereabouts(PhoneNumber(hotline.numbers[0]), hotline)
    begin = start(edition.flows, hotline, language, {**slots, "match": str(Certainty.EXACT)}, BEGUN_BY_US)
    first = interpret(edition.flows, begin, Heard(How.START))
    assert isinstance(first.wait, Gather)
    says = (
        Say("outreach_test"),
        *first.says,
        Say("outreach_test_machine"),
        *says_to_machine(slots, where),
    )
    return looped(edition.speaker.speak(says, language, now=now, zone=hotline.zone, manner=USUAL), "<Hangup/>")
