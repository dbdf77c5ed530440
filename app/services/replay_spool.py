"""What the spool kept while the database was away becomes cases: no caller is lost (T4)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy import orm

from app.domain.call import LegStatus
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber, is_withheld, may_be_promised_a_call, parse_phone
from app.ivr.languages import language_for
from app.models.call import Call, Caller
from app.models.case import Case
from app.models.journal import note, queue_out
from app.models.new_case import add_case
from app.models.patience import DatabaseHangs
from app.models.recordings import note_recording
from app.models.records import record_to_change, seal_record
from app.models.spool import Spool
from app.models.upsert import insert_absent
from app.models.vault import Vault
from app.services.promise_by_text import promise_by_text
from app.services.receive_text import Message, receive_text
from app.services.take_turn import Switchboard
from app.telephony.twilio.script import words_in

_log = structlog.get_logger()


def replay_spool(
    board: Switchboard, spool: Spool, hotline_of: Callable[[str], Hotline], *, now: datetime, wall_now: datetime
) -> int:
    """Bring every entry into the database, once each; gives how many files were done with."""
    done = 0
    for file in spool.files():
        try:
            _bring_in(board, hotline_of, spool.read(file), now, wall_now)
        except FileNotFoundError:
            continue  # another clock process on this machine was faster
        except (sa.exc.OperationalError, DatabaseHangs):
            raise  # the database is still away; the rest waits with this one
        except Exception:  # noqa: BLE001 - one entry that cannot be brought in must not hold up the others
            _log.exception("an entry of the spool could not be brought in", file=file.name)
            continue
        file.unlink(missing_ok=True)  # another clock process on this machine may have been faster
        done += 1
    return done


def _bring_in(
    board: Switchboard,
    hotline_of: Callable[[str], Hotline],
    entry: dict[str, Any],
    now: datetime,
    wall_now: datetime,
) -> None:
    hotline = hotline_of(entry["to"])
    if entry["what"] == "text":
        _replay_text(board, hotline, entry, now, wall_now)
        return
    with board.database.sessions.begin() as session:
        _replay(session, board, hotline, entry, now)


def _replay(session: orm.Session, board: Switchboard, hotline: Hotline, entry: dict[str, Any], now: datetime) -> None:
    vault = board.vault
    call_key = session.scalar(sa.select(Call.key).where(Call.network_id == entry["network_id"]))
    case = session.scalar(
        sa.select(Case).where(Case.source == "fallback", Case.source_id == entry["network_id"])
    ) or session.scalar(sa.select(Case).where(Case.call_key == call_key))
    if case is None and entry["what"] == "failed":
        return  # the caller heard an apology and left no message; the failed turn itself is in the log
    number = None if is_withheld(entry["from"]) else parse_phone(entry["from"], hotline.country)
    language = case.language if case is not None else _language(session, vault, hotline, number)
    call_key = call_key or _note_call(session, vault, hotline, number, language, entry)
    if case is None:
        case = _new_case(session, vault, hotline, number, language, call_key, entry, now)
        if number is not None and may_be_promised_a_call(number):
            words, cause = board.present.words, entry["network_id"]
            promise_by_text(session, vault, words, case, hotline, number, cause=cause, language=language, now=now)
    note(session, vault, case, "fallback", "ivr", now, what=entry["what"], at=entry["at"], error=entry["error"])
    if entry["recording"]:
        heard_at = datetime.fromisoformat(entry["at"])
        note_recording(session, entry["recording"], call_key, "fallback", consent="announced", at=heard_at)
        record = record_to_change(session, vault, case)
        if record.receipt.recording_ref is None:
            seal_record(vault, case, record.with_facts({"receipt.recording_ref": entry["recording"]}))


def _note_call(
    session: orm.Session,
    vault: Vault,
    hotline: Hotline,
    number: PhoneNumber | None,
    language: str,
    entry: dict[str, Any],
) -> str:
    """A call of which the database heard nothing stands in the call log all the same; gives its key.

    What the caller left can then be listened to, and goes with the call when its time has come.
    """
    key, at = secrets.token_urlsafe(16), datetime.fromisoformat(entry["at"])
    caller = number.e164 if number else ""
    values = {
        "key": key,
        "network_id": entry["network_id"],
        "hotline": hotline.name,
        "called": entry["to"],
        "caller": vault.seal(caller, f"calls:caller:{key}"),
        "caller_index": vault.index(caller) if caller else None,
        "flow_version": "",
        "language": language,
        "started_at": at,
        "status": LegStatus.COMPLETED.value,
        "ended_at": at,
        "ended_wall_at": at,
        "settled_at": at,
        "seen_at": at,
    }
    insert_absent(session, Call, values, ("network_id",))
    return session.scalars(sa.select(Call.key).where(Call.network_id == entry["network_id"])).one()


def _replay_text(
    board: Switchboard, hotline: Hotline, entry: dict[str, Any], now: datetime, wall_now: datetime
) -> None:
    """Take in a text message that came meanwhile, and answer it now."""
    message = Message(entry["network_id"], entry["from"], entry["to"], entry["body"])
    document = receive_text(board, hotline, message, now=now, wall_now=wall_now)
    number = parse_phone(entry["from"], hotline.country)
    answer = "\n".join(words_in(document, lambda _: ""))
    if number is None or not answer:  # to "STOP" the network itself has answered
        return
    payload = {"to": number.e164, "from": hotline.numbers[0], "body": answer}
    with board.database.sessions.begin() as session:
        queue_out(session, board.vault, key=f"spool:{entry['network_id']}", kind="text", at=now, payload=payload)


def _new_case(
    session: orm.Session,
    vault: Vault,
    hotline: Hotline,
    number: PhoneNumber | None,
    language: str,
    call_key: str,
    entry: dict[str, Any],
    now: datetime,
) -> Case:
    """A complaint, since nobody calls a broken hotline to say that all is well; an agent listens to the message."""
    return add_case(
        session,
        vault,
        hotline,
        kind="complaint",
        channel="phone",
        language=language,
        source="fallback",
        source_id=entry["network_id"],
        received_by="fallback",
        received_at=datetime.fromisoformat(entry["at"]),
        severity="high",
        call_key=call_key,
        facts={"complainant.phone": number.e164 if number else None, "matter.demand_type": "complaint"},
        now=now,
    )


def _language(session: orm.Session, vault: Vault, hotline: Hotline, number: PhoneNumber | None) -> str:
    """The language remembered for the number, or that of its country, as on the telephone."""
    if number is None:
        return hotline.main_language
    index = vault.index(number.e164)
    remembered = session.scalar(sa.select(Caller.language).where(Caller.number_index == index))
    return language_for(hotline, number.e164, remembered)
