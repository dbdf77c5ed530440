"""Where a leg of a call stands; it only ever moves forward."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class LegStatus(StrEnum):
    """Where a leg stands, in the network's words."""

    INITIATED = "initiated"  # the network has taken our wish to dial
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"  # somebody, or a machine, has answered
    COMPLETED = "completed"  # was answered, and has ended
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"  # could not be connected
    CANCELED = "canceled"  # we hung up before anybody answered


TERMINAL: Final = frozenset(
    {LegStatus.COMPLETED, LegStatus.BUSY, LegStatus.NO_ANSWER, LegStatus.FAILED, LegStatus.CANCELED}
)

_RANK: Final = {LegStatus.INITIATED: 0, LegStatus.RINGING: 1, LegStatus.IN_PROGRESS: 2} | dict.fromkeys(TERMINAL, 3)


def next_status(old: LegStatus | None, new: LegStatus) -> LegStatus:
    """Where the leg stands after a webhook that says `new`.

    Webhooks come twice, late and out of order: what would move a leg back changes nothing, and of two endings the
    first one holds.

    Args:
        old: None if nothing was heard of the leg before.
    """
    if old is None:
        return new
    return new if _RANK[new] > _RANK[old] else old


def is_over(status: LegStatus | None) -> bool:
    """Whether the leg has ended."""
    return status in TERMINAL
