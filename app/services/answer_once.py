"""A write of another system happens once, however often it is sent: its answer is committed with its effect.

Who sends the same again while the first one is still being carried out waits for it, in whatever process that is: the
database lets only one insert the key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Invalid
from app.models.api_request import ApiRequest
from app.models.engines import Database
from app.models.upsert import insert_absent
from app.models.vault import Vault

KEPT: Final = timedelta(days=7)
"""The machine's time for which an answer is kept, and its key cannot be used for anything else."""

HEADER: Final = "Idempotency-Key"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered to a write."""

    status: int
    body: str  # JSON
    is_repeated: bool = False


def answer_once(
    session: orm.Session,
    vault: Vault,
    token_id: int,
    key: str,
    asked: tuple[str, ...],
    carry_out: Callable[[], tuple[int, str]],
    *,
    wall_now: datetime,
) -> Answer:
    """Carry something out, or give the answer that was given when it was.

    What `carry_out` raises leaves nothing behind once the transaction is taken back, so the key is free again.

    Args:
        key: as the other system gave it.
        asked: method, path and body; of another one the same key is refused.
        carry_out: gives status and body; the body holds nothing about a person.

    Raises:
        Invalid: if the key was used for something else.
    """
    digest, mark = vault.mark("api key", key).hex(), vault.mark("api request", *asked)
    values = {"token_id": token_id, "key": digest, "asked": mark, "at": wall_now}
    theirs = sa.and_(ApiRequest.token_id == token_id, ApiRequest.key == digest)
    if not insert_absent(session, ApiRequest, values, ("token_id", "key")):
        earlier = session.scalars(sa.select(ApiRequest).where(theirs)).one()
        if earlier.asked != mark:
            raise Invalid(HEADER, "was used for another request; take a new one for each write")
        return Answer(earlier.status, earlier.answer, is_repeated=True)
    status, body = carry_out()
    session.execute(sa.update(ApiRequest).where(theirs).values(status=status, answer=body))
    return Answer(status, body)


_OLD: Final = sa.select(ApiRequest.id).where(ApiRequest.at < sa.bindparam("before")).limit(1_000)


def forget_requests(database: Database, *, wall_now: datetime) -> int:
    """Forget answers whose time is over; gives how many."""
    with database.reads() as session:
        old = session.scalars(_OLD, {"before": wall_now - KEPT}).all()
    if not old:
        return 0
    with database.sessions.begin() as session:
        session.execute(sa.delete(ApiRequest).where(ApiRequest.id.in_(old)))
    return len(old)
