"""A customer answers the receipt of a cancellation with an e-mail address: the receipt goes there, too."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.email_address import find_email, masked
from app.domain.phone_number import PhoneNumber
from app.models.cancellation import Cancellation, cancellation_of, keep_email
from app.models.case import Case
from app.models.journal import note
from app.services.carry_effects import text_slots
from app.services.confirm_cancellation import queue_letter
from app.services.take_turn import Switchboard

_LONGEST: Final = 8  # words; a longer message tells something else, and happens to hold an address
_AFTER: Final = timedelta(days=30)
_KEY: Final = "reply"


def send_receipt_to(
    board: Switchboard, session: orm.Session, number: PhoneNumber | None, body: str, message_id: str, now: datetime
) -> str | None:
    """What we answer to a message with an address for the receipt; None if it is none.

    The newest cancellation of the number counts, whether or not the caller asked for a letter on the telephone.
    """
    address = find_email(body) if len(body.split()) <= _LONGEST else None
    if address is None or number is None:
        return None
    case = session.scalar(
        sa.select(Case)
        .join(Cancellation, Cancellation.case_id == Case.id)
        .where(Case.phone_index == board.vault.index(number.e164), Case.received_at > now - _AFTER)
        .order_by(Case.received_at.desc())
        .limit(1)
    )
    cancellation = cancellation_of(session, case.id) if case is not None else None
    if case is None or cancellation is None:
        return None
    keep_email(board.vault, cancellation, address)
    cancellation.by_email = True
    hotline, words = board.hotline_named(case.hotline), board.present.words
    queue_letter(session, board.vault, words, case, cancellation, hotline, f"{_KEY}:{message_id}", now=now)
    note(session, board.vault, case, "email_told", "customer", now, address=masked(address))
    slots = text_slots(hotline, case)
    return words.text(case.language, "text.letter_ordered", slots, now=now, zone=hotline.zone)
