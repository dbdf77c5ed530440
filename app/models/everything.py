"""All tables in one metadata: import this where the whole schema is needed."""

from app.models import (
    call,
    campaign,
    cancellation,
    case,
    chain,
    charge,
    contract,
    dial_pace,
    keeping,
    office,
    outbox,
    promise,
    recall,
    reminder,
    second_factor,
    staff,
)
from app.models.base import Base

__all__ = [
    "Base",
    "call",
    "campaign",
    "cancellation",
    "case",
    "chain",
    "charge",
    "contract",
    "dial_pace",
    "keeping",
    "office",
    "outbox",
    "promise",
    "recall",
    "reminder",
    "second_factor",
    "staff",
]
