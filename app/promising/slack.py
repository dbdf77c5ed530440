"""How much room is left before a promise can only just be kept, and who goes first by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from app.domain.spans import Span

Thing = TypeVar("Thing")


def latest_start_at(due_at: datetime, needed: timedelta, workable: Sequence[Span]) -> datetime:
    """When the first of the remaining attempts must start at the latest, so that all of them fit.

    Counted back from the deadline through the times at which we may and can call; nights and holidays do not count.

    Args:
        needed: what the remaining attempts take, see `app.promising.spacing.time_needed`.
        workable: the times from now on, in order.

    Returns:
        The first workable moment if not all attempts fit; `due_at` less `needed` if nothing is workable at all.

    Source:
        promises.md, dispatch.
    """
    left = needed
    first: datetime | None = None
    for span in reversed([span for span in workable if span.start < due_at]):
        end = min(span.end, due_at)
        if end - span.start >= left:
            return end - left
        left -= end - span.start
        first = span.start
    return due_at - needed if first is None else first


def slack(latest_start: datetime, now: datetime) -> timedelta:
    """How long it can still wait; negative once not all attempts fit any more."""
    return latest_start - now


def by_slack(
    things: Iterable[Thing], latest_start: Callable[[Thing], datetime], due: Callable[[Thing], datetime]
) -> list[Thing]:
    """Least slack first, of equals the one due first; the order lasts, since all slack shrinks alike."""
    return sorted(things, key=lambda thing: (latest_start(thing), due(thing)))
