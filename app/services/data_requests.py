"""What customers ask about their own data: taken down with its deadline, served by the clock, handed over by people."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.compliance.law import Period
from app.compliance.legal_limit import Limit, latest
from app.compliance.whereabouts import whereabouts
from app.domain.errors import Conflict, Invalid
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.models.case import Case
from app.models.chain import Removal
from app.models.engines import Database
from app.models.journal import note
from app.models.keeping import DataRequest
from app.models.one_at_a_time import one_at_a_time
from app.models.records import phone_of
from app.models.vault import Vault
from app.services.erase_person import Certify
from app.services.one_by_one import one_by_one
from app.services.what_may_go import Erasure

MEDIA: Final = ("electronic", "post")
Compose = Callable[[orm.Session, Case], dict[str, Any]]
Erase = Callable[[PhoneNumber, str, Certify], object]


def ask_history(
    session: orm.Session, vault: Vault, case: Case, hotline: Hotline, medium: str, actor: str, *, now: datetime
) -> DataRequest:
    """Take down that a customer wants the history of a matter.

    Args:
        medium: how they want it, one of `MEDIA`.
        actor: who takes it down: staff:<id>, or operator.

    Raises:
        Invalid: if the medium is none.
        LawUnknown: if no law is known that sets the deadline.
    """
    if medium not in MEDIA:
        raise Invalid("medium", f"must be one of {', '.join(MEDIA)}")
    phone = phone_of(vault, case)
    limit = _limit(PhoneNumber(phone) if phone else None, hotline, now)
    asked = _new(session, vault, "history", case.protocol, limit, actor, now, medium)
    note(session, vault, case, "history_asked", actor, now, medium=medium, due_at=limit.at.isoformat())
    return asked


def ask_erasure(
    session: orm.Session, vault: Vault, number: PhoneNumber, hotline: Hotline, actor: str, *, now: datetime
) -> DataRequest:
    """Take down that somebody wants everything under their number erased.

    Raises:
        LawUnknown: if no law is known that sets the deadline.
    """
    return _new(session, vault, "erasure", number.e164, _limit(number, hotline, now), actor, now, None)


def _limit(number: PhoneNumber | None, hotline: Hotline, now: datetime) -> Limit:
    return latest(Period.HISTORY, whereabouts(number, hotline).jurisdictions, now, hotline.zone)


def _new(
    session: orm.Session,
    vault: Vault,
    kind: str,
    about: str,
    limit: Limit,
    actor: str,
    now: datetime,
    medium: str | None,
) -> DataRequest:
    key = secrets.token_hex(12)  # typed after a command, where a leading hyphen would be an option
    asked = DataRequest(
        key=key,
        kind=kind,
        about=vault.seal(about, f"data_requests:about:{key}"),
        medium=medium,
        asked_at=now,
        asked_by=actor,
        due_at=limit.at,
        legal_ref=limit.citation.text,
        status="open",
    )
    session.add(asked)
    session.flush()
    return asked


def serve_requests(database: Database, vault: Vault, compose: Compose, erase: Erase, *, now: datetime) -> int:
    """Write every document that was asked for, and erase whom it was asked for; gives how many were brought forward.

    Args:
        compose: writes the history of a case.
        erase: erases the person with a number; told what the removal is noted with.
    """
    with database.reads() as session:
        waiting = session.execute(
            sa.select(DataRequest.id, DataRequest.kind)
            .where(DataRequest.status.in_(("open", "held")))
            .order_by(DataRequest.due_at)
        ).all()

    def serve(each: sa.Row[int, str]) -> bool:
        request_id, kind = each
        if kind == "history":
            return _write_history(database, vault, request_id, compose, now)
        return _erase(database, vault, request_id, erase, now)

    return one_by_one(waiting, serve)


def _write_history(database: Database, vault: Vault, request_id: int, compose: Compose, now: datetime) -> bool:
    with database.sessions.begin() as session:
        one_at_a_time(session, "data requests")
        asked = session.get_one(DataRequest, request_id)
        protocol = vault.open(asked.about, f"data_requests:about:{asked.key}")
        case = session.scalar(sa.select(Case).where(Case.protocol == protocol))
        if asked.status != "open":
            return False
        if case is None:  # it was removed meanwhile; what is known no more cannot be told
            asked.status, asked.ready_at = "done", now
            return True
        note(session, vault, case, "history_written", "clock", now)
        session.flush()
        asked.document = _sealed(vault, asked, compose(session, case))
        asked.status, asked.ready_at = "ready", now
    return True


def _erase(database: Database, vault: Vault, request_id: int, erase: Erase, now: datetime) -> bool:
    with database.reads() as session:
        asked = session.get_one(DataRequest, request_id)
        if asked.status not in ("open", "held"):
            return False
        number = PhoneNumber(str(vault.open(asked.about, f"data_requests:about:{asked.key}")))
    basis = f"erasure asked for on {asked.asked_at:%Y-%m-%d}, request {asked.key}"
    moved: list[bool] = []

    def certify(session: orm.Session, done: Erasure) -> None:
        """Add to the certificate what this round erased; whoever was faster has begun it."""
        mine = session.get_one(DataRequest, request_id)
        is_served = mine.status not in ("open", "held")
        mine.document = _sealed(vault, mine, _certificate(session, vault, mine, basis, done, is_served, now))
        if is_served:
            return
        new = "ready" if done.is_whole else "held"
        moved.append(mine.status != new)
        mine.status = new
        if done.is_whole:
            mine.ready_at, mine.about = now, vault.seal("", f"data_requests:about:{mine.key}")

    erase(number, basis, certify)
    return any(moved)


def _certificate(
    session: orm.Session,
    vault: Vault,
    asked: DataRequest,
    basis: str,
    done: Erasure,
    is_served: bool,
    now: datetime,
) -> dict[str, Any]:
    """What was removed in all rounds, and what stays; nothing about the person.

    Args:
        is_served: another process was faster and has said what stays.
    """
    earlier = document_of(vault, asked) or {"removed": {}, "protocols": [], "stays": []}
    removed = done.counts.copy()
    removed.update(earlier["removed"])
    # They go one by one before the rest, and whoever removed some of them may have died since.
    gone = sa.select(sa.func.count()).where(Removal.basis == basis, Removal.subject.startswith("recording:"))
    removed["recordings"] = session.scalar(gone) or 0
    return {
        "document": "certificate",
        "number": asked.key,
        "asked_at": asked.asked_at.isoformat(),
        "written_at": now.isoformat(),
        "removed": {what: number for what, number in sorted(removed.items()) if number},
        "protocols": [*earlier["protocols"], *done.protocols],
        "stays": earlier["stays"] if is_served else [asdict(each) for each in done.stays],
    }


def _sealed(vault: Vault, asked: DataRequest, document: dict[str, Any]) -> bytes:
    return vault.seal(document, f"data_requests:document:{asked.key}")


def document_of(vault: Vault, asked: DataRequest) -> dict[str, Any] | None:
    """The history or the certificate; None until it was written."""
    if asked.document is None:
        return None
    opened: dict[str, Any] = vault.open(asked.document, f"data_requests:document:{asked.key}")
    return opened


def hand_over(session: orm.Session, vault: Vault, asked: DataRequest, actor: str, *, now: datetime) -> None:
    """Note that the customer was given the document.

    Raises:
        Conflict: if it is not written yet, or was handed over before.
    """
    if asked.status != "ready":
        raise Conflict("this document cannot be handed over now")
    asked.status, asked.sent_at = "sent", now
    if asked.kind != "history":
        return
    protocol = vault.open(asked.about, f"data_requests:about:{asked.key}")
    case = session.scalar(sa.select(Case).where(Case.protocol == protocol))
    if case is not None:
        note(session, vault, case, "history_sent", actor, now, medium=asked.medium)
