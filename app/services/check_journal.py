"""The journal is verified all the time, a part at each tick, so that tampering is found without anybody asking."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
import structlog

from app.models.chain import JournalHead
from app.models.engines import Database
from app.models.vault import Vault
from app.services.seal_journal import seal_journal
from app.services.verify_journal import Fault, check_part

PART: Final = 2_000  # entries; about a quarter of a second
_log = structlog.get_logger()


def check_journal(database: Database, vault: Vault, *, now: datetime, part: int = PART) -> Fault | None:
    """Verify the next part; gives the first fault in it, None if it is as it was written down.

    A fault stands in the journal's head until a whole round has found none.

    Args:
        now: office time.
    """
    with database.reads() as session:
        head = session.get(JournalHead, 1)
        if head is None:
            return None
        through, fault = check_part(session, vault, head.checked_through, part)
    values: dict[str, object] = {"checked_through": through}
    if fault is not None:
        _log.critical("the journal shows that something was altered", fault=str(fault))
        values |= {"fault": str(fault), "checked_through": 0}
    elif through == 0:
        values |= {"checked_at": now, "fault": None}
        seal_journal(database, vault, now=now, thorough=True)
    with database.sessions.begin() as session:
        session.execute(sa.update(JournalHead).values(values))
    return fault
