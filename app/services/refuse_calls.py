"""A customer does not want to be called any more, or wants it again: what an agent hears is put down for the number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Invalid
from app.domain.hotline import Hotline
from app.ivr.words import Words
from app.models.call import Caller
from app.models.case import Case
from app.models.journal import note
from app.models.promise import Promise
from app.models.records import lock_cases
from app.models.staff import Staff
from app.models.upsert import insert_absent
from app.models.vault import Vault
from app.services.promise_anew import withdraw


def refuse_calls(
    session: orm.Session,
    vault: Vault,
    words: Words,
    case: Case,
    hotline: Hotline,
    staff: Staff,
    *,
    refused: bool,
    now: datetime,
) -> int:
    """Mark the number of a case as not to be called, or take the mark away; gives how many open promises ended by it.

    A promise that is being dialled at this moment ends all the same: who answers hears that it is no longer needed.

    Raises:
        Invalid: if no number of the customer is known.
    """
    index = case.phone_index
    if index is None:
        raise Invalid("phone", "is not known; there is nothing to mark")
    return mark_number(session, vault, words, index, case, lambda _: hotline, staff, refused=refused, now=now)


def mark_number(
    session: orm.Session,
    vault: Vault,
    words: Words,
    index: str,
    case: Case | None,
    hotline_named: Callable[[str], Hotline],
    staff: Staff,
    *,
    refused: bool,
    now: datetime,
) -> int:
    """The same for a number by its index, also one that nobody has called from.

    Args:
        case: in whose history it is put down; None for the newest one of the number, if it has any.
    """
    promised = sa.select(Promise).where(Promise.phone_index == index, Promise.status == "open")
    promises = session.scalars(promised).all() if refused else []
    if case is None:
        theirs = sa.select(Case).where(Case.phone_index == index)
        case = session.scalar(theirs.order_by(Case.received_at.desc(), Case.id.desc()).limit(1))
    lock_cases(session, {*([case.id] if case is not None else []), *(promise.case_id for promise in promises)})
    language = case.language if case is not None else ""
    values = {"number_index": index, "language": language, "seen_at": now, "do_not_call": refused}
    if not insert_absent(session, Caller, values, ("number_index",)):
        session.execute(sa.update(Caller).where(Caller.number_index == index).values(do_not_call=refused))
    actor = f"staff:{staff.id}"
    if case is not None:
        note(session, vault, case, "calls_refused" if refused else "calls_welcome", actor, now)
    ended = 0
    for promise in promises:
        hotline = hotline_named(promise.hotline)
        ended += withdraw(session, vault, words, promise, hotline, actor, now, cause="do not call")
    return ended
