"""Which promises cannot be kept any more, as things stand, while there is still time to say so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.competence import best_for
from app.domain.promise import BreakCause
from app.domain.spans import Span
from app.promising.shedding import Job, shed

EARLIEST: Final = timedelta(hours=2)
"""Nobody is told sooner before the deadline: much can still change."""

WITH_NOBODY: Final = timedelta(minutes=30)
"""Before the deadline, while nobody is at work at all: who comes to work late may still keep everything."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """One open promise, as far as it matters for what can be foreseen."""

    id: int
    made_at: datetime
    due_at: datetime
    next_attempt_at: datetime
    language: str
    kind: str  # of the case
    urgent: bool
    seconds: float  # one conversation on average, to the end of the wrap-up
    workable: tuple[Span, ...]  # when the customer can be called, from now on, in order


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with a telephone who works in the office."""

    languages: tuple[str, ...]
    skills: tuple[str, ...]
    is_there: bool  # at work, busy or not


def foreseen(
    open_promises: Sequence[Outlook], staff: Sequence[Colleague], now: datetime, given_up: Set[int] | None = None
) -> dict[int, BreakCause]:
    """The promises of which a breach is foreseen, with the cause that it would have.

    A promise is kept once both speak, so a conversation may end after the deadline if it began before. Those are found
    that are late even when everybody at work who can serve such a matter does nothing else, or when everybody at work
    could serve everybody: no order of service can keep them.

    Args:
        open_promises: all that fall due soon, late ones as well, since they take time too.
        staff: everybody; who can serve whom is decided among all, as it is when telephones ring.
        given_up: what the plan by which customers are called has no place for; where there is one it decides who is
            given up, since others would be called if somebody else were told.
    """
    causes: dict[int, BreakCause] = {}
    jobs: dict[int, Job] = {}
    groups: defaultdict[tuple[str, str], list[Job]] = defaultdict(list)
    hands = {matter: _hands(staff, *matter) for matter in {(each.language, each.kind) for each in open_promises}}
    for each in open_promises:
        last = _last_moment(each)
        if last is None:
            causes[each.id] = BreakCause.NO_LAWFUL_TIME
        elif not hands[each.language, each.kind]:
            causes[each.id] = BreakCause.NO_AGENT
        else:
            until = last + timedelta(seconds=each.seconds)
            start = max(now, each.next_attempt_at, each.workable[0].start)
            jobs[each.id] = Job(each.id, start, until, each.seconds, each.urgent)
            groups[each.language, each.kind].append(jobs[each.id])
    if given_up is None:
        given_up = {id_ for matter, own in groups.items() for id_ in shed(own, hands[matter], now).late}
        given_up |= set(shed(jobs.values(), sum(each.is_there for each in staff), now).late)
    causes |= dict.fromkeys(given_up & jobs.keys(), BreakCause.OVERLOAD)
    return {
        each.id: causes[each.id]
        for each in open_promises
        if each.id in causes and _may_be_told(each, now, causes[each.id])
    }


def _hands(staff: Sequence[Colleague], language: str, kind: str) -> int:
    """How many at work can serve such a matter."""
    return sum(each.is_there for each in best_for(staff, language, kind))


def _last_moment(each: Outlook) -> datetime | None:
    """The last moment before the deadline at which the customer can be called; None if there is none."""
    ends = [min(span.end, each.due_at) for span in each.workable if span.start < each.due_at]
    return ends[-1] if ends else None


def _may_be_told(each: Outlook, now: datetime, cause: BreakCause) -> bool:
    earliest = WITH_NOBODY if cause is BreakCause.NO_AGENT else EARLIEST
    return max(each.due_at - earliest, each.made_at + (each.due_at - each.made_at) / 2) <= now < each.due_at
