"""Recalls on the telephone: what a caller is told of them, that they understood it, and the remedy they choose.

What may be said is decided by `app.compliance.recall_text`; nothing else of a recall reaches a caller. That somebody
was told is written in the transaction of the turn that tells it.
"""

from __future__ import annotations

import secrets
from typing import Any, Final

import sqlalchemy as sa

from app.domain.complaint_terms import Certainty
from app.domain.recall_remedies import CHOICES
from app.ivr.turn import Known
from app.models.journal import note
from app.models.ready import ask, ask_all
from app.models.recall import OwnedIdentifier, OwnedProduct, RecallAnswer, RecallRow, person_of
from app.models.recall_documents import latest_recalls, notice_of
from app.models.upsert import insert_absent
from app.services.look_up_recall import Match, exact_recalls, look_up_recall
from app.services.note_answer import note_answer_inbound, note_answer_of_contact
from app.services.office import CallAtHand, Details
from app.services.open_case import case_of_call
from app.services.outreach_notice import facts_of_recall

_LATEST: Final = 3
_LONGEST_NAME: Final = 90  # signs of a product's name where several are told in a row
_NOTHING: Final = {
    "recall_id": "", "recall_number": "", "recall_title": "", "hazard": "", "recall_do": "", "recall_remedy": "",
    "recall_remedies": [], "recall_drop_off": "", "recall_home": "",
}  # fmt: skip


def answer_recall(call: CallAtHand, details: Details) -> Known:
    """Look a number up, the recall that the caller chose from the latest, or what they are known to own.

    Args:
        details: `identifier`, which for a chosen recall is # and its key; or `owned`, then that is ignored.

    Returns:
        `match` and, of the likeliest recall, what `_told` gives. A failed match is noted in the case's history.
    """
    heard = str(details.get("identifier", ""))
    if details.get("owned") == "yes":
        own = _owned_recalls(call)
        match = Match(Certainty.EXACT, own) if own else Match(Certainty.NONE)
    elif heard.startswith("#") and heard[1:].isdecimal():
        chosen = call.session.get(RecallRow, int(heard[1:]))
        match = Match(Certainty.POSSIBLE, (chosen,)) if chosen else Match(Certainty.NONE)
    else:
        match = look_up_recall(call.session, heard)
        case = case_of_call(call)
        if not match.recalls and case is not None:
            note(call.session, call.vault, case, "recall_not_found", "ivr", call.now, identifier=heard)
    if not match.recalls:
        return {**_NOTHING, "match": str(match.certainty)}
    row = match.recalls[0]
    _write_told(call, row, match.certainty)
    return {"match": str(match.certainty), **_told(call, row)}


def _told(call: CallAtHand, row: RecallRow) -> Known:
    return facts_of_recall(call.session, row, call.position.language)


def tell_latest(call: CallAtHand, details: Details) -> Known:
    """The products recalled last: `latest`, for each the recall's key, a blank and its name."""
    named = (
        (row, notice_of(call.session, row, call.position.language).product)
        for row in latest_recalls(call.session, 3 * _LATEST)
    )
    return {"latest": [f"{row.id} {_short(name)}" for row, name in named if name][:_LATEST]}


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME].rsplit(" ", 1)[0]


def due_notice(call: CallAtHand, details: Details) -> Known:
    """Whether the caller owns a product under recall that they have not said to know of, and what is said about it.

    Args:
        details: `to` say the notice, once in a call, or to ask whether it was understood, once in a call.

    Returns:
        `safety`: due or none; if due `own_recall`, `own_title` and `own_hazard`.
    """
    known = call.position.known
    if details.get("to") == "ask" and known.get("safety_asked"):
        return {"safety": "none"}
    due = _owned_recalls(call)
    if not due:
        return {"safety": "none"}
    row = due[0]
    _write_told(call, row, Certainty.EXACT)
    parts = notice_of(call.session, row, call.position.language)
    asked = {"safety_asked": "yes"} if details.get("to") == "ask" else {}
    own = {"own_recall": str(row.id), "own_title": parts.product, "own_hazard": parts.hazard}
    return {"safety": "due", **own, **asked}


