"""Which promises cannot be kept any more, as things stand, while there is still time to say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

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
    urgent: bool
    seconds: float  # one conversation, from the dial to the end of the wrap-up
    workable: tuple[Span, ...]  # when the customer can be called, from now on, in order


def foreseen(open_promises: Sequence[Outlook], teams: Sequence[frozenset[str]], now: datetime) -> dict[int, BreakCause]:
    """The promises that no order of service can keep, with the cause that their breach would have.

    A promise is kept once both speak, so a conversation may end after the deadline if it began before. It is given up
    only if it is late even when everybody at work who speaks the language does nothing else, or when everybody at work
    could serve everybody: so what is foreseen is never too much.

    Args:
        open_promises: all that fall due soon, late ones as well, since they take time too.
        teams: the languages of each agent at work, busy or not.
    """
    causes: dict[int, BreakCause] = {}
    jobs: dict[int, Job] = {}
    for each in open_promises:
        last = _last_moment(each)
        if last is None:
            causes[each.id] = BreakCause.NO_LAWFUL_TIME
        elif not _speakers(teams, each.language):
            causes[each.id] = BreakCause.NO_AGENT
        else:
            until = last + timedelta(seconds=each.seconds)
            jobs[each.id] = Job(
                each.id, max(now, each.next_attempt_at, each.workable[0].start), until, each.seconds, each.urgent
            )
    for language in sorted({each.language for each in open_promises}):
        own = [jobs[each.id] for each in open_promises if each.language == language and each.id in jobs]
        late = shed(own, len(_speakers(teams, language)), now).late
        causes |= dict.fromkeys(late, BreakCause.OVERLOAD)
    late = shed(jobs.values(), len(teams), now).late
    causes |= dict.fromkeys(late, BreakCause.OVERLOAD)
    return {
        each.id: causes[each.id]
        for each in open_promises
        if each.id in causes and _may_be_told(each, now, causes[each.id])
    }


def _speakers(teams: Sequence[frozenset[str]], language: str) -> Sequence[frozenset[str]]:
    return [team for team in teams if language in team]


def _last_moment(each: Outlook) -> datetime | None:
    """The last moment before the deadline at which the customer can be called; None if there is none."""
    ends = [min(span.end, each.due_at) for span in each.workable if span.start < each.due_at]
    return ends[-1] if ends else None


def _may_be_told(each: Outlook, now: datetime, cause: BreakCause) -> bool:
    earliest = WITH_NOBODY if cause is BreakCause.NO_AGENT else EARLIEST
    return max(each.due_at - earliest, each.made_at + (each.due_at - each.made_at) / 2) <= now < each.due_at
