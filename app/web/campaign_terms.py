"""The words that people read for what is stored of campaigns."""

from __future__ import annotations

from typing import Final

CAMPAIGN_TERMS: Final[dict[str, dict[str, str]]] = {
    "campaign": {
        "draft": "draft",
        "running": "running",
        "paused": "paused",
        "stopped": "stopped",
        "done": "done",
    },
    "pause": {
        "by hand": "by hand",
        "spending": "its ceiling is reached",
        "notice": "its notice may not be said so",
        "flow": "the flow outreach is missing",
    },
    "origin": {"owner": "owners in a register", "buyer": "buyers in contracts", "caller": "earlier callers"},
    "outreach medium": {
        "call": "calls",
        "text": "text messages",
        "email": "e-mails",
        "letter": "letters, as a list",
        "inbound": "they called us",
    },
    "whom": {"silent": "who has not answered", "open": "who has not been helped"},
    "wave": {"waiting": "waits", "running": "runs", "done": "done"},
    "campaign answer": {
        "remedied": "chose a remedy, or it is settled",
        "disposed": "no longer have it",
        "refused": "want no more calls about it",
        "wrong_person": "never had it",
        "later": "want a later call",
        "human": "wanted a human",
        "acknowledged": "have understood it",
    },
    "left out": {"do_not_call": "wants no calls", "no_way": "no way to tell them", "erased": "erased on request"},
    "missed": {
        "answered": "answered",
        "machine": "machine",
        "busy": "busy",
        "no_answer": "no answer",
        "hung_up": "hung up before a word",
        "failed": "not connected",
        "network_refused": "not dialled",
        "no_lawful_time": "no lawful hour",
        "do_not_call": "wants no calls",
        "no_texts": "wants no texts",
        "sent": "sent",
        "unsure": "not sure whether it was sent",
        "posted": "posted",
    },
    "contact": {
        "queued": "queued",
        "under_way": "under way",
        "reached": "reached",
        "missed": "missed",
        "skipped": "skipped",
    },
    "campaign list": {
        "told": "to be told",
        "duplicates": "with several products",
        "no_way": "no way to tell them",
        "do_not_call": "want no calls",
        "out_of_hours": "not at this hour",
        "answered": "answered",
        "silent": "told, without an answer",
        "letters": "for letters",
        "everybody": "everybody",
    },
    "script": {"call": "Who picks up", "machine": "A machine", "text": "Text message", "letter": "E-mail and letter"},
}
