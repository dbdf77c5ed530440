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

RINGS_IN_VAIN: Final = 0.5
"""At a customer's, for each one who is spoken to: what plans of many reckon with."""

FOR_A_SECOND_RING: Final = timedelta(minutes=15)
"""Before the deadline: whoever is rung for the first time later than that and does not answer is called late."""

BREATH: Final = timedelta(seconds=15)
"""Office time until an agent is rung again; their line must have become free."""


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


def effort(reach: float, usual: float) -> float:
    """What one customer takes of an agent on average, until they have spoken and the agent can be rung again.

    Args:
        reach: seconds from the ring at the agent's until both speak.
        usual: seconds of the conversation with its wrap-up, on average.

    Example:
        >>> effort(50, 300)
        397.5
    """
    return reach + usual + RINGS_IN_VAIN * reach + (1 + RINGS_IN_VAIN) * BREATH.total_seconds()


def last_first_ring(latest: float, since: float) -> float:
    """When a customer must be rung at the latest so that there is time for a second ring if the first is in vain.

    Args:
        latest: the last moment at which a ring can still keep the promise; seconds since 1970, as all.
        since: the first moment at which the customer can be rung.

    Returns:
        `latest` itself if there is no time for a second ring any more.

    Example:
        >>> last_first_ring(3600, since=0), last_first_ring(3600, since=3000)
        (2700.0, 3600)
    """
    early = latest - FOR_A_SECOND_RING.total_seconds()
    return early if early >= since else latest


def time_needed(rules: CallbackRules, attempts_made: int = 0) -> timedelta:
    """What all remaining attempts take, if nobody answers before the last one.

    Args:
        attempts_made: those that rang at the customer's.

    Source:
        promises.md: remaining attempts times spacing, ring time, and the handling of one conversation.
    """
    retries = max(rules.attempts - attempts_made - 1, 0)
    return retries * spacing_after(AttemptResult.NO_ANSWER, rules) + one_conversation(rules)
