"""A call comes in: it gets a row, a language, and its first turn; exactly once, however often the network asks."""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa

from app.compliance.recording import consent_mode
from app.compliance.whereabouts import whereabouts
from app.domain.business_hours import is_open, on_day
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber, is_withheld, may_be_promised_a_call, parse_phone
from app.ivr.interpreter import interpret, lines_of_opening, start
from app.ivr.languages import language_for
from app.ivr.turn import Heard, How, Known
from app.models.call import Call
from app.models.upsert import insert_absent
from app.services.office import CallAtHand
from app.services.remember_manner import remembered
from app.services.take_turn import AlreadyAnswered, Edition, Switchboard, finish_turn

_KEY_BYTES = 16  # 128 random bits: nobody guesses the address of somebody's call


def answer_call(
    board: Switchboard,
    edition: Edition,
    hotline: Hotline,
    *,
    network_id: str,
    from_number: str,
    to_number: str,
    now: datetime,
    wall_now: datetime,
) -> str:
    """The first document of a call; the same call asked again gets the same document."""
    try:
        with board.database.sessions.begin() as session:
            key = secrets.token_urlsafe(_KEY_BYTES)
            caller = _dialable(from_number, hotline.country)
            index = board.vault.index(caller.e164) if caller else None
            before = remembered(session, board.vault, index)
            language = language_for(hotline, caller.e164 if caller else "", before.language)
            known = {**_facts(hotline, caller, now), **before.manner.known}
            position = start(edition.flows, hotline, language, known)
            row = {
                "key": key,
                "network_id": network_id,
                "hotline": hotline.name,
                "called": to_number,
                "caller": board.vault.seal(caller.e164 if caller else "", f"calls:caller:{key}"),
                "caller_index": index,
                "flow_version": position.version,
                "language": language,
                "started_at": now,
                "status": "in-progress",
                "seen_at": wall_now,
            }
            if not insert_absent(session, Call, row, ("network_id",)):
                raise AlreadyAnswered
            heard = Heard(How.START)
            turn = interpret(edition.flows, position, heard)
            at_hand = CallAtHand(
                session, board.vault, edition.words, hotline, key, network_id, 0, position, now, wall_now
            )
            return finish_turn(board, edition, at_hand, turn, heard)
    except AlreadyAnswered:
        with board.database.reads() as session:
            known_key = session.scalar(sa.select(Call.key).where(Call.network_id == network_id))
        first = board.turns.at(known_key or "", 0)
        if first is None:  # the other delivery has not committed yet, or gave up
            raise
        return first.document


def _dialable(raw: str, country: str) -> PhoneNumber | None:
    if is_withheld(raw):
        return None
    return parse_phone(raw, country)


def _facts(hotline: Hotline, caller: PhoneNumber | None, now: datetime) -> Known:
    return {**facts_at_start(hotline, caller, now), "consent_mode": known_consent(hotline, caller, now)}


def known_consent(hotline: Hotline, caller: PhoneNumber | None, now: datetime) -> str:
    """How a recording of this call must be agreed to: under every law that may apply, the strictest counts."""
    return consent_mode(*_jurisdictions(hotline, caller), on=now.astimezone(hotline.zone).date())


def facts_at_start(hotline: Hotline, caller: PhoneNumber | None, now: datetime) -> Known:
    """What is known of every conversation when it begins, by whichever channel."""
    return {
        "caller": caller.e164 if caller else "",
        "caller_callable": "yes" if caller and may_be_promised_a_call(caller) else "no",
        "hotline": hotline.name,
        "company": hotline.company.name,
        "jurisdiction": hotline.jurisdiction,
        "open": "yes" if is_open(hotline, now) else "no",
        "opening": lines_of_opening(on_day(hotline, now.astimezone(hotline.zone).date())),
    }


def _jurisdictions(hotline: Hotline, caller: PhoneNumber | None) -> tuple[str, ...]:
    """Every law that may apply: the hotline's and that of the caller's country; the stricter one counts."""
    return whereabouts(caller, hotline).jurisdictions
