"""What is no longer kept goes on its day: recordings at the network, then cases with all that is theirs, then calls.

What a legal hold protects stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
import structlog
from sqlalchemy import orm

from app.compliance.retention import Keep
from app.domain.errors import NetworkFailure
from app.models.anonymous import forget_call, forget_cases
from app.models.call import Call, Caller, LegEvent, Recording, Transcript, TurnRow, Wait
from app.models.case import Case
from app.models.dependents import delete_with_dependents
from app.models.engines import Database
from app.models.journal import note
from app.models.keeping import Hold, held_cases
from app.models.one_at_a_time import one_at_a_time
from app.models.outbox import OutboxItem
from app.models.promise import Attempt, Promise
from app.models.vault import Vault
from app.services.remember_owned import forget_owned
from app.services.remove_content import note_removal, permitted
from app.services.seal_journal import enter_all
from app.services.terms_of_keeping import (
    HotlineNamed,
    day_of_deletion,
    is_due,
    keep_call,
    keep_matter,
    keep_recordings_of,
)
from app.telephony.port import Phone

_AT_ONCE: Final = 100
_DAY: Final = timedelta(days=1)
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Retired:
    """How much went in one round."""

    recordings: int = 0
    cases: int = 0
    calls: int = 0


def reckon_terms(database: Database, vault: Vault, hotline_named: HotlineNamed) -> int:
    """Put down the day of deletion of what has none yet; gives of how many."""
    recorded = sa.select(Recording, Call).join(Call, Call.key == Recording.call_key)
    waiting = recorded.where(Recording.delete_on.is_(None), Recording.status == "completed").limit(_AT_ONCE)
    closed = sa.select(Case).where(Case.closed_at.is_not(None), Case.delete_on.is_(None)).limit(_AT_ONCE)
    settled = sa.select(Call).where(Call.settled_at.is_not(None), Call.delete_on.is_(None)).limit(_AT_ONCE)
    if not _is_any(database, waiting, closed, settled):
        return 0
    with database.sessions.begin() as session:
        reckoned = 0
        for recording, call in session.execute(waiting).all():
            recording.delete_on = day_of_deletion(keep_recordings_of(vault, hotline_named, call))
            reckoned += 1
        for case in session.scalars(closed).all():
            case.delete_on = _day(keep_matter(vault, hotline_named, case))
            reckoned += 1
        for call in session.scalars(settled).all():
            call.delete_on = _day(keep_call(vault, hotline_named, call))
            reckoned += 1
    return reckoned


def _is_any(database: Database, *queries: sa.Select[*tuple[Any, ...]]) -> bool:
    """Whether there is anything to do, asked without keeping anybody from writing."""
    with database.reads() as session:
        return any(session.execute(query).first() is not None for query in queries)


def _day(keep: Keep | None) -> Any:
    return day_of_deletion(keep) if keep is not None else None


def retire_records(
    database: Database, vault: Vault, phone: Phone, hotline_named: HotlineNamed, *, now: datetime
) -> Retired:
    """Remove what is due, at most some hundred rows of each kind."""
    return Retired(
        _retire_recordings(database, vault, phone, hotline_named, now),
        _retire_cases(database, vault, hotline_named, now),
        _retire_calls(database, vault, hotline_named, now),
    )


def _retire_recordings(
    database: Database, vault: Vault, phone: Phone, hotline_named: HotlineNamed, now: datetime
) -> int:
    held = sa.select(Case.call_key).join(Hold, Hold.case_id == Case.id).where(Hold.lifted_at.is_(None))
    with database.reads() as session:
        found = session.execute(
            sa.select(Recording, Call)
            .join(Call, Call.key == Recording.call_key)
            .where(
                Recording.delete_on <= (now + _DAY).date(),
                Recording.status != "deleted",
                Recording.call_key.not_in(held.where(Case.call_key.is_not(None))),
            )
            .order_by(Recording.delete_on)
            .limit(_AT_ONCE)
        ).all()
        due = [
            (recording.network_id, keep_recordings_of(vault, hotline_named, call))
            for recording, call in found
            if is_due(recording.delete_on, hotline_named(call.hotline), now)
        ]
    return sum(
        delete_recording(database, vault, phone, network_id, keep.citation.text, now=now) for network_id, keep in due
    )


def delete_recording(
    database: Database, vault: Vault, phone: Phone, network_id: str, basis: str, *, now: datetime
) -> bool:
    """Remove one recording at the network, then write that down; False if the network could not be asked."""
    try:
        phone.delete_recording(network_id)
    except NetworkFailure:
        _log.warning("a recording could not be deleted yet", recording=network_id)
        return False
    with database.sessions.begin() as session:
        recording = session.get_one(Recording, network_id, with_for_update={"key_share": True})
        if recording.status == "deleted":  # another process was faster
            return True
        recording.status = "deleted"
        note_removal(session, vault, f"recording:{network_id}", "retired", basis, at=now)
        for case in session.scalars(sa.select(Case).where(Case.call_key == recording.call_key)):
            note(session, vault, case, "recording_deleted", "clock", now, recording=network_id, basis=basis)
    return True


def _retire_cases(database: Database, vault: Vault, hotline_named: HotlineNamed, now: datetime) -> int:
    if not _is_any(database, sa.select(Case).where(Case.delete_on <= (now + _DAY).date()).limit(1)):
        return 0
    with database.sessions.begin() as session:
        one_at_a_time(session, "retire")
        held = held_cases(session)
        due = list(_due_cases(session, vault, hotline_named, held, now))
        if not due:
            return 0
        enter_all(session, vault, now=now)
        with permitted(session):
            for case, basis in due:
                note_removal(session, vault, f"case:{case.key}", "retired", basis, at=now)
                _remove_case(session, vault, case, basis, now)
    return len(due)


def _due_cases(
    session: orm.Session, vault: Vault, hotline_named: HotlineNamed, held: set[int], now: datetime
) -> Iterator[tuple[Case, str]]:
    found = session.scalars(
        sa.select(Case)
        .where(Case.delete_on <= (now + _DAY).date(), Case.id.not_in(held))
        .order_by(Case.delete_on)
        .limit(_AT_ONCE)
    ).all()
    for case in found:
        # A case that was opened again, or closed again later, has another day than the one put down.
        keep = keep_matter(vault, hotline_named, case)
        case.delete_on = _day(keep)
        kept_recording = sa.select(Recording.network_id).where(
            Recording.call_key == case.call_key, Recording.status == "completed"
        )
        waits = session.scalar(kept_recording.limit(1)) is not None
        if keep is not None and not waits and is_due(case.delete_on, hotline_named(case.hotline), now):
            yield case, keep.citation.text


def _remove_case(session: orm.Session, vault: Vault, case: Case, basis: str, now: datetime) -> None:
    attempts = session.scalars(
        sa.select(Attempt).join(Promise, Promise.id == Attempt.promise_id).where(Promise.case_id == case.id)
    ).all()
    _remove_legs(session, vault, _legs_of(attempts), basis, now)
    _remove_messages(session, vault, OutboxItem.case_id == case.id, basis, now)
    forget_cases(session, [case.id])
    delete_with_dependents(session, Case.metadata.tables["cases"], [case.id])


def _remove_messages(
    session: orm.Session, vault: Vault, which: sa.ColumnElement[bool], basis: str, now: datetime
) -> None:
    sent = session.scalars(sa.select(OutboxItem.network_id).where(which, OutboxItem.network_id.is_not(None))).all()
    _remove_legs(session, vault, [str(each) for each in sent], basis, now)
    session.execute(sa.delete(OutboxItem).where(which))


def _legs_of(attempts: Sequence[Attempt]) -> list[str]:
    return [leg for each in attempts for leg in (each.key, each.network_id, each.customer_network_id) if leg]


def _remove_legs(session: orm.Session, vault: Vault, legs: Sequence[str], basis: str, now: datetime) -> None:
    for leg in legs:
        note_removal(session, vault, f"leg:{leg}", "retired", basis, at=now)
    session.execute(sa.delete(LegEvent).where(LegEvent.network_id.in_(legs)))


def _retire_calls(database: Database, vault: Vault, hotline_named: HotlineNamed, now: datetime) -> int:
    """Calls go once no case needs them."""
    if not _is_any(database, sa.select(Call).where(Call.delete_on <= (now + _DAY).date()).limit(1)):
        return 0
    with database.sessions.begin() as session:
        one_at_a_time(session, "retire")
        found = session.scalars(
            sa.select(Call)
            .where(
                Call.delete_on <= (now + _DAY).date(),
                ~sa.exists().where(Case.call_key == Call.key),
                ~sa.exists().where(Recording.call_key == Call.key, Recording.status == "completed"),
            )
            .order_by(Call.delete_on)
            .limit(_AT_ONCE)
        ).all()
        due = [call for call in found if is_due(call.delete_on, hotline_named(call.hotline), now)]
        if not due:
            return 0
        enter_all(session, vault, now=now)
        with permitted(session):
            for call in due:
                keep = keep_call(vault, hotline_named, call)
                _remove_call(session, vault, call, keep.citation.text if keep else "", now)
    return len(due)


def _remove_call(session: orm.Session, vault: Vault, call: Call, basis: str, now: datetime) -> None:
    note_removal(session, vault, f"call:{call.key}", "retired", basis, at=now)
    attempts = session.scalars(sa.select(Attempt).where(Attempt.wait_key == call.key)).all()
    recorded = session.scalars(sa.select(Recording.network_id).where(Recording.call_key == call.key)).all()
    _remove_legs(session, vault, [call.network_id, *recorded, *_legs_of(attempts)], basis, now)
    _remove_messages(session, vault, OutboxItem.key.startswith(f"{call.key}:", autoescape=True), basis, now)
    for table in (Transcript, Recording):
        session.execute(sa.delete(table).where(table.call_key == call.key))
    tables = Call.metadata.tables
    delete_with_dependents(session, tables[Wait.__tablename__], [call.key])
    session.execute(sa.delete(TurnRow).where(TurnRow.call_key == call.key))
    forget_call(session, call.key)
    delete_with_dependents(session, tables[Call.__tablename__], [call.key])
    _forget_caller(session, call.caller_index)


def _forget_caller(session: orm.Session, index: str | None) -> None:
    """What is remembered about a number goes with its last call, but for the wish to get no calls or texts."""
    if session.scalar(sa.select(Call.key).where(Call.caller_index == index).limit(1)) is None:
        session.execute(sa.delete(Caller).where(Caller.number_index == index, _without_a_wish()))
        forget_owned(session, index)


def _without_a_wish() -> sa.ColumnElement[bool]:
    return sa.and_(Caller.do_not_call.is_(False), Caller.no_texts.is_(False))
