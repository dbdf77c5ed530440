"""The words that people read for the stored words of recalls, their progress and signals."""

from __future__ import annotations

from typing import Final

RECALL_TERMS: Final[dict[str, dict[str, str]]] = {
    "level": {
        "manufacturer": "with the manufacturer",
        "distributor": "with distributors",
        "retailer": "with retailers",
        "consumer": "with consumers",
    },
    "correction": {
        "repair": "repaired",
        "replacement": "replaced",
        "refund": "refunded",
        "returned": "returned",
        "disposed": "disposed of",
    },
    "addressee": {
        "authority": "an authority",
        "distributors": "distributors",
        "retailers": "retailers",
        "consumers": "consumers",
        "public": "the public",
    },
    "notice medium": {
        "phone": "phone",
        "call": "phone",
        "text": "text message",
        "email": "e-mail",
        "post": "post",
        "letter": "post",
        "web": "web page",
        "press": "press",
        "outreach": "phone",
    },
    "solved": {"yes": "yes", "partly": "partly", "no": "no"},
    "stream": {"name": "by its name", "number": "by its number", "lot": "by its lot"},
    "signal": {"open": "to be decided", "watched": "watched", "dismissed": "dismissed", "confirmed": "confirmed"},
    "signal event": {
        "raised": "Raised by the test",
        "grew": "The boundary was reached again",
        "confirmed": "Confirmed",
        "watched": "Watched on",
        "dismissed": "Dismissed",
        "published": "The recall was published",
    },
    "danger": {
        "hurt": "somebody was hurt or is in danger",
        "fire": "fire",
        "burn": "burn",
        "shock": "electric shock",
        "cut": "cut",
        "fall": "fall or collapse",
        "choke": "choking",
        "trap": "entrapment",
        "poison": "poisoning",
        "injury": "injury",
    },
    "risk": {"serious": "serious", "high": "high", "medium": "medium", "low": "low"},
    "task": {
        "communication": "Communication",
        "logistics": "Logistics",
        "authorities": "Authorities",
        "other": "Something else",
    },
    "fault": {
        "softening": "lessens the risk and is not said",
        "heading": "the heading is missing",
        "stop": "the sentence to stop using it is missing",
        "remedies": "too few remedies, and no reason why",
        "product": "no product can be named",
        "hazard": "no hazard can be named",
    },
    "certainty": {"exact": "is affected", "possible": "may be affected"},
    "handover": {"home": "at their address", "drop_off": "handed in by the customer"},
    "recall callers": {
        "rung": "whom a campaign rang",
        "all": "whom a campaign rang, and who calls about a recall",
        "none": "none",
    },
    "recall goes": {
        "before": "before the other callers",
        "with": "among the other callers",
        "after": "after the other callers",
    },
}
