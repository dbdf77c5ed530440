"""Effects of a turn that need no answer: text messages, notes and severities; and what a turn leaves behind."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from app.domain.complaint_known import fold_known, known_about
from app.domain.hotline import Hotline
from app.ivr.turn import Queue, Turn
from app.models.call import Call, Caller
from app.models.case import Case
from app.models.journal import note, queue_out
from app.models.promise import open_promise_of_case
from app.models.ready import ask, note_written, table_of, write
from app.models.records import keep_record, record_to_change, seal_record
from app.models.upsert import insert_absent
from app.services.feedback_in_call import record_feedback
from app.services.join_queue import join_queue
from app.services.office import CallAtHand, Details
from app.services.open_case import case_at_hand, case_of_call
from app.services.recall_in_call import record_outreach_reply, record_reply
from app.services.remember_manner import remember_manner
from app.services.tell_hours import hours_in_writing


def send_text(call: CallAtHand, details: Details) -> None:
    """Queue a text message to the customer, once per call, prompt and what it is about; none without a number."""
    phone = call.text_phone
    if not phone:
        return
    case = case_at_hand(call)
    prompt = str(details["prompt"])
    told = {**call.position.known, **details.get("slots", {})}
    slots = text_slots(call.hotline, case) | {name: value for name, value in told.items() if value not in (None, "")}
    if "hours_text" in call.words.slots(prompt):
        slots["hours_text"] = hours_in_writing(call)
    body = call.text(prompt, slots)
    queued = queue_out(
        call.session,
        call.vault,
        key=":".join((call.call_key, prompt, *([str(details["about"])] if details.get("about") else []))),
        kind="text",
        at=call.now,
        payload={"to": phone, "from": call.hotline.numbers[0], "body": body},
        case_id=case.id if case else None,
    )
    if queued and case is not None:
        note(call.session, call.vault, case, "text_queued", "ivr", call.now, body=body)


def text_slots(hotline: Hotline, case: Case | None) -> dict[str, Any]:
    """What text messages may mention of a hotline and a case."""
    slots: dict[str, Any] = {"company": hotline.company.name}
    if case is not None:
        at = case.effective_at or case.received_at
        slots |= {"protocol": case.protocol, "at": at.isoformat(), "kind": case.kind}
    return slots


def add_note(call: CallAtHand, details: Details) -> None:
    """Add to the history of this call's case."""
    case = case_of_call(call)
    if case is not None:
        note(call.session, call.vault, case, str(details.get("kind", "note")), "ivr", call.now, **dict(details))


_LEVELS = {"normal": "normal", "high": "high"}


def raise_severity(call: CallAtHand, details: Details) -> None:
    """Somebody was hurt or is in danger: the case, its record and its promise go to the front."""
    case = case_of_call(call)
    level = _LEVELS.get(str(details.get("level")), "safety")
    if case is None or case.severity == level:
        return
    case.severity = level
    record = record_to_change(call.session, call.vault, case)
    seal_record(call.vault, case, record.with_facts({"assessment.severity": level}))
    promise = open_promise_of_case(call.session, case.id)
    if promise is not None:
        promise.urgent = True
    note(call.session, call.vault, case, "severity", "ivr", call.now, level=level)


CARRIES = {
    "text": send_text,
    "note": add_note,
    "severity": raise_severity,
    "manner": remember_manner,
    "recall_reply": record_reply,
    "outreach_reply": record_outreach_reply,
    "feedback_reply": record_feedback,
}


_STATE_OF_CALL: Final = sa.select(Call.caller_index, Call.settled_at).where(Call.key == sa.bindparam("call_key"))


def leave_behind(call: CallAtHand, turn: Turn) -> None:
    """Bring rows up to date with what this turn learned: record, queue, the words of the promise, the language."""
    case = case_of_call(call)
    if case is not None:
        known = known_about(case.protocol, turn.position.known)
        record = record_to_change(call.session, call.vault, case)
        keep_record(call.vault, case, record, fold_known(record, known, at=call.now))
        if case.language != turn.position.language:
            case.language = turn.position.language
        _keep_spoken_words(call, case, turn)
    if call.position.known.get("outreach"):
        _note_wish(call, turn)
    ((index, settled_at),) = ask(call.session, _STATE_OF_CALL, call_key=call.call_key)
    if settled_at is None:
        join_queue(call, turn)
    else:
        _settle_again(call)
    if index is not None:
        _remember_language(call, index, turn.position.language)


def _note_wish(call: CallAtHand, turn: Turn) -> None:
    """Whom we rang about a recall may ask for a human at any moment, and be promised a call instead."""
    if isinstance(turn.wait, Queue):
        record_outreach_reply(call, {"answer": "human"})
    elif turn.position.known.get("promised") == "yes":
        record_outreach_reply(call, {"answer": "later"})


_UNSETTLE: Final = sa.update(table_of(Call)).where(table_of(Call).c.key == sa.bindparam("of_key"))


def _settle_again(call: CallAtHand) -> None:
    """Have the clock settle a call anew of which a turn was answered after its end: it too may leave nobody waiting.

    Such a caller joins no queue; agents would be rung for nobody.
    """
    ask(call.session, _UNSETTLE, of_key=call.call_key, settled_at=None)
    note_written(call.session, Call, call.call_key, settled_at=None)


def _keep_spoken_words(call: CallAtHand, case: Case, turn: Turn) -> None:
    promise = open_promise_of_case(call.session, case.id)
    if promise is None or promise.spoken_text is not None:
        return
    promised = [say for say in turn.says if "due_at" in say.slots or "due" in say.slots]
    if not promised:
        return
    language = turn.position.language
    spoken = " ".join(call.text(say.prompt, say.slots, language=say.language) for say in promised)
    write(promise, spoken_text=call.vault.seal(spoken, f"promises:spoken:{promise.key}"), language=language)


_SEEN: Final = sa.update(table_of(Caller)).where(table_of(Caller).c.number_index == sa.bindparam("index"))


def _remember_language(call: CallAtHand, index: str, language: str) -> None:
    values = {"number_index": index, "language": language, "seen_at": call.now, "do_not_call": False}
    if not insert_absent(call.session, Caller, values, ("number_index",)):
        ask(call.session, _SEEN, index=index, language=language, seen_at=call.now)
