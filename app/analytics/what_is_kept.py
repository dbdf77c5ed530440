"""What the office keeps and until when: deadlines of requests, holds, the next days of deletion, the journal's head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.call import Call, Recording
from app.models.case import Case
from app.models.chain import JournalHead, Removal
from app.models.keeping import DataRequest, Hold
from app.models.vault import Vault

_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Request:
    """A data request with what it is about."""

    row: DataRequest
    about: str  # protocol number or telephone number; "" once it was erased
    is_late: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A standing hold with its case and its reason."""

    row: Hold
    protocol: str
    reason: str


@dataclass(frozen=True, slots=True)
class Deletion:
    """How much is to be deleted on one day."""

    what: str  # recordings, cases, calls
    on: date
    number: int


@dataclass(frozen=True, slots=True)
class Keeping:
    """Everything at one moment."""

    requests: Sequence[Request]
    holds: Sequence[Held]
    deletions: Sequence[Deletion]
    removals: Sequence[Removal]
    journal: JournalHead | None  # None before the first entry


def what_is_kept(session: orm.Session, vault: Vault, *, now: datetime) -> Keeping:
    """The present state of keeping; of every list the most urgent part.

    A request is late when its deadline has passed and the customer was not served.
    """
    asked = session.scalars(
        sa.select(DataRequest)
        .order_by(DataRequest.status.in_(("sent", "done")), DataRequest.due_at, DataRequest.id)
        .limit(_SHOWN)
    ).all()
    holds = session.execute(
        sa.select(Hold, Case.protocol)
        .join(Case, Case.id == Hold.case_id)
        .where(Hold.lifted_at.is_(None))
        .order_by(Hold.placed_at)
    ).all()
    return Keeping(
        requests=[_request(vault, each, now) for each in asked],
        holds=[Held(hold, protocol, str(vault.open(hold.reason, f"holds:{hold.key}"))) for hold, protocol in holds],
        deletions=deletions(session),
        removals=session.scalars(sa.select(Removal).order_by(Removal.id.desc()).limit(10)).all(),
        journal=session.get(JournalHead, 1),
    )


def _request(vault: Vault, row: DataRequest, now: datetime) -> Request:
    about = str(vault.open(row.about, f"data_requests:about:{row.key}"))
    return Request(row, about, is_late=row.status not in ("sent", "done") and row.due_at < now)


def last_removals(session: orm.Session) -> dict[str, Removal]:
    """The newest removal of each kind of thing of which any went by its term."""
    found = {}
    for what, subject in (("recordings", "recording:"), ("cases", "case:"), ("calls", "call:"), ("audit", "audit:")):
        newest = (
            sa.select(Removal)
            .where(Removal.subject.startswith(subject, autoescape=True), Removal.kind == "retired")
            .order_by(Removal.id.desc())
            .limit(1)
        )
        if (removal := session.scalar(newest)) is not None:
            found[what] = removal
    return found


def deletions(session: orm.Session) -> list[Deletion]:
    """How much goes on which of the next days, of what has a day of deletion."""
    found: list[Deletion] = []
    tables: tuple[tuple[str, Any, Any], ...] = (
        ("recordings", Recording, Recording.status != "deleted"),
        ("cases", Case, sa.true()),
        ("calls", Call, sa.true()),
    )
    for what, table, which in tables:
        days = (
            sa.select(table.delete_on, sa.func.count())
            .where(table.delete_on.is_not(None), which)
            .group_by(table.delete_on)
            .order_by(table.delete_on)
            .limit(5)
        )
        found += [Deletion(what, day, number) for day, number in session.execute(days)]
    return sorted(found, key=lambda each: (each.on, each.what))
