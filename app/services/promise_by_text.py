"""A promise that nobody is on the line to hear: it is given by text message."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import orm

from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.ivr.words import Words
from app.models.case import Case
from app.models.journal import queue_out
from app.models.promise import Promise
from app.models.vault import Vault
from app.services.carry_effects import text_slots
from app.services.write_promise import write_promise


def promise_by_text(
    session: orm.Session,
    vault: Vault,
    words: Words,
    case: Case,
    hotline: Hotline,
    number: PhoneNumber,
    *,
    cause: str,
    language: str,
    now: datetime,
    actor: str = "ivr",
    wish: datetime | None = None,
    call_key: str | None = None,
    flow_version: str | None = None,
) -> Promise:
    """Promise a call about a complaint and queue the receipt with its deadline; its words are kept (T4, T9, T15).

    Args:
        cause: what makes the promise, a call's key or another source; one promise and one receipt each.
        actor: who gives it, see `write_promise`.
        wish: not before this instant; None for as soon as can be.

    Raises:
        LawUnknown: if no rule is in force where the customer may be.
    """
    promise = write_promise(
        session,
        vault,
        case,
        hotline,
        number,
        made_by=f"{cause}:{case.id}:text",
        actor=actor,
        language=language,
        now=now,
        wish=wish,
        call_key=call_key,
        flow_version=flow_version,
    )
    slots = {**text_slots(hotline, case), "due": promise.due_at.isoformat()}
    body = words.text(language, "text.receipt.complaint", slots, now=now, zone=hotline.zone)
    promise.spoken_text = vault.seal(body, f"promises:spoken:{promise.key}")
    queue_out(
        session,
        vault,
        key=f"{cause}:text.receipt.complaint",
        kind="text",
        at=now,
        payload={"to": number.e164, "from": hotline.numbers[0], "body": body},
        case_id=case.id,
    )
    return promise
