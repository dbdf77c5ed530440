"""The words that people read for the words that are stored."""

from __future__ import annotations

from typing import Final

from app.web.words import say

_TERMS: Final[dict[str, dict[str, str]]] = {
    "kind": {
        "complaint": "Complaint",
        "cancellation": "Cancellation",
        "recall": "Recall enquiry",
        "information": "Information",
    },
    "standing": {"late": "late", "due": "call now", "at_risk": "at risk", "on_time": "on time"},
    "stage": {
        "intended": "being rung",
        "placed": "being rung",
        "accepted": "has accepted",
        "dialled": "rings the customer",
        "bridged": "is talking",
    },
    "status": {
        "received": "received",
        "in_progress": "in progress",
        "decided": "decided",
        "closed": "closed",
        "reopened": "reopened",
        "acknowledged": "acknowledged",
        "assessed": "assessed",
        "communicated": "communicated",
    },
    "promise": {
        "open": "open",
        "kept": "kept",
        "kept_late": "kept late",
        "moved": "moved",
        "discharged": "served by another call",
        "unreachable": "customer not reached",
        "withdrawn": "withdrawn",
        "broken": "broken",
    },
    "cause": {
        "no_agent": "nobody free and competent was there",
        "overload": "more fell due than those at work could keep",
        "network": "the phone network refused or failed",
        "outage": "our own office was not running",
        "no_lawful_time": "no lawful time to call was left",
        "law_unknown": "no rule of law in force told when to call",
        "the customer agreed to another time": "the customer agreed to another time",
        "called us": "the customer called us",
        "do not call": "the customer wants no calls",
        "busy": "engaged",
        "no_answer": "no answer",
        "machine": "a machine answered",
        "failed": "could not be connected",
    },
    "outbox": {
        "waiting": "waits to be sent",
        "sending": "is being sent",
        "sent": "sent",
        "failed": "could not be sent",
        "unsure": "perhaps sent",
    },
    "result": {
        "connected": "customer and agent spoke",
        "busy": "engaged",
        "no_answer": "no answer",
        "machine": "a machine answered",
        "failed": "could not be connected",
        "agent_declined": "agent declined",
        "agent_silent": "agent did not answer",
        "network_refused": "the network refused",
        "canceled": "canceled",
    },
    "call": {
        "initiated": "initiated",
        "ringing": "ringing",
        "in-progress": "on the line",
        "completed": "ended",
        "busy": "engaged",
        "no-answer": "no answer",
        "failed": "failed",
        "canceled": "canceled",
    },
    "disposition": {
        "solved": "Explained, and the customer is content",
        "fixed": "Defect remedied at once",
        "discount": "Price reduction as goodwill",
        "refund": "Refund",
        "exchange": "Exchange",
        "return": "Return",
        "substitute": "Temporary replacement",
        "regret": "Regret, no short-term solution",
        "referred": "Referred onward",
        "cancelled": "Contract cancelled",
        "rejected": "Demand rejected",
        "call_again": "Customer wants another call",
        "cut_off": "Cut off before it was settled",
        "wrong_person": "Wrong person or wrong number",
        "withdrawn": "Customer no longer wants anything",
    },
    "step": {
        "find_solution": "find a solution",
        "send_substitute": "send the temporary replacement",
        "book_discount": "book the price reduction",
        "pay_refund": "pay the refund",
        "send_return_label": "send the return label",
        "send_replacement": "send the exchange",
        "hand_over": "hand over to who is competent",
        "send_proof": "send the written proof",
        "find_number": "find the right number",
    },
    "outcome": {
        "explanation": "explained",
        "non_monetary": "non-monetary relief",
        "monetary": "monetary relief",
        "refund": "refund",
        "replacement": "replacement",
        "exchange": "return or exchange",
        "temporary_substitute": "temporary replacement",
        "immediate_fix": "defect remedied",
        "goodwill_discount": "price reduction as goodwill",
        "regret_only": "regret, no short-term solution",
        "referred": "referred onward",
        "cancelled": "cancelled",
        "rejected": "rejected",
        "untimely": "untimely",
    },
    "remedy": {
        "repair": "repair",
        "replacement": "a replacement",
        "refund": "the money back",
        "discount": "a price reduction",
        "apology": "an apology",
        "information": "information",
        "cancel": "to cancel",
        "other": "something else",
        "none": "nothing in particular",
    },
    "complaint": {
        "dissatisfaction": "dissatisfaction",
        "misconduct": "misconduct",
        "compensation": "a demand for compensation",
        "change": "a demand that behaviour change",
    },
    "role": {"agent": "agent", "supervisor": "supervisor", "admin": "administrator"},
    "severity": {"low": "low", "normal": "normal", "high": "high", "safety": "safety"},
    "language": {
        "de": "German",
        "en": "English",
        "pt-BR": "Portuguese",
        "bs": "Bosnian/Croatian",
    },
    "channel": {
        "phone": "by telephone",
        "sms": "by text message",
        "web": "on the web",
        "email": "by e-mail",
        "post": "by post",
        "fax": "by fax",
        "in_person": "in person",
        "referral": "passed on to us",
        "chat": "by chat",
    },
    "consent": {
        "granted": "agreed to",
        "refused": "refused",
        "announced": "announced",
        "not_asked": "not asked",
        "withdrawn": "withdrawn",
    },
}


def term(group: str, word: str | None) -> str:
    """What a stored word is called on a page; the word itself if it is an unknown one."""
    return say(_TERMS[group].get(word or "", (word or "").replace("_", " ")))


def every_term() -> set[str]:
    """All English words of the table, for the test of the catalogues."""
    return {text for group in _TERMS.values() for text in group.values()}
