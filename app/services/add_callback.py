"""Somebody at the desk adds a call to be made: a case and a promise, by the same rules as on the telephone (T4, T9)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.compliance.whereabouts import whereabouts
from app.domain.complaint import ComplaintRecord
from app.domain.complaint_terms import Channel
from app.domain.errors import Invalid
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber, parse_phone, why_not_callable
from app.ivr.words import Words
from app.models.call import asked_not_to_be_called
from app.models.case import Case
from app.models.journal import note
from app.models.one_at_a_time import one_at_a_time
from app.models.promise import Promise
from app.models.protocols import free_protocol
from app.models.records import seal_record
from app.models.staff import Staff
from app.models.vault import Vault
from app.promising.solver import Offer, first_deadline
from app.services.tell_customer import tell_customer
from app.services.weigh_load import weigh_load
from app.services.write_promise import wanted_call, write_promise

KINDS: Final = ("complaint", "information", "recall")
"""Kinds of case that can be added; a cancellation takes effect at once and belongs to the telephone."""

SOURCE: Final = "desk"
_FARTHEST: Final = timedelta(days=14)
_LONGEST: Final = {"name": 200, "product": 200, "narrative": 5_000}


@dataclass(frozen=True, slots=True)
class Entered:
    """What was typed; empty texts mean that nothing was."""

    hotline: Hotline
    phone: str  # in any spelling
    kind: str
    channel: str  # how the customer turned to us
    language: str  # in which they are called
    wish: datetime | None = None  # not before; None for as soon as can be
    name: str = ""
    product: str = ""
    narrative: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Foretold:
    """What adding it would promise."""

    number: PhoneNumber
    offer: Offer
    zones: tuple[str, ...]  # of the customer; several where the number does not tell
    standing: Promise | None  # of the same number, open already


def foretell_callback(session: orm.Session, vault: Vault, entered: Entered, *, now: datetime) -> Foretold:
    """Whether and until when the call can be promised; nothing is written.

    Raises:
        Invalid: if a field cannot be right, or the number cannot or must not be called.
        LawUnknown: if no rule is in force where the customer may be.
    """
    number = _checked(session, vault, entered, now)
    return Foretold(
        number,
        _offer(session, vault, _case(entered, "", now), entered, number, now),
        whereabouts(number, entered.hotline).zones,
        session.scalar(
            sa.select(Promise)
            .where(Promise.phone_index == vault.index(number.e164), Promise.status == "open")
            .order_by(Promise.due_at)
            .limit(1)
        ),
    )


def add_callback(
    session: orm.Session, vault: Vault, words: Words, entered: Entered, staff: Staff, *, form: str, now: datetime
) -> Promise:
    """Open a case and promise the call; the customer has the deadline in writing.

    Args:
        form: a key of the form that was sent; the same form twice adds one.

    Raises:
        Invalid: as for `foretell_callback`.
        Busy: if others promise something for too long.
    """
    number = _checked(session, vault, entered, now)
    one_at_a_time(session, f"{SOURCE}:{form}")
    made = session.scalar(sa.select(Promise).where(Promise.made_by == f"{SOURCE}:{form}"))
    if made is not None:
        return made
    case = _open(session, vault, entered, number, staff, form, now)
    promise = write_promise(
        session,
        vault,
        case,
        entered.hotline,
        number,
        made_by=f"{SOURCE}:{form}",
        actor=f"staff:{staff.id}",
        language=entered.language,
        now=now,
        urgent=entered.urgent,
        offer=_offer(session, vault, case, entered, number, now),
    )
    slots = {"due": promise.due_at.isoformat()}
    if promise.not_before_at > now:
        slots["from"] = promise.not_before_at.isoformat()
    body = tell_customer(session, vault, words, promise, entered.hotline, "text.agreed", now, **slots)
    promise.spoken_text = vault.seal(body, f"promises:spoken:{promise.key}")
    return promise


def _checked(session: orm.Session, vault: Vault, entered: Entered, now: datetime) -> PhoneNumber:
    if entered.kind not in KINDS:
        raise Invalid("kind", f"is none of: {', '.join(KINDS)}")
    if entered.channel not in set(Channel):
        raise Invalid("channel", "is missing; choose one")
    if entered.language not in entered.hotline.languages:
        raise Invalid("language", "is not spoken on this hotline")
    for name, most in _LONGEST.items():
        if len(getattr(entered, name)) > most:
            raise Invalid(name, f"is longer than {most} signs")
    if entered.wish is not None and not now < entered.wish < now + _FARTHEST:
        raise Invalid("wish", "lies in the past, or more than two weeks away")
    number = parse_phone(entered.phone, entered.hotline.country)
    if number is None:
        raise Invalid("phone", "is no valid number; write it as +49…")
    if (refused := why_not_callable(number)) is not None:
        raise Invalid("phone", f"cannot be called: {refused}")
    if asked_not_to_be_called(session, vault.index(number.e164)):
        raise Invalid("phone", "wants no calls; whoever it is must take that back first")
    return number


def _offer(
    session: orm.Session, vault: Vault, case: Case, entered: Entered, number: PhoneNumber, now: datetime
) -> Offer:
    wanted = wanted_call(
        session, vault, case, entered.hotline, number,
        language=entered.language, now=now, urgent=entered.urgent, wish=entered.wish,
    )  # fmt: skip
    return first_deadline(replace(wanted, load=weigh_load(session, wanted.hotline, now=now)))


def _case(entered: Entered, protocol: str, now: datetime) -> Case:
    return Case(
        key=secrets.token_urlsafe(12), protocol=protocol, kind=entered.kind, status="received", severity="normal",
        channel=entered.channel, language=entered.language, hotline=entered.hotline.name, source=SOURCE,
        received_at=now, changed_at=now,
    )  # fmt: skip


def _open(
    session: orm.Session, vault: Vault, entered: Entered, number: PhoneNumber, staff: Staff, form: str, now: datetime
) -> Case:
    protocol = free_protocol(session, now)
    case = _case(entered, protocol, now)
    case.source_id, case.owner_id = form, None
    record = ComplaintRecord().with_facts(
        {
            "receipt.protocol": protocol,
            "receipt.received_at": now,
            "receipt.timezone": str(entered.hotline.zone),
            "receipt.channel": entered.channel,
            "receipt.language": entered.language,
            "receipt.hotline": entered.hotline.name,
            "receipt.received_by": staff.name,
            "complainant.name": entered.name or None,
            "complainant.phone": number.e164,
            "matter.company": entered.hotline.company.name,
            "matter.demand_type": entered.kind,
            "matter.product": entered.product or None,
            "matter.narrative": entered.narrative or None,
            "assessment.severity": "normal",
            "assessment.jurisdiction": whereabouts(number, entered.hotline).jurisdictions[0],
            "outcome.status": "received",
        }
    )
    seal_record(vault, case, record)
    session.add(case)
    session.flush()
    note(session, vault, case, "received", f"staff:{staff.id}", now, kind=entered.kind, channel=entered.channel)
    return case
