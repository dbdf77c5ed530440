"""A case's history in sentences, as in a letter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.analytics.case_file import Entry
from app.domain.complaint import ComplaintRecord
from app.web.show import field_name, kinds_in_words, when
from app.web.terms import term
from app.web.words import say

Details = Mapping[str, Any]


def sentence(entry: Entry, names: Mapping[int, str], zone: ZoneInfo) -> str:
    """What happened, in one sentence.

    Args:
        names: of the staff, by their id.
        zone: in which times are told.
    """
    who = _who(entry.actor, names)
    told = _TOLD.get(entry.kind)
    if told is None:
        words = say("{who}: {what}", who=who, what=entry.kind.replace("_", " "))
    else:
        words = told(who, entry.details, zone)
    through = entry.details.get("through")
    return f"{words} {say('(through {system})', system=through)}" if through else words


def _who(actor: str, names: Mapping[int, str]) -> str:
    kind, _, number = actor.partition(":")
    if kind == "staff":
        return names.get(int(number), actor) if number.isdigit() else actor
    return say(_ACTORS.get(kind, kind))


_ACTORS: Final = {
    "ivr": "The hotline",
    "clock": "The office",
    "customer": "The customer",
    "operator": "The operator",
    "import": "The import",
}


def _instant(details: Details, name: str, zone: ZoneInfo) -> str:
    try:
        return when(datetime.fromisoformat(str(details[name])), zone)
    except (KeyError, ValueError):
        return "–"


def _outcome(who: str, details: Details, _zone: ZoneInfo) -> str:
    parts = [say("{who} documented: {what}.", who=who, what=term("disposition", details.get("disposition")))]
    if details.get("response"):
        parts.append(say("The customer was told: “{text}”", text=details["response"]))
    if details.get("redress_cents"):
        parts.append(say("Granted: {amount}.", amount=f"{int(details['redress_cents']) / 100:.2f}"))
    if details.get("note"):
        parts.append(say("Note: {text}", text=details["note"]))
    return " ".join(parts)


def _ended(_who: str, details: Details, _zone: ZoneInfo) -> str:
    text = say("The attempt ended: {result}", result=term("result", str(details.get("result"))))
    if details.get("seconds"):
        text += f" ({details['seconds']} s)"
    return text + "."


def _amount(details: Details) -> str:
    return f"{int(details.get('cents') or 0) / 100:.2f}"


def point_in_words(text: str) -> str:
    """What a point of a complaint says; what somebody listed is told word for word."""
    group, _, word = text.partition(":")
    if text == "danger":
        return say("Somebody was hurt or is in danger.")
    if group == "kind":
        return term("complaint", word)
    if group == "remedy":
        return say("They wish for {remedy}.", remedy=term("remedy", word))
    return term("demand", word) if group == "demand" else text


def _names(details: Details, name: str) -> str:
    return ", ".join(str(each) for each in details.get(name) or ()) or say("nobody")


def _foreseen(_who: str, details: Details, zone: ZoneInfo) -> str:
    cause = term("cause", details.get("cause"))
    if not details.get("offer"):
        return say("It was foreseen that it could not be kept: {cause}. The customer was told.", cause=cause)
    return say(
        "It was foreseen that it could not be kept: {cause}. The customer was told and offered {offer}.",
        cause=cause,
        offer=_instant(details, "offer", zone),
    )


def _plain(text: str, /, **slots: str) -> Callable[[str, Details, ZoneInfo], str]:
    def told(who: str, details: Details, _zone: ZoneInfo) -> str:
        return say(text, who=who, **{slot: details.get(name) or "–" for slot, name in slots.items()})

    return told


_TOLD: Final[Mapping[str, Callable[[str, Details, ZoneInfo], str]]] = {
    "received": _plain("{who} put it on record."),
    "effective": lambda _who, details, zone: say(
        "The cancellation took effect {at}.", at=_instant(details, "at", zone)
    ),
    "contract_found": lambda _who, details, _zone: say(
        "Contract {number} was {by}.",
        number=details.get("number") or "–",
        by=term("found by", str(details.get("by"))),
    ),
    "contract_named": _plain("The customer named a contract that is in no book: {number}.", number="number"),
    "contract_began": _plain("The customer says that it began or was delivered on {day}.", day="on"),
    "withdrawn_from": lambda _who, details, _zone: say(
        "The customer withdrew from the contract: {remedy} ({law}).",
        remedy=term("withdrawal", str(details.get("remedy"))),
        law=details.get("law") or "–",
    ),
    "end_chosen": lambda _who, details, _zone: say(
        "The customer chose when it ends: {ends} {day}.",
        ends=term("ends", str(details.get("ends"))),
        day=details.get("on") or "",
    ).replace(" .", "."),
    "email_wished": _plain("The customer wants the receipt by e-mail, too."),
    "email_told": _plain("The customer told an e-mail address: {address}.", address="address"),
    "letter_queued": _plain("A letter was written: “{subject}”", subject="subject"),
    "letter_sent": _plain("The mail server took the letter."),
    "letter_failed": _plain("The letter could not be delivered: {cause}.", cause="cause"),
    "severity": lambda who, details, _zone: say(
        "{who} raised the severity: {level}.", who=who, level=term("severity", str(details.get("level")))
    ),
    "promised": lambda who, details, zone: say(
        "{who} promised a call by {due}.", who=who, due=_instant(details, "due_at", zone)
    ),
    "text_queued": _plain("A text message went out: “{body}”", body="body"),
    "text_sent": _plain("The network took the text message."),
    "text_failed": _plain("The text message could not be sent."),
    "text_unsure": _plain("Whether the text message went out is not known."),
    "text_received": _plain("{who} wrote: “{text}”", text="body"),
    "call_ended": _plain("The call ended."),
    "talked": _plain("{who} spoke with the customer, who had waited in the queue."),
    "owned": _plain("{who} answers for it from now on."),
    "claimed": _plain("{who} took the promise."),
    "released": _plain("{who} gave the promise back."),
    "reminded": lambda _who, details, _zone: say(
        "Half of its slack was gone; reminded: {names}.", names=_names(details, "to")
    ),
    "escalated": lambda _who, details, _zone: say(
        "Three quarters of its slack were gone; told: {names}. Who could still keep it: {rescuers}.",
        names=_names(details, "to"),
        rescuers=_names(details, "rescuers"),
    ),
    "foreseen": _foreseen,
    "late": lambda _who, details, _zone: say(
        "The deadline passed without a conversation: {cause}. The customer was told.",
        cause=term("cause", details.get("cause")),
    ),
    "rescued": _plain("{who} had {to} ring the customer at once.", to="to"),
    "attempt": lambda who, details, _zone: say(
        "{who} rang the customer, try {number}.", who=who, number=details.get("number", "–")
    ),
    "attempt_ended": _ended,
    "kept": _plain("The promise was kept: {who} and the customer spoke in time."),
    "kept_late": _plain("The promise was kept late: {who} and the customer spoke."),
    "moved": lambda _who, details, _zone: say(
        "The promise was moved: {cause}.", cause=term("cause", details.get("cause"))
    ),
    "discharged": _plain("The promise was served by another contact with {who}."),
    "unreachable": _plain("The customer could not be reached; all tries were made."),
    "withdrawn": _plain("The customer no longer wants to be called."),
    "broken": lambda _who, details, _zone: say(
        "The promise was broken: {cause}.", cause=term("cause", details.get("cause"))
    ),
    "charge_suspended": lambda who, details, zone: say(
        "{who} suspended the charge; to be decided by {time}.", who=who, time=_instant(details, "decide_by", zone)
    ),
    "charge_reversed": _plain("{who} reversed the charge: {reason}", reason="reason"),
    "charge_stands": _plain("{who} decided that the charge stands: {reason}", reason="reason"),
    "billing_accepted": _plain("The billing system took the order: {order}.", order="order"),
    "billing_refused": _plain("The billing system refused the order {order}: {cause}.", order="order", cause="cause"),
    "calls_refused": _plain("{who} put down that the customer wants no calls."),
    "calls_welcome": _plain("{who} put down that calls are welcome again."),
    "approval_asked": lambda who, details, _zone: say(
        "{who} asked for approval of {amount}: {reason}",
        who=who,
        amount=_amount(details),
        reason=details.get("reason") or "–",
    ),
    "approval_approved": lambda who, details, _zone: say(
        "{who} approved {amount}. {reason}", who=who, amount=_amount(details), reason=details.get("reason") or ""
    ).strip(),
    "approval_refused": lambda who, details, _zone: say(
        "{who} refused to approve {amount}: {reason}",
        who=who,
        amount=_amount(details),
        reason=details.get("reason") or "–",
    ),
    "approval_taken_back": lambda who, details, _zone: say(
        "{who} no longer asks for approval of {amount}.", who=who, amount=_amount(details)
    ),
    "corrected": lambda who, details, _zone: say(
        "{who} corrected “{field}”: {before} → {after}",
        who=who,
        field=field_name(str(details.get("field"))),
        before=details.get("before") or "–",
        after=details.get("after") or "–",
    ),
    "transferred": _plain("{who} handed the call to {to}.", to="to"),
    "point_listed": _plain("{who} listed a point to be answered: {text}", text="text"),
    "note": _plain("{who} noted: {text}", text="text"),
    "recall_not_found": _plain(
        "The recall list holds nothing under {number}; somebody checks it.", number="identifier"
    ),
    "recall_understood": _plain("The customer understood the recall notice {number}.", number="recall"),
    "recall_remedy": lambda _who, details, _zone: say(
        "Of recall {number} the customer chose: {remedy}, {handover}.",
        number=details.get("recall") or "–",
        remedy=term("remedy", str(details.get("remedy"))),
        handover=details.get("address") or term("handover", str(details.get("handover"))),
    ),
    "recall_corrected": lambda who, details, _zone: say(
        "{who}: the remedy for recall {number} is carried out: {correction}.",
        who=who,
        number=details.get("recall") or "–",
        correction=term("correction", str(details.get("correction"))),
    ),
    "recall_feedback": lambda _who, details, _zone: say(
        "Does the remedy solve the matter? The customer says: {answer}.",
        answer=term("solved", str(details.get("solved"))),
    ),
    "satisfaction": lambda _who, details, _zone: say(
        "How satisfied is the customer? They say: {answer}. {words}",
        answer=term("satisfaction", str(details.get("score"))),
        words=details.get("words") or "",
    ).strip(),
    "recommends": lambda _who, details, _zone: say(
        "Would the customer recommend us? They say: {answer}.", answer=term("yes or no", str(details.get("recommends")))
    ),
    "outcome": _outcome,
    "closed": _plain("{who} closed the case."),
    "taken_back": lambda who, details, _zone: say(
        "{who} took the handing over back: it is {to}’s again.", who=who, to=details.get("to") or "–"
    ),
    "handed_over": _plain("{who} handed it over to {to}: {reason}", to="to", reason="reason"),
    "step_done": lambda who, details, _zone: say(
        "{who}: done – {step}.", who=who, step=term("step", str(details.get("step")))
    ),
    "listened": _plain("{who} listened to the recording."),
    "downloaded": _plain("{who} took the recording along as a file."),
    "hold": _plain("{who} placed a legal hold on it: {reason}", reason="reason"),
    "hold_lifted": _plain("{who} lifted the legal hold."),
    "history_asked": lambda who, details, zone: say(
        "{who} put down that the customer wants the history of it; it is due {due}.",
        who=who,
        due=_instant(details, "due_at", zone),
    ),
    "history_written": _plain("The history of it was written down."),
    "history_sent": _plain("{who} gave the customer the history of it."),
    "recording_deleted": _plain("A recording was deleted: {basis}.", basis="basis"),
    "erased": _plain("What the customer had told was erased on request."),
    "fallback": _plain("The hotline was out of order; what the caller left was kept."),
}


def told(record: ComplaintRecord) -> list[str]:
    """What the customer told, a sentence for each fact that is known."""
    matter = record.matter
    facts = (
        ("The customer’s name is {value}.", record.complainant.name),
        ("They tell of {value}.", kinds_in_words(matter.kinds) if matter.kinds else None),
        ("It is about {value}.", matter.product),
        ("Model: {value}.", matter.model),
        ("The problem: {value}.", matter.issue),
        ("Order or contract: {value}.", matter.contract_or_order_no),
    )
    return [say(text, value=value) for text, value in facts if value]


def heard_sentence(heard: Details) -> str:
    """What a caller did in one turn."""
    how = str(heard.get("how"))
    if how == "keys":
        return say("pressed {keys}", keys=heard.get("keys", ""))
    if how == "speech":
        return say("said “{text}”", text=heard.get("speech", ""))
    if how == "recording":
        return say("spoke for {seconds} s", seconds=heard.get("seconds", 0))
    return say(_HOW.get(how, how))


_HOW: Final = {
    "start": "called",
    "silence": "was silent",
    "queue": "left the queue",
    "outcome": "heard the answer",
    "hangup": "hung up",
}
