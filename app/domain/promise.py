"""Our word to call a customer back by a deadline: where it stands, and how it may end."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.domain.errors import WrongState


class PromiseStatus(StrEnum):
    """Where a promise stands. Who is working on it is a matter of its claim, not of its status."""

    OPEN = "open"  # not yet ended; may be claimed, may be late
    KEPT = "kept"  # customer and agent spoke by the deadline
    KEPT_LATE = "kept_late"  # customer and agent spoke, after the deadline
    MOVED = "moved"  # the customer agreed to another time; points to its successor
    DISCHARGED = "discharged"  # served by another contact
    UNREACHABLE = "unreachable"  # all lawful attempts were made, with proof
    WITHDRAWN = "withdrawn"  # the customer no longer wants it
    BROKEN = "broken"  # given up without a conversation, by our fault; has a cause


ENDED: Final = frozenset(PromiseStatus) - {PromiseStatus.OPEN}

MOVES: Final[Mapping[PromiseStatus, frozenset[PromiseStatus]]] = {PromiseStatus.OPEN: ENDED} | {
    end: frozenset[PromiseStatus]() for end in ENDED
}
"""What may follow what: an end is an end."""


class BreakCause(StrEnum):
    """Why a promise was broken."""

    NO_AGENT = "no_agent"
    OVERLOAD = "overload"
    NETWORK = "network"
    OUTAGE = "outage"
    NO_LAWFUL_TIME = "no_lawful_time"
    LAW_UNKNOWN = "law_unknown"


BREAK_CAUSES: Final[Mapping[BreakCause, str]] = {
    BreakCause.NO_AGENT: "nobody free and competent accepted the call",
    BreakCause.OVERLOAD: "more promises fell due than the staff on duty could keep",
    BreakCause.NETWORK: "the phone network refused or failed",
    BreakCause.OUTAGE: "our own office was not running",
    BreakCause.NO_LAWFUL_TIME: "no lawful time to call was left before the deadline",
    BreakCause.LAW_UNKNOWN: "no rule of law in force told when to call",
}


class AttemptResult(StrEnum):
    """How one attempt ended."""

    CONNECTED = "connected"  # customer and agent spoke
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    MACHINE = "machine"  # an answering machine took the call
    FAILED = "failed"  # the customer's number could not be connected
    AGENT_DECLINED = "agent_declined"
    AGENT_SILENT = "agent_silent"  # did not answer, or did not accept
    AGENT_UNREACHABLE = "agent_unreachable"  # the page in their browser was closed; their number, or another, is next
    NETWORK_REFUSED = "network_refused"  # nothing was dialled
    CANCELED = "canceled"  # superseded, or withdrawn before it rang


REACHED_CUSTOMER: Final = frozenset(
    {
        AttemptResult.CONNECTED,
        AttemptResult.BUSY,
        AttemptResult.NO_ANSWER,
        AttemptResult.MACHINE,
        AttemptResult.FAILED,
    }
)
"""The results that count as an attempt: the customer's line was dialled. The others cost the customer nothing."""


def counts_as_attempt(result: AttemptResult) -> bool:
    """Whether the customer's line was dialled, so that one attempt is spent."""
    return result in REACHED_CUSTOMER


def may_move(old: PromiseStatus, new: PromiseStatus) -> bool:
    """Whether `new` may follow `old`."""
    return new in MOVES[old]


def check_move(old: PromiseStatus, new: PromiseStatus) -> None:
    """Refuse a move the table does not list.

    Raises:
        WrongState: if `new` may not follow `old`.
    """
    if not may_move(old, new):
        raise WrongState("promise", old, PromiseStatus.OPEN)
