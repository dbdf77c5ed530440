"""The words that people read for what is stored of calls, attempts and the people who take them."""

from __future__ import annotations

from typing import Final

CALL_TERMS: Final[dict[str, dict[str, str]]] = {
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
    "call outcome": {
        "in_progress": "on the line",
        "talked": "spoke with an agent",
        "promised": "callback promised",
        "gave_up": "gave up waiting",
        "opened": "case opened",
        "told": "told what was wanted",
        "hung_up": "hung up in the menu",
    },
    "call channel": {"phone": "by telephone", "text": "by text message"},
    "wait": {
        "in_time": "answered within 20 s",
        "late": "answered later",
        "gave_up_soon": "gave up within 20 s",
        "gave_up": "gave up later",
    },
    "repetition": {"yes": "had called before", "no": "called for the first time"},
    "leg": {
        "call": "the caller’s line",
        "customer-leg": "the customer’s line",
        "agent-leg": "the agent’s line",
        "message": "text message",
        "recording": "recording",
    },
    "live": {
        "intended": "Your telephone is about to ring",
        "placed": "Your telephone rings: pick up and press 1",
        "accepted": "You are being connected",
        "dialled": "The customer’s telephone rings",
        "bridged": "You are talking with the customer",
        "on_hold": "The customer is on hold and hears that you will be back",
        "ended": "The call has ended",
    },
    "stage": {
        "intended": "being rung",
        "placed": "being rung",
        "accepted": "has accepted",
        "dialled": "rings the customer",
        "bridged": "is talking",
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
    "presence": {"available": "available", "on_call": "on a call", "wrap_up": "writing up", "away": "away"},
    "away": {
        "break": "break",
        "lunch": "lunch",
        "training": "training",
        "meeting": "meeting",
        "other_work": "other work",
        "end_of_shift": "end of the shift",
    },
    "at work": {
        "free": "free",
        "away": "away",
        "wrap_up": "documents a conversation",
        "intended": "is being rung",
        "placed": "is being rung",
        "accepted": "has accepted",
        "dialled": "rings the customer",
        "bridged": "is talking",
    },
    "waiting in": {"usual": "usual queue", "recall": "queue of recalls"},
}
