"""A text message to the customer about their promise: nothing that happens to it happens in silence."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.hotline import Hotline
from app.ivr.words import Words
from app.models.journal import note, queue_out
from app.models.promise import Promise
from app.models.vault import Vault
from app.promising.local_clock import zone_told_for
from app.services.carry_effects import text_slots


def words_of(words: Words, promise: Promise, hotline: Hotline, prompt: str, now: datetime, **slots: str) -> str:
    """A message about a promise in the customer's language; times are those of their clock, with its name if needed."""
    zone = zone_told_for(promise.whereabouts, hotline, now)
    return words.text(
        promise.language,
        prompt,
        {**text_slots(hotline, promise.case), **slots},
        now=now,
        zone=ZoneInfo(zone) if zone else hotline.zone,
        name_zone=bool(zone),
    )


def tell_customer(
    session: orm.Session,
    vault: Vault,
    words: Words,
    promise: Promise,
    hotline: Hotline,
    prompt: str,
    now: datetime,
    **slots: str,
) -> str:
    """Queue the message, once for this promise, prompt and attempt; gives its words, in the customer's language."""
    body = words_of(words, promise, hotline, prompt, now, **slots)
    to = str(vault.open(promise.phone, f"promises:phone:{promise.key}"))
    queued = queue_out(
        session,
        vault,
        key=f"{promise.key}:{prompt}:{promise.attempts_made}",
        kind="text",
        at=now,
        payload={"to": to, "from": hotline.numbers[0], "body": body},
        case_id=promise.case_id,
    )
    if queued:
        note(session, vault, promise.case, "text_queued", "clock", now, body=body)
    return body


def confirm_move(
    session: orm.Session, vault: Vault, words: Words, successor: Promise, hotline: Hotline, now: datetime
) -> None:
    """Tell the customer the new time, if this promise took the place of another; once."""
    if session.scalar(sa.select(Promise.id).where(Promise.successor_id == successor.id)) is None:
        return
    slots = {"due": successor.due_at.isoformat()}
    if successor.not_before_at > now:
        slots["from"] = successor.not_before_at.isoformat()
    tell_customer(session, vault, words, successor, hotline, "text.promise_moved", now, **slots)
