"""Entries of a case's history and messages that shall go out: written in the transaction that caused them."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.case import Case, CaseEvent
from app.models.erased import is_erased
from app.models.outbox import OutboxItem
from app.models.promise import Attempt, Promise
from app.models.ready import ask, ask_all, ask_one, note_written, table_of
from app.models.records import lock_cases
from app.models.subscriber import tell
from app.models.upsert import insert_absent
from app.models.vault import Vault

_NO_LONGER_WANTED: Final = ("withdrawn", "moved", "discharged")
"""Ends after which a ring that has begun for the promise is stopped."""

THROUGH: Final = "through"
"""The name in a session's `info` under which the other system stands that writes in somebody's name."""

IMPORT: Final = "import"
"""Who brings in what happened elsewhere, long ago; nobody is told of it."""

_ADD: Final = sa.insert(table_of(CaseEvent))
_TOUCH: Final = sa.update(table_of(Case)).where(table_of(Case).c.id == sa.bindparam("of_id"))
_PROMISES: Final = table_of(Promise)
_END: Final = (
    sa.update(_PROMISES)
    .where(_PROMISES.c.id == sa.bindparam("of_id"), _PROMISES.c.status == "open")
    .returning(_PROMISES.c.id)
)
_RINGING: Final = sa.select(Attempt.network_id).where(
    Attempt.promise_id == sa.bindparam("promise_id"),
    Attempt.stage == "dialled",
    Attempt.network_id.is_not(None),
    Attempt.customer_network_id.is_(None),
)


def note(
    session: orm.Session, vault: Vault, case: Case, kind: str, actor: str, at: datetime, /, **details: Any
) -> None:
    """Add an entry to the history of a case (T14)."""
    key = secrets.token_urlsafe(12)
    if THROUGH in session.info:
        details[THROUGH] = session.info[THROUGH]
    if orm.attributes.instance_state(case).modified:
        case.changed_at = at  # written with what else was changed
    else:
        ask(session, _TOUCH, of_id=case.id, changed_at=at)
        note_written(session, Case, case.id, changed_at=at)
    text = vault.seal(details, f"case_events:{key}")
    ask(session, _ADD, case_id=case.id, at=at, kind=kind, actor=actor, key=key, text=text)
    if actor != IMPORT:
        tell(session, case.id, key, kind, at)


def details_of(vault: Vault, event: CaseEvent) -> dict[str, Any]:
    """What a history entry says; nothing once it was erased."""
    if is_erased(event.text):
        return {}
    opened: dict[str, Any] = vault.open(event.text, f"case_events:{event.key}")
    return opened


def queue_out(
    session: orm.Session,
    vault: Vault,
    *,
    key: str,
    kind: str,
    at: datetime,
    payload: dict[str, Any],
    case_id: int | None = None,
) -> bool:
    """Put something into the outbox once; the same `key` a second time changes nothing.

    Returns:
        False if it was there already.
    """
    values: dict[str, Any] = {
        "key": key,
        "kind": kind,
        "payload": vault.seal(payload, f"outbox:{key}"),
        "case_id": case_id,
        "created_at": at,
        "next_at": at,
        "details": {},
    }
    return insert_absent(session, OutboxItem, values, ("key",))


def end_promise(
    session: orm.Session,
    vault: Vault,
    promise: Promise,
    status: str,
    actor: str,
    at: datetime,
    *,
    cause: str | None = None,
) -> bool:
    """Bring an open promise to its end, once; one conditional UPDATE decides.

    Returns:
        False if it had ended already; nothing is changed then.
    """
    lock_cases(session, [promise.case_id])
    values = {"status": status, "ended_at": at, "cause": cause, "claimed_by": None, "claimed_until": None}
    if ask_one(session, _END, of_id=promise.id, **values) is None:
        return False
    note_written(session, Promise, promise.id, **values)
    note(session, vault, promise.case, status, actor, at, promise=promise.id, **({"cause": cause} if cause else {}))
    if status in _NO_LONGER_WANTED:
        _stop_ringing(session, vault, promise, at)
    return True


def _stop_ringing(session: orm.Session, vault: Vault, promise: Promise, at: datetime) -> None:
    """Have the customer's telephone fall silent if it rings for this promise, by ending the agent's leg behind it.

    Whoever dialled did so before the promise ended, since both take its row; their ring may begin a moment later.
    """
    for network_id in ask_all(session, _RINGING, promise_id=promise.id):
        order_hang_up(session, vault, network_id, at)


def order_hang_up(session: orm.Session, vault: Vault, network_id: str, at: datetime) -> None:
    """Have a leg ended that belongs to nothing any more; also if this process dies after the commit."""
    queue_out(session, vault, key=f"hang-up:{network_id}", kind="hang_up", at=at, payload={"network_id": network_id})
