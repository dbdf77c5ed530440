"""A customer does not want to be called any more, or wants it again: what an agent hears is put down for the number."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Invalid
from app.domain.hotline import Hotline
from app.ivr.words import Words
from app.models.call import Caller
from app.models.case import Case
from app.models.journal import end_promise, note
from app.models.promise import Promise
from app.models.records import lock_cases
from app.models.staff import Staff
from app.models.upsert import insert_absent
from app.models.vault import Vault
from app.services.tell_customer import tell_customer


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
    promised = sa.select(Promise).where(Promise.phone_index == index, Promise.status == "open")
    promises = session.scalars(promised).all() if refused else []
    lock_cases(session, {case.id, *(promise.case_id for promise in promises)})
    values = {"number_index": index, "language": case.language, "seen_at": now, "do_not_call": refused}
    if not insert_absent(session, Caller, values, ("number_index",)):
        session.execute(sa.update(Caller).where(Caller.number_index == index).values(do_not_call=refused))
    note(session, vault, case, "calls_refused" if refused else "calls_welcome", f"staff:{staff.id}", now)
    ended = 0
    for promise in promises:
        if end_promise(session, vault, promise, "withdrawn", f"staff:{staff.id}", now, cause="do not call"):
            tell_customer(session, vault, words, promise, hotline, "text.withdrawn", now)
            ended += 1
    return ended
