"""A closed complaint: the customer is told the outcome, and asked once how satisfied they are (B5, T16).

By text message only if they agreed to that: courts take such a question for advertising where nobody agreed (BGH VI ZR
225/17). Everybody else is asked when they call about the matter again. See docs/decisions/0025.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import orm

from app.domain.hotline import Hotline
from app.ivr.turn import Known
from app.ivr.words import Words
from app.models.call import wants_no_texts
from app.models.case import Case
from app.models.journal import note, queue_out
from app.models.records import phone_of, record_to_change, seal_record
from app.models.satisfaction import Satisfaction, question_about
from app.models.upsert import insert_absent
from app.models.vault import Vault
from app.services.carry_effects import text_slots
from app.services.office import CallAtHand, Details
from app.services.open_case import case_at_hand

SATISFIED: Final = 4
"""Who answers this or more is satisfied, and is asked whether they would recommend us."""

_SCORES: Final = ("1", "2", "3", "4", "5")


def tell_closing(
    session: orm.Session, vault: Vault, words: Words, case: Case, hotline: Hotline, *, may_ask: bool, now: datetime
) -> None:
    """Tell the customer that their complaint is closed, and how; with the question if they agreed to be asked.

    Args:
        may_ask: whether they agreed to be asked by text message.
    """
    phone = phone_of(vault, case)
    is_texted = bool(phone) and not wants_no_texts(session, case.phone_index or "")
    asks = is_texted and may_ask
    values = {
        "case_id": case.id, "phone_index": case.phone_index, "medium": "text" if asks else "call", "closed_at": now,
        "asked_at": now if asks else None,
    }  # fmt: skip
    if not insert_absent(session, Satisfaction, values, ("case_id",)) or not is_texted:
        return
    slots = {**text_slots(hotline, case), "outcome": f"closed.{case.outcome}"}
    prompt = "text.closed_ask" if asks else "text.closed"
    body = words.text(case.language, prompt, slots, now=now, zone=hotline.zone)
    payload = {"to": phone, "from": hotline.numbers[0], "body": body}
    if queue_out(session, vault, key=f"closed:{case.key}", kind="text", at=now, payload=payload, case_id=case.id):
        note(session, vault, case, "text_queued", "clock", now, body=body)


def rate(call: CallAtHand, details: Details) -> Known:
    """Keep what a caller answered about their closed matter; the same again changes nothing.

    Args:
        details: `satisfaction`, 1 to 5, and `recommends`, yes or no; "" where nothing was answered.
    """
    case = case_at_hand(call)
    asked = question_about(call.session, case.id) if case is not None else None
    score, recommends = str(details.get("satisfaction") or ""), str(details.get("recommends") or "")
    if case is None or asked is None or asked.medium != "call" or asked.asked_at is None:
        return {}
    if score in _SCORES:
        keep_score(call.session, call.vault, case, asked, int(score), now=call.now)
    if recommends in ("yes", "no"):
        keep_recommendation(call.session, call.vault, case, asked, recommends, now=call.now)
    return {}


def keep_score(
    session: orm.Session, vault: Vault, case: Case, asked: Satisfaction, score: int, *, now: datetime, words: str = ""
) -> None:
    """Put the first answer into the record, where the call log finds it; a later one changes nothing.

    Args:
        words: what the customer wrote besides.
    """
    if asked.score is not None:
        return
    asked.score, asked.answered_at = score, now
    record = record_to_change(session, vault, case)
    seal_record(vault, case, record.with_facts({"outcome.satisfaction": score}))
    note(session, vault, case, "satisfaction", "customer", now, score=score, **({"words": words} if words else {}))


def keep_recommendation(
    session: orm.Session, vault: Vault, case: Case, asked: Satisfaction, recommends: str, *, now: datetime
) -> None:
    """Keep the first answer of a satisfied customer, yes or no."""
    if asked.recommends is None and (asked.score or 0) >= SATISFIED:
        asked.recommends = recommends
        note(session, vault, case, "recommends", "customer", now, recommends=recommends)
