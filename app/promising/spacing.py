"""How long after an attempt the next one comes, by how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from app.domain.hotline import CallbackRules
from app.domain.promise import AttemptResult

STANDARD: Final[Mapping[AttemptResult, timedelta]] = {
    AttemptResult.BUSY: timedelta(minutes=5),  # who talks will stop talking
    AttemptResult.NO_ANSWER: timedelta(minutes=20),
    AttemptResult.MACHINE: timedelta(minutes=45),  # heard the message, or is away for longer
    AttemptResult.FAILED: timedelta(minutes=10),
}
"""Used where the hotline file says nothing."""

AGENT_SIDE: Final[Mapping[AttemptResult, timedelta]] = {
    AttemptResult.AGENT_DECLINED: timedelta(0),  # the next agent can be asked at once
    AttemptResult.AGENT_SILENT: timedelta(0),
    AttemptResult.AGENT_UNREACHABLE: timedelta(0),
    AttemptResult.NETWORK_REFUSED: timedelta(minutes=2),
    AttemptResult.CANCELED: timedelta(0),
}
"""The customer's line was not dialled, so no attempt is spent and nobody was disturbed."""


def spacing_after(result: AttemptResult, rules: CallbackRules) -> timedelta:
    """How long to wait after an attempt with this result, if there is time enough."""
    if result in AGENT_SIDE:
        return AGENT_SIDE[result]
    return rules.spacing.get(result.value, STANDARD[result])


def one_conversation(rules: CallbackRules) -> timedelta:
    """From dialling the customer to the end of the wrap-up."""
    return timedelta(seconds=rules.ring_seconds) + rules.handling


def until_both_speak(rules: CallbackRules) -> timedelta:
    """From the ring at the agent's to the first word between agent and customer, if both answer late."""
    return 2 * timedelta(seconds=rules.ring_seconds)


def time_needed(rules: CallbackRules, attempts_made: int = 0) -> timedelta:
    """What all remaining attempts take, if nobody answers before the last one.

    Args:
        attempts_made: those that rang at the customer's.

    Source:
        promises.md: remaining attempts times spacing, ring time, and the handling of one conversation.
    """
    retries = max(rules.attempts - attempts_made - 1, 0)
    return retries * spacing_after(AttemptResult.NO_ANSWER, rules) + one_conversation(rules)
