"""The words that people read for the words that are stored."""

from __future__ import annotations

from typing import Final

from app.web.call_terms import CALL_TERMS
from app.web.campaign_terms import CAMPAIGN_TERMS
from app.web.case_terms import CASE_TERMS
from app.web.recall_terms import RECALL_TERMS
from app.web.words import say

_TERMS: Final[dict[str, dict[str, str]]] = {
    "announced": {"whole": "had been announced", "begun": "was being announced", "not": "not announced yet"},
    "request": {"history": "History of a matter", "erasure": "Erasure"},
    "request status": {
        "open": "open",
        "held": "waits",
        "ready": "ready to be handed over",
        "sent": "handed over",
        "done": "done",
    },
    "kept thing": {"recordings": "recordings", "cases": "matters with all that is theirs", "calls": "calls"},
    "retained thing": {
        "recordings": "recordings",
        "cases": "matters with their record, promises and messages; calls with their turns",
        "calls": "calls",
        "audit": "entries of the audit trail",
        "received texts": "which text messages were answered",
        "deliveries": "events told to other systems",
        "api answers": "answers of the API to be given again",
        "exports": "files of the call log",
        "login failures": "failed logins",
        "browsers": "browsers in which somebody has logged in",
        "journal": "the journal",
        "wishes": "the wish not to be called or written to",
    },
    "removed": {
        "calls": "calls",
        "cancellations": "cancellations",
        "cases": "matters",
        "contracts": "contracts",
        "drafts": "drafts",
        "entries of histories": "entries of histories",
        "messages": "messages",
        "owned products": "products known to be owned",
        "places in campaigns": "places in campaigns",
        "promises": "promises",
        "recordings": "recordings",
        "remembered numbers": "remembered numbers",
        "spool entries": "notes from a time without a database",
        "transcripts": "pieces of transcripts",
        "turns": "turns of calls",
    },
    **RECALL_TERMS,
    **CAMPAIGN_TERMS,
    "medium": {"electronic": "electronically", "post": "by post"},
    "column": {
        "protocol": "protocol number",
        "caller": "telephone number",
        "language": "language",
        "tries": "tries",
        "next_try": "next try",
        "owner": "whose it is",
    },
    "standing": {"late": "late", "due": "call now", "at_risk": "at risk", "on_time": "on time"},
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
    "wish": {
        "soon": "as soon as can be",
        "today": "today",
        "tomorrow": "tomorrow",
        "monday": "Monday",
        "tuesday": "Tuesday",
        "wednesday": "Wednesday",
        "thursday": "Thursday",
        "friday": "Friday",
        "saturday": "Saturday",
        "sunday": "Sunday",
        "morning": "in the morning",
        "afternoon": "in the afternoon",
        "evening": "after five",
    },
    "outbox": {
        "waiting": "waits to be sent",
        "sending": "is being sent",
        "sent": "sent",
        "failed": "could not be sent",
        "unsure": "perhaps sent",
    },
    "export": {
        "waiting": "waits to be written",
        "writing": "is being written",
        "ready": "ready",
        "handed_over": "handed over at once",
        "expired": "no longer kept",
    },
    "yes or no": {"yes": "yes", "no": "no"},
    "satisfaction": {
        "5": "very satisfied",
        "4": "satisfied",
        "3": "neither",
        "2": "dissatisfied",
        "1": "very dissatisfied",
    },
    "rings": {"one": "one", "two": "two", "three": "three", "more": "more than three", "never": "nobody answered"},
    "range": {
        "today": "today",
        "yesterday": "yesterday",
        "this_week": "this week",
        "last_week": "last week",
        "7_days": "the last 7 days",
        "30_days": "the last 30 days",
        "this_month": "this month",
        "last_month": "last month",
        "this_year": "this year",
        "last_year": "last year",
    },
    "no_answer": {
        "no answer in time": "no answer in time",
        "its certificate is not good": "its certificate is not good",
        "it does not take connections": "it does not take connections",
        "the name of the host is not known": "the name of the host is not known",
    },
    "role": {"agent": "agent", "supervisor": "supervisor", "admin": "administrator"},
    "scope": {
        "wallboard": "the wallboard",
        "cases": "complaint records and their histories",
        "calls": "calls, turn by turn",
        "promises": "promises and attempts",
        "cases:write": "enter complaints, note and document",
        "promises:write": "promise calls, move and withdraw them",
        "numbers:write": "mark numbers not to be called",
        "recalls:write": "enter recalls and remedies",
        "charges:write": "suspend and decide charges",
    },
    "language": {
        "de": "German",
        "en": "English",
        "pt-BR": "Portuguese",
        "bs": "Bosnian/Croatian",
    },
    **CALL_TERMS,
    **CASE_TERMS,
}


def term(group: str, word: str | None) -> str:
    """What a stored word is called on a page; the word itself if it is an unknown one."""
    return say(_TERMS[group].get(word or "", (word or "").replace("_", " ")))


def every_term() -> set[str]:
    """All English words of the table, for the test of the catalogues."""
    return {text for group in _TERMS.values() for text in group.values()}
