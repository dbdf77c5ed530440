"""A text message comes in: it joins the customer's open matter, or becomes a complaint of its own (B1, S7)."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import orm

from app.compliance.whereabouts import whereabouts
from app.domain.complaint import ComplaintRecord
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber, may_be_promised_a_call, parse_phone
from app.domain.protocol import LENGTH, is_protocol
from app.ivr.languages import language_for
from app.models.call import Caller
from app.models.case import Case, CaseEvent
from app.models.journal import note
from app.models.one_at_a_time import one_at_a_time
from app.models.promise import Promise
from app.models.protocols import free_protocol
from app.models.records import seal_record
from app.services.carry_effects import text_slots
from app.services.repromise import agree_by_text
from app.services.take_turn import Switchboard
from app.services.write_promise import write_promise

_FOR_THE_NETWORK = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "START", "UNSTOP"})
_SAME_MATTER = timedelta(days=30)
_DIGITS = re.compile(r"\d[\d .-]{8,16}\d")


def receive_text(
    board: Switchboard, hotline: Hotline, *, message_id: str, from_number: str, body: str, now: datetime
) -> str:
    """What we answer; the same message delivered again gets the same answer and changes nothing.

    Returns:
        "" when the sender wants no texts, or wants them again: the network carries that out and answers itself.
    """
    if body.strip().upper() in _FOR_THE_NETWORK:
        return ""
    number = parse_phone(from_number, hotline.country)
    with board.database.sessions.begin() as session:
        one_at_a_time(session, f"text:{from_number}")  # two texts at once are about one matter
        agreed = agree_by_text(board, session, number, body, message_id, now)
        if agreed is not None:
            return agreed
        case, is_new = _matter(session, board, hotline, number, message_id, body, now)
        if is_new and number is not None and may_be_promised_a_call(number):
            return _promise(session, board, hotline, case, number, message_id, now)
        if case.source_id == message_id:
            prompt = "text.receipt.complaint_no_call"
            given = session.scalar(sa.select(Promise).where(Promise.made_by == f"text:{message_id}"))
            if given is not None and given.spoken_text is not None:
                return str(board.vault.open(given.spoken_text, f"promises:spoken:{given.key}"))
        else:
            prompt = "text.added"
        return board.present.words.text(case.language, prompt, text_slots(hotline, case), now=now, zone=hotline.zone)


def _promise(
    session: orm.Session,
    board: Switchboard,
    hotline: Hotline,
    case: Case,
    number: PhoneNumber,
    message_id: str,
    now: datetime,
) -> str:
    """Promise a call; the answer to the message is the receipt, and its words are kept."""
    promise = write_promise(
        session,
        board.vault,
        case,
        hotline,
        number,
        made_by=f"text:{message_id}",
        actor="ivr",
        language=case.language,
        now=now,
        flow_version=board.present.flows.version,
    )
    slots = {**text_slots(hotline, case), "due": promise.due_at.isoformat()}
    answer = board.present.words.text(case.language, "text.receipt.complaint", slots, now=now, zone=hotline.zone)
    promise.spoken_text = board.vault.seal(answer, f"promises:spoken:{promise.key}")
    return answer


def _matter(
    session: orm.Session,
    board: Switchboard,
    hotline: Hotline,
    number: PhoneNumber | None,
    message_id: str,
    body: str,
    now: datetime,
) -> tuple[Case, bool]:
    """The case the message belongs to, and whether it was opened by it."""
    own = session.scalar(sa.select(Case).where(Case.source == "text", Case.source_id == message_id))
    if own is not None:
        return own, False
    index = board.vault.index(number.e164) if number else None
    case = _named_in(session, body) or _recent(session, index, now)
    if case is None:
        return _open(session, board, hotline, number, message_id, body, now), True
    key = f"text:{message_id}"
    if session.scalar(sa.select(CaseEvent.id).where(CaseEvent.key == key)) is None:
        event = note(session, board.vault, case, "text_received", "customer", now)
        event.key = key
        event.text = board.vault.seal({"body": body}, f"case_events:{key}")
    return case, False


def _named_in(session: orm.Session, body: str) -> Case | None:
    for found in _DIGITS.finditer(body):
        digits = "".join(sign for sign in found.group() if sign.isdigit())
        if len(digits) == LENGTH and is_protocol(digits):
            return session.scalar(sa.select(Case).where(Case.protocol == digits))
    return None


def _recent(session: orm.Session, index: str | None, now: datetime) -> Case | None:
    if index is None:
        return None
    return session.scalar(
        sa.select(Case)
        .where(Case.phone_index == index, Case.closed_at.is_(None), Case.received_at > now - _SAME_MATTER)
        .order_by(Case.received_at.desc())
        .limit(1)
    )


def _open(
    session: orm.Session,
    board: Switchboard,
    hotline: Hotline,
    number: PhoneNumber | None,
    message_id: str,
    body: str,
    now: datetime,
) -> Case:
    remembered = None
    if number is not None:
        index = board.vault.index(number.e164)
        remembered = session.scalar(sa.select(Caller.language).where(Caller.number_index == index))
    language = language_for(hotline, number.e164 if number else "", remembered)
    protocol = free_protocol(session, now)
    record = ComplaintRecord().with_facts(
        {
            "receipt.protocol": protocol,
            "receipt.received_at": now,
            "receipt.timezone": str(hotline.zone),
            "receipt.channel": "chat",
            "receipt.language": language,
            "receipt.hotline": hotline.name,
            "receipt.received_by": "text",
            "complainant.phone": number.e164 if number else None,
            "complainant.reply_medium": "sms",
            "matter.company": hotline.company.name,
            "matter.demand_type": "complaint",
            "matter.narrative": body or None,
            "assessment.severity": "normal",
            "outcome.status": "received",
            "assessment.jurisdiction": whereabouts(number, hotline).jurisdictions[0],
        }
    )
    case = Case(
        key=secrets.token_urlsafe(12),
        protocol=protocol,
        kind="complaint",
        status="received",
        channel="sms",
        language=language,
        hotline=hotline.name,
        source="text",
        source_id=message_id,
        received_at=now,
        changed_at=now,
    )
    seal_record(board.vault, case, record)
    session.add(case)
    session.flush()
    note(session, board.vault, case, "received", "customer", now, kind="complaint", channel="sms", body=body)
    return case
