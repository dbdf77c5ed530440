"""How a conversation ended, chosen by the agent, and what follows from it for the case and the promise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.complaint_terms import OutcomeKind


class Disposition(StrEnum):
    """How one conversation ended."""

    SOLVED = "solved"
    REGRET = "regret"
    SUBSTITUTE = "substitute"
    FIXED = "fixed"
    DISCOUNT = "discount"
    REFUND = "refund"
    RETURN = "return"
    EXCHANGE = "exchange"
    REFERRED = "referred"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    CALL_AGAIN = "call_again"
    WRONG_PERSON = "wrong_person"
    CUT_OFF = "cut_off"
    WITHDRAWN = "withdrawn"


class PromiseMove(StrEnum):
    """What becomes of the promise that the conversation was about."""

    KEEP = "keep"  # customer and agent spoke: kept, or kept late
    RENEW = "renew"  # moved to the time the customer agreed to
    RETRY = "retry"  # stays open; the conversation did not count
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows from a disposition.

    `needs_response` asks the agent for the answer given to the customer, since a case is not closed without one;
    `offers_escalation` demands that the ombudsman was named (S14); `next_step` is the task that opens, None if nothing
    is left to do.
    """

    outcome: OutcomeKind | None  # None: the conversation decided nothing
    closes_case: bool
    promise: PromiseMove = PromiseMove.KEEP
    next_step: str | None = None
    needs_response: bool = True
    offers_escalation: bool = False


CONSEQUENCES: Final[Mapping[Disposition, Consequence]] = {
    Disposition.SOLVED: Consequence(OutcomeKind.EXPLANATION, closes_case=True),
    Disposition.REGRET: Consequence(OutcomeKind.REGRET_ONLY, closes_case=False, next_step="find_solution"),
    Disposition.SUBSTITUTE: Consequence(
        OutcomeKind.TEMPORARY_SUBSTITUTE, closes_case=False, next_step="send_substitute"
    ),
    Disposition.FIXED: Consequence(OutcomeKind.IMMEDIATE_FIX, closes_case=True),
    Disposition.DISCOUNT: Consequence(OutcomeKind.GOODWILL_DISCOUNT, closes_case=True, next_step="book_discount"),
    Disposition.REFUND: Consequence(OutcomeKind.REFUND, closes_case=False, next_step="pay_refund"),
    Disposition.RETURN: Consequence(OutcomeKind.EXCHANGE, closes_case=False, next_step="send_return_label"),
    Disposition.EXCHANGE: Consequence(OutcomeKind.EXCHANGE, closes_case=False, next_step="send_replacement"),
    Disposition.REFERRED: Consequence(OutcomeKind.REFERRED, closes_case=False, next_step="hand_over"),
    Disposition.CANCELLED: Consequence(OutcomeKind.CANCELLED, closes_case=True, next_step="send_proof"),
    Disposition.REJECTED: Consequence(OutcomeKind.REJECTED, closes_case=True, offers_escalation=True),
    Disposition.CALL_AGAIN: Consequence(None, closes_case=False, promise=PromiseMove.RENEW, needs_response=False),
    Disposition.WRONG_PERSON: Consequence(
        None, closes_case=False, next_step="find_number", promise=PromiseMove.RETRY, needs_response=False
    ),
    Disposition.CUT_OFF: Consequence(None, closes_case=False, promise=PromiseMove.RETRY, needs_response=False),
    Disposition.WITHDRAWN: Consequence(
        OutcomeKind.EXPLANATION, closes_case=True, promise=PromiseMove.WITHDRAW, needs_response=False
    ),
}


def consequence_of(disposition: Disposition) -> Consequence:
    """What follows from how the conversation ended."""
    return CONSEQUENCES[disposition]
