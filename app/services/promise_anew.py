"""A call is promised, put off or no longer wanted while nobody is on the line; the customer has it in writing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import orm

from app.domain.errors import Invalid
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.ivr.words import Words
from app.models.case import Case
from app.models.journal import end_promise
from app.models.promise import Promise
from app.models.vault import Vault
from app.services.tell_customer import tell_customer
from app.services.weigh_load import wait_to_promise
from app.services.write_promise import write_promise

FARTHEST: Final = timedelta(days=14)
"""How far off a call may be wished for."""


def promise_anew(
    session: orm.Session,
    vault: Vault,
    words: Words,
    case: Case,
    hotline: Hotline,
    number: PhoneNumber | None,
    standing: Promise | None,
    *,
    made_by: str,
    actor: str,
    wish: datetime | None,
    now: datetime,
) -> Promise:
    """Promise a call about a case, in the place of the one that stands, and tell the customer by text.

    Args:
        number: where to call; None if none is known.
        standing: what is promised already; None: nothing.
        made_by: what causes it, see `write_promise`.
        wish: not before this instant; None for as soon as can be.

    Raises:
        Invalid: if no number is known, or the time wished for is past or too far off.
        Busy: if too many are being promised something.
    """
    if number is None:
        raise Invalid("phone", "is missing; without a number no call can be promised")
    check_wish(wish, now)
    wait_to_promise(session, hotline, now=now)
    if standing is not None:
        end_promise(session, vault, standing, "moved", actor, now, cause="the customer agreed to another time")
    successor = write_promise(
        session,
        vault,
        case,
        hotline,
        number,
        made_by=made_by,
        actor=actor,
        language=standing.language if standing else case.language,
        now=now,
        wish=wish,
    )
    if standing is not None:
        standing.successor_id = successor.id
    slots = {"due": successor.due_at.isoformat()}
    if successor.not_before_at > now:
        slots["from"] = successor.not_before_at.isoformat()
    prompt = "text.promise_moved" if standing is not None else "text.agreed"
    body = tell_customer(session, vault, words, successor, hotline, prompt, now, **slots)
    successor.spoken_text = vault.seal(body, f"promises:spoken:{successor.key}")
    return successor


def check_wish(wish: datetime | None, now: datetime) -> None:
    """Refuse a time at which no call can be promised.

    Raises:
        Invalid: if it is past or too far off.
    """
    if wish is not None and wish <= now:
        raise Invalid("call_at", "lies in the past")
    if wish is not None and wish > now + FARTHEST:
        raise Invalid("call_at", "is more than two weeks away")


def withdraw(
    session: orm.Session,
    vault: Vault,
    words: Words,
    promise: Promise,
    hotline: Hotline,
    actor: str,
    now: datetime,
    *,
    cause: str | None = None,
) -> bool:
    """End a promise whose call is no longer wanted, and tell the customer; False if it had ended already."""
    if not end_promise(session, vault, promise, "withdrawn", actor, now, cause=cause):
        return False
    tell_customer(session, vault, words, promise, hotline, "text.withdrawn", now)
    return True
