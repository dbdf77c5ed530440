"""Erases one person on request: everything that was told, written or recorded under their telephone number.

Rows stay with their numbers, dates and verdicts, so that the office can still show how it worked; what they said is
gone, and with it the key by which the number was found. What a law obliges us to keep, or a legal hold protects, stays
until it may go, and the certificate says so.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.complaint_remains import remains_of
from app.domain.phone_number import PhoneNumber
from app.models.anonymous import forget_cases
from app.models.approval import empty_approvals
from app.models.base import Base
from app.models.billing_order import empty_orders
from app.models.call import Call, Caller, ReceivedText, Transcript, TurnRow
from app.models.call_log import MatterWord
from app.models.campaign import CampaignContact, CampaignMember
from app.models.cancellation import cancellation_of, empty_cancellation
from app.models.case import Case, CaseEvent
from app.models.charge import charge_of, empty_charge
from app.models.contract import Contract
from app.models.draft import drop_drafts_of
from app.models.engines import Database
from app.models.erased import erased, is_erased
from app.models.export import expire
from app.models.journal import end_promise, note
from app.models.one_at_a_time import one_at_a_time
from app.models.outbox import OutboxItem
from app.models.promise import Promise
from app.models.recall import OwnedIdentifier, OwnedProduct, RecallAnswer
from app.models.records import record_to_change, seal_record
from app.models.spool import Spool
from app.models.vault import SealBroken, Vault
from app.services.remove_content import note_removal, permitted
from app.services.retire_records import delete_recording
from app.services.seal_journal import enter_all
from app.services.terms_of_keeping import HotlineNamed
from app.services.what_may_go import Erasure, Stays, matters_to_erase, recordings_to_erase
from app.telephony.port import Phone

Certify: TypeAlias = "Callable[[orm.Session, Erasure], object]"

INDEXES: Final = ("phone_index", "caller_index")
"""Columns by which a telephone number is found, in whatever table."""


def erase_person(
    database: Database,
    vault: Vault,
    phone: Phone,
    spool: Spool,
    hotline_named: HotlineNamed,
    number: PhoneNumber,
    basis: str,
    *,
    now: datetime,
    certify: Certify | None = None,
) -> Erasure:
    """Erase what may be erased of the person with this number; a second time erases what may go by then.

    Each thing is counted by whoever erased it, also if two do this at once.

    Args:
        basis: what the removal is noted with; without anything about the person.
        certify: puts down what was erased, in the transaction in which it is.
    """
    index = vault.index(number.e164)
    erasure = Erasure()
    with database.reads() as session:
        cases, calls = matters_to_erase(session, vault, hotline_named, index, erasure, now)
        recordings = recordings_to_erase(session, vault, hotline_named, calls, erasure, now)
    for network_id in recordings:
        if delete_recording(database, vault, phone, network_id, basis, now=now):
            erasure.counts["recordings"] += 1
        else:
            erasure.stays.append(Stays(f"recording {network_id}", "the network does not answer", None))
    erasure.counts["spool entries"] += _erase_spool(spool, number.e164)
    with database.sessions.begin() as session:
        one_at_a_time(session, "data requests")
        enter_all(session, vault, now=now)
        with permitted(session):
            for case in _loaded(session, Case, Case.id, [case.id for case in cases]):
                _erase_case(session, vault, case, basis, erasure, now)
            for call in _loaded(session, Call, Call.key, [call.key for call in calls]):
                _erase_call(session, vault, call, basis, erasure, now)
            _erase_messages(session, vault, number.e164, erasure)
            _erase_owned(session, index, erasure)
            _erase_members(session, vault, index, erasure)
            _erase_received(session, index, erasure)
            expire(session, sa.true())  # the person may stand in any of them; they can be written again
            for contract in session.scalars(sa.select(Contract).where(Contract.phone_index == index)):
                session.delete(contract)
                erasure.counts["contracts"] += 1
        if erasure.is_whole:
            _forget_number(session, index, erasure)
        if certify is not None:
            certify(session, erasure)
    return erasure


def _loaded(session: orm.Session, model: type[Any], key: Any, keys: list[Any]) -> list[Any]:
    return list(session.scalars(sa.select(model).where(key.in_(keys))))


def _erase_case(session: orm.Session, vault: Vault, case: Case, basis: str, erasure: Erasure, now: datetime) -> None:
    for promise in session.scalars(sa.select(Promise).where(Promise.case_id == case.id)):
        end_promise(session, vault, promise, "withdrawn", "clock", now, cause="the customer was erased on request")
        erasure.counts["promises"] += vault.open(promise.phone, f"promises:phone:{promise.key}") != ""
        promise.phone = vault.seal("", f"promises:phone:{promise.key}")
        promise.spoken_text = None
    forget_cases(session, [case.id])
    is_first = note_removal(session, vault, f"case:{case.key}", "erased", basis, at=now)
    record = remains_of(record_to_change(session, vault, case))
    if case.closed_at is None:
        case.closed_at, case.status = now, "closed"
        record = record.with_facts({"outcome.status": "closed", "outcome.closed_at": now})
    seal_record(vault, case, record)
    session.flush()
    session.execute(sa.delete(MatterWord).where(MatterWord.case_id == case.id))
    told = sa.select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.kind != "erased")
    for event in session.scalars(told):
        if not is_erased(event.text):
            event.text = erased(event.text)
            erasure.counts["entries of histories"] += 1
    charge = charge_of(session, case.id)
    if charge is not None:
        empty_charge(charge)
        erasure.counts["charges"] += 1
    cancellation = cancellation_of(session, case.id)
    if cancellation is not None:
        empty_cancellation(vault, cancellation)
        erasure.counts["cancellations"] += 1
    empty_orders(session, vault, case)
    empty_approvals(session, case.id)
    if drafts := drop_drafts_of(session, case.id):
        erasure.counts["drafts"] += drafts
    for item in session.scalars(sa.select(OutboxItem).where(OutboxItem.case_id == case.id)):
        _empty(vault, item, erasure)
    if is_first:
        note(session, vault, case, "erased", "clock", now)
        erasure.counts["cases"] += 1
        erasure.protocols.append(case.protocol)


def _erase_call(session: orm.Session, vault: Vault, call: Call, basis: str, erasure: Erasure, now: datetime) -> None:
    call.caller = vault.seal("", f"calls:caller:{call.key}")
    call.caller_index = None
    for turn in session.scalars(sa.select(TurnRow).where(TurnRow.call_key == call.key)):
        erasure.counts["turns"] += not is_erased(turn.sealed)
        turn.sealed = erased(turn.sealed)
    for transcript in session.scalars(sa.select(Transcript).where(Transcript.call_key == call.key)):
        erasure.counts["transcripts"] += not is_erased(transcript.text)
        transcript.text = erased(transcript.text)
    erasure.counts["calls"] += note_removal(session, vault, f"call:{call.key}", "erased", basis, at=now)


def _erase_messages(session: orm.Session, vault: Vault, e164: str, erasure: Erasure) -> None:
    """Messages that belong to no case are found by opening them all; requests are rare."""
    loose = sa.select(OutboxItem).where(OutboxItem.case_id.is_(None)).execution_options(yield_per=500)
    for item in session.scalars(loose):
        if vault.open(item.payload, f"outbox:{item.key}").get("to") == e164:
            _empty(vault, item, erasure)


def _erase_owned(session: orm.Session, index: str, erasure: Erasure) -> None:
    """What the person owns is forgotten whole; of their answers to recalls the addresses."""
    owned = session.scalars(sa.select(OwnedProduct.id).where(OwnedProduct.phone_index == index)).all()
    session.execute(sa.delete(OwnedIdentifier).where(OwnedIdentifier.owned_id.in_(owned)))
    session.execute(sa.delete(OwnedProduct).where(OwnedProduct.id.in_(owned)))
    session.execute(sa.update(RecallAnswer).where(RecallAnswer.phone_index == index).values(address=None))
    if owned:
        erasure.counts["owned products"] += len(owned)


def _erase_members(session: orm.Session, vault: Vault, index: str, erasure: Erasure) -> None:
    """Whom campaigns concerned stays a number in their figures; nobody calls or writes to them any more."""
    for member in session.scalars(sa.select(CampaignMember).where(CampaignMember.phone_index == index)):
        member.phone = vault.seal("", f"campaign_members:phone:{member.key}")
        member.details, member.has_email, member.has_address, member.left_out = None, False, False, "erased"
        theirs = sa.and_(CampaignContact.member_id == member.id, CampaignContact.status == "queued")
        session.execute(sa.update(CampaignContact).where(theirs).values(status="skipped"))
        member.phone_index = None
        erasure.counts["places in campaigns"] += 1


def _empty(vault: Vault, item: OutboxItem, erasure: Erasure) -> None:
    erasure.counts["messages"] += vault.open(item.payload, f"outbox:{item.key}") != {}
    item.payload = vault.seal({}, f"outbox:{item.key}")
    if item.status in ("waiting", "unsure"):
        item.status, item.cause = "failed", "erased"


def _erase_received(session: orm.Session, index: str, erasure: Erasure) -> None:
    """What we answered to their text messages; what they wrote stands in turns and histories."""
    theirs = sa.update(ReceivedText).where(ReceivedText.phone_index == index, ReceivedText.answer.is_not(None))
    answered = session.execute(theirs.values(answer=None).returning(ReceivedText.message_id)).all()
    erasure.counts["messages"] += len(answered)


def _forget_number(session: orm.Session, index: str, erasure: Erasure) -> None:
    """Take away every key by which the number was found, but for the wish not to be called."""
    for table in Base.metadata.sorted_tables:
        for column in (column for column in table.columns if column.name in INDEXES):
            gone: Any = None if column.nullable else sa.literal("erased")
            session.execute(sa.update(table).where(column == index).values({column.key: gone}))
    kept = session.get(Caller, index)
    if kept is not None and (kept.do_not_call or kept.no_texts):
        kept.manner = None
        mark = "the mark “do not call”" if kept.do_not_call else "the mark “no texts”"
        erasure.stays.append(Stays(mark, "so that the wish is still heeded", None, for_good=True))
    elif kept is not None:
        session.delete(kept)
        erasure.counts["remembered numbers"] += 1


def _erase_spool(spool: Spool, e164: str) -> int:
    """What lies on disk since the database was away, if the number stands in it."""
    gone = 0
    for file in spool.files():
        try:
            is_theirs = e164 in str(spool.read(file))
        except (SealBroken, FileNotFoundError):
            continue
        if is_theirs:
            with contextlib.suppress(FileNotFoundError):  # another one was faster, and counts it
                file.unlink()
                gone += 1
    return gone
