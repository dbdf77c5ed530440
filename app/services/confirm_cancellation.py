"""The receipt of a cancellation: by text message, and if wished by e-mail; what it must say stands in BGB § 312k (4).

It says what was cancelled, when that was received to the minute, and when the contract ends. It goes out when the
caller has finished, or has hung up; if something is changed afterwards, a newer one follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from babel.dates import format_datetime
from babel.numbers import format_currency
from sqlalchemy import orm

from app.domain.email_address import initials
from app.domain.hotline import Hotline
from app.ivr.turn import Known
from app.ivr.words import Words
from app.models.cancellation import Cancellation, cancellation_of, email_of, keep_email, terms_at
from app.models.case import Case
from app.models.journal import note, queue_out
from app.models.outbox import LETTER
from app.models.records import open_record
from app.models.vault import Vault
from app.services.cancel_contract import at_hand
from app.services.office import CallAtHand, Details


def find_address(call: CallAtHand, _details: Details) -> Known:
    """Where the receipt could go by e-mail.

    Returns:
        `cancel_answer`: on_file (with `email_start` and `email_at`, the letters before and after the @), reply (the
        caller answers the text message with an address) or no_number (no text message can be sent).
    """
    found = at_hand(call)
    known = terms_at(call.vault, found[1]).get("email") if found is not None else None
    if known:
        start, at = initials(str(known))
        return {"cancel_answer": "on_file", "email_start": start, "email_at": at}
    return {"cancel_answer": "reply" if call.text_phone else "no_number"}


def order_letter(call: CallAtHand, details: Details) -> Known:
    """The caller wants the receipt by e-mail, too: to the address on file, or to one that a reply will tell.

    Args:
        details: `given` is yes if the address on file was confirmed.

    Returns:
        `cancel_answer`, and `receipt`: email or reply.
    """
    found = at_hand(call)
    if found is None:
        return {"cancel_answer": "no"}
    case, cancellation = found
    on_file = terms_at(call.vault, cancellation).get("email")
    cancellation.by_email, cancellation.is_changed = True, True
    if on_file and str(details.get("given")) == "yes":
        keep_email(call.vault, cancellation, str(on_file))
        note(call.session, call.vault, case, "email_wished", "customer", call.now, address="on file")
        return {"cancel_answer": "done", "receipt": "email"}
    note(call.session, call.vault, case, "email_wished", "customer", call.now, address="to be told by text message")
    return {"cancel_answer": "done", "receipt": "reply"}


def receipt_in_call(call: CallAtHand, _details: Details) -> Known:
    """Send what was ordered, in the transaction of this turn."""
    found = at_hand(call)
    if found is None:
        return {"cancel_answer": "no"}
    send_receipt(call.session, call.vault, call.words, found[0], call.hotline, call.text_phone, now=call.now)
    return {"cancel_answer": "done"}


def send_receipt(
    session: orm.Session, vault: Vault, words: Words, case: Case, hotline: Hotline, phone: str, *, now: datetime
) -> bool:
    """Queue the receipt of a cancellation, unless the newest one says it all already.

    Args:
        phone: E.164; "" if none is known, then there is no text message.

    Returns:
        False if there was nothing new to say, or nobody to say it to.
    """
    cancellation = cancellation_of(session, case.id)
    if cancellation is None or not cancellation.is_changed:
        return False
    address = email_of(vault, cancellation)
    if not phone and not address:
        return False
    number = cancellation.receipts + 1
    slots = receipt_slots(vault, case, cancellation, hotline)
    if phone:
        reply = {"reply": "email"} if cancellation.by_email and not address else {}
        body = words.text(case.language, "text_cancellation", {**slots, **reply}, now=now, zone=hotline.zone)
        payload = {"to": phone, "from": hotline.numbers[0], "body": body}
        key = f"{case.key}:receipt:{number}"
        queue_out(session, vault, key=key, kind="text", at=now, payload=payload, case_id=case.id)
        note(session, vault, case, "text_queued", "ivr", now, body=body)
    if address:
        queue_letter(session, vault, words, case, cancellation, hotline, str(number), now=now)
    cancellation.receipts, cancellation.receipt_at, cancellation.is_changed = number, now, False
    return True


def queue_letter(
    session: orm.Session,
    vault: Vault,
    words: Words,
    case: Case,
    cancellation: Cancellation,
    hotline: Hotline,
    cause: str,
    *,
    now: datetime,
) -> None:
    """Queue the receipt as a letter to the address that is known.

    Args:
        cause: what it is sent for; the same cause a second time sends nothing.
    """
    subject, body = written_receipt(vault, words, case, cancellation, hotline, now=now)
    letter = {
        "to": email_of(vault, cancellation),
        "from": hotline.company.email,
        "from_name": hotline.company.name,
        "subject": subject,
        "body": body,
        "language": case.language,
    }
    key = f"{case.key}:letter:{cause}"
    if queue_out(session, vault, key=key, kind=LETTER, at=now, payload=letter, case_id=case.id):
        note(session, vault, case, "letter_queued", "ivr", now, subject=subject)


def written_receipt(
    vault: Vault, words: Words, case: Case, cancellation: Cancellation, hotline: Hotline, *, now: datetime
) -> tuple[str, str]:
    """The receipt as it stands now: its subject and its text, in the language of the case."""
    slots = receipt_slots(vault, case, cancellation, hotline)
    subject, body = (
        words.text(case.language, prompt, slots, now=now, zone=hotline.zone)
        for prompt in ("letter.subject", "letter.cancellation")
    )
    return subject, body


def receipt_slots(vault: Vault, case: Case, cancellation: Cancellation, hotline: Hotline) -> Mapping[str, Any]:
    """What a receipt says."""
    terms = terms_at(vault, cancellation)
    at = case.effective_at or case.received_at
    named = open_record(vault, case).matter.contract_or_order_no
    slots: dict[str, Any] = {
        "company": hotline.company.name,
        "address": hotline.company.address,
        "protocol": case.protocol,
        "at": at.isoformat(),
        "received": format_datetime(at, "long", tzinfo=hotline.zone, locale=_locale(case)),
        "order": terms.get("number") or named or "",
        "subject": terms.get("subject", ""),
        "ends": cancellation.ends,
        "ends_on": cancellation.ends_on.isoformat() if cancellation.ends_on else "",
    }
    if cancellation.withdrawal is None:
        return slots
    if terms.get("amount_cents") and terms.get("currency"):
        slots["amount"] = format_currency(terms["amount_cents"] / 100, terms["currency"], locale=_locale(case))
    goods = terms.get("goods") != "no"  # not known: the customer may have something to send back
    return {
        **slots,
        "withdrawn": f"withdrawal.{cancellation.withdrawal}",
        "returns": hotline.cancellation.returns if goods else "",
        "law": cancellation.legal_ref,
    }


def _locale(case: Case) -> str:
    return case.language.replace("-", "_")
