"""The CFPB's words beside ours, each way; a word that has no exact counterpart is kept as it was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.domain.complaint_terms import Channel, HandlingStatus, OutcomeKind, PublicationConsent

CHANNELS: Final[Mapping[str, Channel]] = {
    "Web": Channel.WEB,
    "Phone": Channel.PHONE,
    "Postal mail": Channel.POST,
    "Fax": Channel.FAX,
    "Email": Channel.EMAIL,
    "Referral": Channel.REFERRAL,
    "Web Referral": Channel.REFERRAL,
}
CHANNELS_BACK: Final[Mapping[Channel, str]] = {
    Channel.PHONE: "Phone",
    Channel.SMS: "Phone",
    Channel.WEB: "Web",
    Channel.CHAT: "Web",
    Channel.EMAIL: "Email",
    Channel.POST: "Postal mail",
    Channel.IN_PERSON: "Referral",
    Channel.FAX: "Fax",
    Channel.REFERRAL: "Referral",
}
CONSENTS: Final[Mapping[str, PublicationConsent | None]] = {
    "Consent provided": PublicationConsent.GRANTED,
    "Consent not provided": PublicationConsent.REFUSED,
    "Consent withdrawn": PublicationConsent.WITHDRAWN,
    "Other": PublicationConsent.OTHER,
    "N/A": None,
}
RESPONSES: Final[Mapping[str, tuple[OutcomeKind | None, HandlingStatus]]] = {
    "Closed with explanation": (OutcomeKind.EXPLANATION, HandlingStatus.CLOSED),
    "Closed with non-monetary relief": (OutcomeKind.NON_MONETARY, HandlingStatus.CLOSED),
    "Closed with monetary relief": (OutcomeKind.MONETARY, HandlingStatus.CLOSED),
    "Closed": (None, HandlingStatus.CLOSED),
    "In progress": (None, HandlingStatus.IN_PROGRESS),
    "Untimely response": (OutcomeKind.UNTIMELY, HandlingStatus.IN_PROGRESS),
    # Used until 2012; what kind of relief it was is not known.
    "Closed with relief": (None, HandlingStatus.CLOSED),
    "Closed without relief": (OutcomeKind.EXPLANATION, HandlingStatus.CLOSED),
}
RESPONSES_BACK: Final[Mapping[OutcomeKind, str]] = {
    OutcomeKind.EXPLANATION: "Closed with explanation",
    OutcomeKind.REGRET_ONLY: "Closed with explanation",
    OutcomeKind.REFERRED: "Closed with explanation",
    OutcomeKind.REJECTED: "Closed with explanation",
    OutcomeKind.NON_MONETARY: "Closed with non-monetary relief",
    OutcomeKind.REPLACEMENT: "Closed with non-monetary relief",
    OutcomeKind.EXCHANGE: "Closed with non-monetary relief",
    OutcomeKind.TEMPORARY_SUBSTITUTE: "Closed with non-monetary relief",
    OutcomeKind.IMMEDIATE_FIX: "Closed with non-monetary relief",
    OutcomeKind.CANCELLED: "Closed with non-monetary relief",
    OutcomeKind.MONETARY: "Closed with monetary relief",
    OutcomeKind.REFUND: "Closed with monetary relief",
    OutcomeKind.GOODWILL_DISCOUNT: "Closed with monetary relief",
    OutcomeKind.UNTIMELY: "Untimely response",
}
YES_NO: Final[Mapping[str, bool | None]] = {"Yes": True, "No": False, "N/A": None}
TAGS: Final[Mapping[str, str]] = {"Servicemember": "servicemember", "Older American": "older_person"}
