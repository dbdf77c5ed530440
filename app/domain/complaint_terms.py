"""The words a complaint record may hold: one enumeration per field with a fixed list."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    """How a complaint came in."""

    PHONE = "phone"
    SMS = "sms"
    WEB = "web"
    EMAIL = "email"
    POST = "post"
    FAX = "fax"
    IN_PERSON = "in_person"
    REFERRAL = "referral"  # passed on by an authority or another company
    CHAT = "chat"


class ConsentStatus(StrEnum):
    """What the consumer said to being recorded."""

    GRANTED = "granted"
    REFUSED = "refused"
    ANNOUNCED = "announced"  # told, where the law asks for no more
    NOT_ASKED = "not_asked"
    WITHDRAWN = "withdrawn"


class PublicationConsent(StrEnum):
    """Whether the consumer's own words may be published."""

    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    OTHER = "other"


class ReplyMedium(StrEnum):
    """How the consumer wants the answer."""

    CALL = "call"
    SMS = "sms"
    EMAIL = "email"
    POST = "post"


class DemandType(StrEnum):
    """What is wanted from us: the six kinds of Decreto 11.034 art. 2, and recall and suggestion."""

    INFORMATION = "information"
    DOUBT = "doubt"
    COMPLAINT = "complaint"
    CONTESTATION = "contestation"
    SUSPENSION = "suspension"
    CANCELLATION = "cancellation"
    RECALL = "recall"
    SUGGESTION = "suggestion"


class ComplaintKind(StrEnum):
    """The four kinds of complaint (T1); several may hold."""

    DISSATISFACTION = "dissatisfaction"
    MISCONDUCT = "misconduct"
    COMPENSATION = "compensation"
    CHANGE = "change"


class About(StrEnum):
    """What the matter concerns."""

    PRODUCT = "product"
    SERVICE = "service"


class Remedy(StrEnum):
    """What the consumer asks for."""

    REPAIR = "repair"
    REPLACEMENT = "replacement"
    REFUND = "refund"
    DISCOUNT = "discount"
    APOLOGY = "apology"
    INFORMATION = "information"
    CANCEL = "cancel"
    OTHER = "other"
    NONE = "none"  # asked, and nothing is wanted


class Certainty(StrEnum):
    """How sure it is that a product is under recall; no value says that it is not."""

    EXACT = "exact"
    POSSIBLE = "possible"
    NONE = "none"  # looked up, nothing found
    UNCHECKED = "unchecked"  # could not be looked up


class Severity(StrEnum):
    """How grave the matter is."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    SAFETY = "safety"  # somebody was hurt or is in danger


class Scale(StrEnum):
    """A small scale for the initial assessment."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class HandlingStatus(StrEnum):
    """Where the handling stands."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    ASSESSED = "assessed"
    IN_PROGRESS = "in_progress"
    DECIDED = "decided"
    COMMUNICATED = "communicated"
    CLOSED = "closed"
    REOPENED = "reopened"


class OutcomeKind(StrEnum):
    """How a complaint was answered (T13 and the CFPB's closings)."""

    EXPLANATION = "explanation"
    NON_MONETARY = "non_monetary"
    MONETARY = "monetary"
    REFUND = "refund"
    REPLACEMENT = "replacement"
    EXCHANGE = "exchange"  # returned or exchanged
    TEMPORARY_SUBSTITUTE = "temporary_substitute"
    IMMEDIATE_FIX = "immediate_fix"
    GOODWILL_DISCOUNT = "goodwill_discount"
    REGRET_ONLY = "regret_only"
    REFERRED = "referred"  # passed on to who is competent
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    UNTIMELY = "untimely"


class EscalationBody(StrEnum):
    """Where a consumer can turn who does not accept the answer."""

    OMBUDSMAN = "ombudsman"
    REGULATOR = "regulator"
    ADR = "adr"  # alternative dispute resolution
