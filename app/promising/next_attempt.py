"""When a customer is tried again after an attempt that did not lead to a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.compliance.attempt_caps import may_ring_again
from app.compliance.calling_hours import may_call_at
from app.compliance.whereabouts import Whereabouts
from app.domain.business_hours import is_open
from app.domain.hotline import Hotline
from app.domain.promise import AttemptResult, counts_as_attempt
from app.domain.spans import Span, first_instant
from app.promising.spacing import one_conversation, spacing_after, until_both_speak
from app.promising.workable import QUARTER, round_up, workable_spans

LEAST_SPACING: Final = timedelta(minutes=3)
"""Nobody is rung again sooner, however little time is left."""

_LOOK_AHEAD_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Tried:
    """A promise after an attempt.

    `rung_at` holds the moments at which the customer's line was dialled for it, the last attempt's too if it was. They
    count against the rules' attempts; the caps on rings count `number_rung_at` as well.
    """

    result: AttemptResult
    rung_at: Sequence[datetime]
    due_at: datetime
    hotline: Hotline
    where: Whereabouts
    number_rung_at: Sequence[datetime] = ()  # in the last seven days, for whatever promise to the same number
    urgent: bool = False

    @property
    def attempts_left(self) -> int:
        """How many rings the rules still grant."""
        return max(self.hotline.callback.attempts - len(self.rung_at), 0)

    @property
    def rings(self) -> Sequence[datetime]:
        """All that the caps count, each once."""
        return sorted({*self.rung_at, *self.number_rung_at})


def after(tried: Tried, now: datetime) -> datetime | None:
    """When to try next, in opening and lawful hours and within the caps on rings.

    What the agent or the network did costs no attempt. Otherwise the wait depends on how it ended, and is shortened
    if else not all attempts would fit before the deadline. A deadline that has passed does not end the attempts.

    Returns:
        None if the customer was reached, the attempts are spent, or no lawful moment is near.

    Raises:
        LawUnknown: if no rule is in force where the customer may be.
    """
    if tried.result is AttemptResult.CONNECTED or tried.attempts_left == 0:
        return None
    spans = tuple(workable_spans(tried.hotline, tried.where, now, _LOOK_AHEAD_DAYS, urgent=tried.urgent))
    wait = _wait(tried, spans, now)
    return _within_caps(tried, spans, first_instant(spans, now + wait))


def may_try_now(tried: Tried, now: datetime) -> bool:
    """Whether this moment is in opening and lawful hours and within the caps; asked right before dialling."""
    return (
        is_open(tried.hotline, now)
        and may_call_at(tried.where, now).allowed
        and may_ring_again(tried.where, tried.rings, now).allowed
    )


def _wait(tried: Tried, spans: Sequence[Span], now: datetime) -> timedelta:
    rules = tried.hotline.callback
    usual = spacing_after(tried.result, rules)
    if not counts_as_attempt(tried.result):
        return usual
    room = _time_before(spans, tried.due_at) - until_both_speak(rules)
    if room < LEAST_SPACING:
        return max(usual, LEAST_SPACING)  # too late to be in time, so nothing is won by haste
    # Whoever is to try the last time may be in a conversation, which must end before.
    room -= min(one_conversation(rules), room / 2)
    return max(min(usual, room / tried.attempts_left), LEAST_SPACING)


def _time_before(spans: Sequence[Span], due_at: datetime) -> timedelta:
    return sum((min(span.end, due_at) - span.start for span in spans if span.start < due_at), timedelta(0))


def _within_caps(tried: Tried, spans: Sequence[Span], at: datetime | None) -> datetime | None:
    while at is not None and not may_ring_again(tried.where, tried.rings, at).allowed:
        at = first_instant(spans, round_up(at + QUARTER))
    return at
