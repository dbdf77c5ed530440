"""Cases, calls and promises for the pages, put into the database as the office would have written them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import orm

from app.domain.complaint import ComplaintRecord
from app.models.call import Call, Recording
from app.models.case import Case
from app.models.journal import note
from app.models.promise import Attempt, Promise
from app.models.records import seal_record
from app.models.staff import Staff
from app.models.vault import Vault

CUSTOMER = "+493023125042"
PROTOCOLS = ("2612345679", "2676543213", "2611111119")


def make_staff(session: orm.Session, name: str, role: str, now: datetime, **but: Any) -> Staff:
    """Somebody of the office who speaks English at the desk."""
    values: dict[str, Any] = {
        "email": f"{name.lower()}@office.example",
        "name": name,
        "role": role,
        "phone": None,
        "languages": ["en", "de"],
        "created_at": now,
    }
    staff = Staff(**{**values, **but})
    session.add(staff)
    session.flush()
    return staff


def make_call(session: orm.Session, vault: Vault, now: datetime, **but: Any) -> Call:
    """A call that has ended and is settled."""
    key = but.pop("key", "call-1")
    values: dict[str, Any] = {
        "key": key,
        "network_id": "CA" + key.encode().hex().ljust(32, "0")[:32],
        "hotline": "haushalt",
        "called": "+493012345600",
        "caller": vault.seal(CUSTOMER, f"calls:caller:{key}"),
        "caller_index": vault.index(CUSTOMER),
        "flow_version": "v1",
        "language": "de",
        "started_at": now,
        "status": "completed",
        "ended_at": now + timedelta(minutes=4),
        "seconds": 240,
        "settled_at": now + timedelta(minutes=4),
        "seen_at": now,
    }
    call = Call(**{**values, **but})
    session.add(call)
    session.flush()
    return call


def make_case(
    session: orm.Session, vault: Vault, now: datetime, facts: dict[str, Any] | None = None, **but: Any
) -> Case:
    """A complaint about a kettle that came in by telephone."""
    protocol = but.pop("protocol", PROTOCOLS[0])
    values: dict[str, Any] = {
        "key": f"case-{protocol}",
        "protocol": protocol,
        "kind": "complaint",
        "status": "received",
        "channel": "phone",
        "language": "de",
        "hotline": "haushalt",
        "source": "call",
        "source_id": f"{protocol}:complaint",
        "severity": "normal",
        "received_at": now,
        "changed_at": now,
    }
    case = Case(**{**values, **but})
    known = {
        "receipt.protocol": protocol,
        "receipt.received_at": now,
        "matter.demand_type": "complaint",
        "matter.product": "kettle",
        "matter.narrative": "Er pfeift, aber er kocht nicht.",
        "complainant.phone": CUSTOMER,
    }
    seal_record(vault, case, ComplaintRecord().with_facts({**known, **(facts or {})}))
    session.add(case)
    session.flush()
    note(session, vault, case, "received", "ivr", now, kind=case.kind, channel="phone")
    return case


def make_promise(session: orm.Session, vault: Vault, case: Case, now: datetime, **but: Any) -> Promise:
    """A promise to call by 15:00 in Berlin, made now."""
    key = but.pop("key", f"promise-{case.protocol}")
    phone = but.pop("phone", CUSTOMER)
    values: dict[str, Any] = {
        "key": key,
        "made_by": f"{key}:1",
        "case_id": case.id,
        "hotline": case.hotline,
        "language": case.language,
        "phone": vault.seal(phone, f"promises:phone:{key}"),
        "phone_index": vault.index(phone),
        "made_at": now,
        "due_at": now + timedelta(hours=5),
        "not_before_at": now,
        "latest_start_at": now + timedelta(hours=4),
        "legal_due_at": now + timedelta(days=10),
        "legal_ref": "§ 1",
        "spoken_text": vault.seal("Wir rufen Sie heute bis fünfzehn Uhr zurück.", f"promises:spoken:{key}"),
        "next_attempt_at": now + timedelta(minutes=5),
    }
    promise = Promise(**{**values, **but})
    session.add(promise)
    session.flush()
    return promise


def make_attempt(session: orm.Session, staff: Staff, promise: Promise | None, now: datetime, **but: Any) -> Attempt:
    """A conversation of two minutes that is not documented yet."""
    values: dict[str, Any] = {
        "key": f"attempt-{staff.name}",
        "promise_id": promise.id if promise else None,
        "staff_id": staff.id,
        "phone_index": promise.phone_index if promise else None,
        "stage": "ended",
        "started_at": now,
        "wall_at": now,
        "network_id": "CA" + "a" * 32,
        "dialled_at": now,
        "bridged_at": now,
        "ended_at": now + timedelta(minutes=2),
        "seconds": 120,
        "result": "connected",
    }
    attempt = Attempt(**{**values, **but})
    session.add(attempt)
    session.flush()
    return attempt


def make_recording(session: orm.Session, call: Call, now: datetime) -> Recording:
    """What the caller told, twelve seconds long."""
    recording = Recording(
        network_id="RE" + "b" * 32,
        call_key=call.key,
        purpose="story",
        status="completed",
        seconds=12,
        started_at=now,
        consent="granted",
    )
    session.add(recording)
    session.flush()
    return recording
