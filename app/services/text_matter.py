"""A text message that tells something: it joins the customer's open matter, or becomes a complaint (B1, S7)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import orm

from app.compliance.whereabouts import whereabouts
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber, may_be_promised_a_call
from app.domain.protocol import LENGTH, is_protocol
from app.ivr.languages import language_for
from app.models.case import Case
from app.models.journal import note
from app.models.new_case import add_case
from app.services.carry_effects import text_slots
from app.services.remember_manner import remembered
from app.services.take_turn import Switchboard
from app.services.write_promise import write_promise

_SAME_MATTER = timedelta(days=30)
_DIGITS = re.compile(r"\d[\d .-]{8,16}\d")


def has_open_matter(session: orm.Session, board: Switchboard, number: PhoneNumber | None, now: datetime) -> bool:
    """Whether this number has a matter that a message may be about."""
    return _recent(session, board.vault.index(number.e164) if number else None, now) is not None


def names_a_matter(session: orm.Session, body: str) -> bool:
    """Whether a message names the protocol number of a case."""
    return _named_in(session, body) is not None


def take_as_matter(
    board: Switchboard,
    session: orm.Session,
    hotline: Hotline,
    number: PhoneNumber | None,
    *,
    message_id: str,
    body: str,
    now: datetime,
) -> str:
    """Add a message to the matter it belongs to, or open a complaint with it and promise a call (T4, T9).

    Returns:
        The answer: the receipt, with the deadline of the call where one can be promised.
    """
    case, is_new = _matter(session, board, hotline, number, message_id, body, now)
    if is_new and number is not None and may_be_promised_a_call(number):
        return _promise(session, board, hotline, case, number, message_id, now)
    prompt = "text.receipt.complaint_no_call" if is_new else "text.added"
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
    index = board.vault.index(number.e164) if number else None
    case = _named_in(session, body) or _recent(session, index, now)
    if case is None:
        return _open(session, board, hotline, number, message_id, body, now), True
    note(session, board.vault, case, "text_received", "customer", now, body=body)
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
    before = remembered(session, board.vault, board.vault.index(number.e164) if number else None)
    language = language_for(hotline, number.e164 if number else "", before.language)
    case = add_case(
        session,
        board.vault,
        hotline,
        kind="complaint",
        channel="sms",
        language=language,
        source="text",
        source_id=message_id,
        received_by="text",
        facts={
            "complainant.phone": number.e164 if number else None,
            "complainant.reply_medium": "sms",
            "matter.company": hotline.company.name,
            "matter.demand_type": "complaint",
            "matter.narrative": body or None,
            "assessment.jurisdiction": whereabouts(number, hotline).jurisdictions[0],
        },
        now=now,
    )
    note(session, board.vault, case, "received", "customer", now, kind="complaint", channel="sms", body=body)
    return case
