"""Whether the staff on duty can keep one promise more: a schedulability test by earliest deadline first."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.spans import Span
from app.promising.workable import QUARTER, round_down

# Every zone's offset is a multiple of it, so no piece reaches into two local hours.
_PIECE = QUARTER


@dataclass(frozen=True, slots=True)
class Load:
    """What is promised already, and who is there to keep it.

    `staff_by_hour` counts agents by weekday (Monday is 0) and local hour; hours not listed have `staff` agents.
    """

    open_due: Sequence[datetime] = ()  # the deadlines of the open promises
    staff: int = 1
    staff_by_hour: Mapping[tuple[int, int], int] = field(default_factory=dict)

    def staff_at(self, at: datetime, zone: ZoneInfo) -> int:
        """How many agents are on duty at this moment."""
        local = at.astimezone(zone)
        return self.staff_by_hour.get((local.weekday(), local.hour), self.staff)


class Capacity:
    """The conversations that fit before each moment, less those that are promised.

    By earliest deadline first a set of promises can be kept if, for every deadline, the work due by it fits into the
    staff's time before it. One more promise takes a conversation away from every deadline that is not earlier.
    """

    def __init__(self, load: Load, open_spans: Iterable[Span], zone: ZoneInfo, conversation: timedelta) -> None:
        """Prepare the test.

        Args:
            open_spans: the hotline's opening from now on, in order.
            zone: the hotline's, in which staff hours are written.
            conversation: what one promise takes of one agent.
        """
        self._conversation = conversation
        self._pieces = [
            (piece, load.staff_at(piece.start, zone))
            for span in open_spans
            for piece in (_pieces(span) if load.staff_by_hour else (span,))
        ]
        self._starts = [piece.start for piece, _ in self._pieces]
        self._before = [timedelta(0)]
        for piece, staff in self._pieces:
            self._before.append(self._before[-1] + piece.length * staff)
        self._due = sorted(load.open_due)
        self._least_room = self._least_rooms()

    def has_room(self, due_at: datetime) -> bool:
        """Whether one more promise with this deadline can be kept, and all that are due later still can."""
        if self._room(due_at, bisect_right(self._due, due_at)) < self._conversation:
            return False
        later = bisect_left(self._due, due_at)
        return later == len(self._due) or self._least_room[later] >= self._conversation

    def _room(self, due_at: datetime, promised: int) -> timedelta:
        return self._supply(due_at) - promised * self._conversation

    def _least_rooms(self) -> list[timedelta]:
        rooms = [self._room(due, bisect_right(self._due, due)) for due in self._due]
        for position in range(len(rooms) - 2, -1, -1):
            rooms[position] = min(rooms[position], rooms[position + 1])
        return rooms

    def _supply(self, until: datetime) -> timedelta:
        position = bisect_right(self._starts, until) - 1
        if position < 0:
            return timedelta(0)
        piece, staff = self._pieces[position]
        return self._before[position] + (min(until, piece.end) - piece.start) * staff


def _pieces(span: Span) -> Iterator[Span]:
    start = span.start
    while start < span.end:
        end = min(round_down(start) + _PIECE, span.end)
        yield Span(start, end)
        start = end