_OWNED: Final = (
    sa.select(OwnedIdentifier.kind, OwnedIdentifier.normal)
    .join(OwnedProduct, OwnedProduct.id == OwnedIdentifier.owned_id)
    .where(OwnedProduct.phone_index == sa.bindparam("phone_index"))
)
_ACKNOWLEDGED: Final = sa.select(RecallAnswer.recall_id).where(
    RecallAnswer.phone_index == sa.bindparam("phone_index"), RecallAnswer.acknowledged_at.is_not(None)
)


def _owned_recalls(call: CallAtHand) -> tuple[RecallRow, ...]:
    """The recalls of what the caller owns, newest first, without those that they have said to know of."""
    if not call.caller:
        return ()
    index = call.vault.index(call.caller)
    numbers = ask(call.session, _OWNED, phone_index=index)
    if not numbers:
        return ()
    found = exact_recalls(call.session, [(kind, normal) for kind, normal in numbers])
    answered = ask_all(call.session, _ACKNOWLEDGED, phone_index=index)
    return tuple(row for row in found if row.id not in answered)


def _write_told(call: CallAtHand, row: RecallRow, certainty: Certainty) -> None:
    """On record that this caller is told of this recall now; once for a call."""
    case = case_of_call(call)
    index = call.vault.index(call.caller) if call.caller else None
    values = {
        "key": secrets.token_urlsafe(12),
        "person": person_of(call.session, row.id, index),
        "medium": "text" if call.is_by_text else "phone",
        "recall_id": row.id,
        "call_key": call.call_key,
        "case_id": case.id if case else None,
        "phone_index": index,
        "certainty": str(certainty),
        "said_at": call.now,
    }
    insert_absent(call.session, RecallAnswer, values, ("call_key", "recall_id"))


def record_reply(call: CallAtHand, details: Details) -> None:
    """Put on record that a recall was understood, and the remedy chosen, with the address or where it is handed in."""
    recall_id = str(details.get("recall", ""))
    answer = call.session.scalar(
        sa.select(RecallAnswer).where(
            RecallAnswer.call_key == call.call_key,
            RecallAnswer.recall_id == (int(recall_id) if recall_id.isdecimal() else 0),
        )
    )
    if answer is None:
        return
    case = case_of_call(call)
    _tell_campaigns(call, answer.recall_id, "remedied" if details.get("remedy") else "acknowledged")
    answer.acknowledged_at = answer.acknowledged_at or call.now
    answer.case_id = case.id if case else answer.case_id
    told: dict[str, Any] = {"recall": str(call.position.known.get("recall_number") or "")}
    remedy = str(details.get("remedy") or "")
    if remedy in set(CHOICES):
        answer.chosen_at = answer.chosen_at if answer.remedy == remedy else call.now
        answer.remedy = remedy
        answer.handover = str(details.get("handover") or "home")
        address = str(details.get("address") or "") if answer.handover == "home" else ""
        answer.address = call.vault.seal(address, f"recall_answers:address:{answer.key}") if address else None
        told |= {"remedy": remedy, "handover": answer.handover, "address": address}
    if case is not None:
        kind = "recall_remedy" if answer.remedy and remedy else "recall_understood"
        note(call.session, call.vault, case, kind, "ivr", call.now, **told)


def record_outreach_reply(call: CallAtHand, details: Details) -> None:
    """Put on record what somebody answered whom we rang about a recall; it may end the campaign for them."""
    recall_id = str(call.position.known.get("recall_id") or "")
    if recall_id.isdecimal():
        _tell_campaigns(call, int(recall_id), str(details["answer"]))


def _tell_campaigns(call: CallAtHand, recall_id: int, answer: str) -> None:
    contact_id = str(call.position.known.get("outreach") or "")
    if contact_id.isdecimal():
        note_answer_of_contact(call.session, int(contact_id), answer, now=call.now)
    elif call.caller:
        note_answer_inbound(call.session, call.vault.index(call.caller), recall_id, answer, now=call.now)
