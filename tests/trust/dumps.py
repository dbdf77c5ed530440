"""What an office wrote down, without what chance decides: random keys, numbers, and the order of equal instants."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.cli.virtual_office import VirtualOffice
from app.models.call import Call, LegEvent, Recording, Transcript, Wait
from app.models.case import Case, CaseEvent
from app.models.outbox import OutboxItem
from app.models.promise import Attempt, Promise

TABLES: dict[type[Any], tuple[str, ...]] = {
    Call: ("network_id", "hotline", "language", "status", "seconds"),
    Case: ("kind", "status", "language", "severity", "completeness", "owner_id"),
    CaseEvent: ("case_id", "kind", "actor"),
    Promise: ("case_id", "language", "status", "attempts_made", "cause", "owner_id", "urgent"),
    Attempt: ("promise_id", "staff_id", "stage", "result"),
    Wait: ("language", "urgent", "status"),
    LegEvent: ("kind", "status", "sequence"),
    Recording: ("network_id", "status", "seconds"),
    Transcript: ("sequence",),
    OutboxItem: ("kind", "case_id", "status"),
}


def dump(office: VirtualOffice) -> dict[str, list[tuple[str, ...]]]:
    """Every record as a sorted list, table by table."""
    with office.runtime.database.reads() as session:
        return {
            table.__name__: sorted(
                tuple(str(value) for value in row)
                for row in session.execute(sa.select(*[getattr(table, name) for name in names]))
            )
            for table, names in TABLES.items()
        }
