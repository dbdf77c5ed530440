"""What is promised already and who is there to keep it, laid out as a plan that one promise more must fit into."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Final, NamedTuple

from app.compliance.calling_hours import lawful_spans
from app.compliance.whereabouts import Whereabouts
from app.domain.errors import LawUnknown
from app.domain.hotline import Hotline, Shift
from app.promising.plan import Plan, Row, Window
from app.promising.spacing import one_conversation
from app.promising.timetable import Seconds, pairs, timetable

LOOK_AHEAD_DAYS: Final = 21
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class OpenPromise:
    """A promise that takes a place in the plan."""

    id: int
    due_at: datetime
    not_before_at: datetime
    language: str
    where: Whereabouts
    number: str = ""  # the same for promises to the same number, which never ring at once; "" is like no other
    kind: str = ""  # of the case; "": nobody needs a skill for it


class Need(NamedTuple):
    """What the agent who calls must be able to do."""

    language: str
    kind: str = ""  # of the case; "": any will do


@dataclass(frozen=True, slots=True)
class Load:
    """What is promised already, and who is there to keep it."""

    open: Sequence[OpenPromise] = ()
    shifts: Sequence[Shift] = ()
    slot: timedelta | None = None  # how long any conversation may last; None: as the hotline's rules say


class Planned:
    """The open promises in a plan, each at the earliest place there was by its deadline, the one due first first.

    A promise that is late already, or that no plan can keep any more, gets the first place that is free: it is called
    before others, so its time is not there for a new promise.
    """

    def __init__(self, load: Load, hotline: Hotline, now: datetime, number: str = "") -> None:
        """Lay out the plan.

        Args:
            load: with the open promises in any order.
            hotline: its rules tell the length of a slot unless `load` does.
            number: the one that a promise more is wanted for.
        """
        slot = load.slot or one_conversation(hotline.callback)
        self.slot: Final = -(-slot // _MINUTE) * _MINUTE
        until = now + timedelta(days=LOOK_AHEAD_DAYS)
        self.table: Final = timetable(hotline, load.shifts, now, self.slot, until=until)
        self.plan: Final = Plan(self.table.seats)
        self.ids: Final[list[int]] = []  # of the promises, by their number in the plan
        self.late = 0
        self._now = now
        self._rows: dict[tuple[Need, Whereabouts], Row] = {}
        self._ringing: dict[str, set[int]] = {each: set() for each in _twice([number, *(p.number for p in load.open)])}
        for each in sorted(load.open, key=attrgetter("due_at", "id")):
            self._put(each)

    def put_earliest(
        self, need: Need, spans: Iterable[tuple[Seconds, Seconds]], latest: Seconds, number: str = ""
    ) -> datetime | None:
        """Plan one promise more, as early as any plan can have it.

        Args:
            need: who can serve it.
            spans: when the customer can be called, in order.
            latest: when the conversation must have ended.

        Returns:
            When it ends; None if there is no plan that holds it besides the others.
        """
        row = self._row(need, spans, without=self._ringing.get(number, ()))
        self.plan.moved.clear()
        found = self.plan.put_earliest(row.window(0, bisect_right(self.table.ends, latest) * len(self.table.teams)))
        if found is None:
            return None
        slot = self.plan.place_of[found] // len(self.table.teams)
        return datetime.fromtimestamp(self.table.ends[slot], UTC)

    def rings_of(self, number: str) -> list[datetime]:
        """When this number is planned to be rung for other promises."""
        return [datetime.fromtimestamp(self.table.starts[slot], UTC) for slot in self._ringing.get(number, ())]

    def _row(self, need: Need, spans: Iterable[tuple[Seconds, Seconds]], without: Container[int] = ()) -> Row:
        """The places at which a need can be served in these spans, but for some slots."""
        width, seats = len(self.table.teams), self.table.seats
        teams = self.table.teams_for(*need)
        runs = self.table.slots_within(spans)
        slots = (slot for first, last in runs for slot in range(first, last) if slot not in without)
        return Row([place for slot in slots for team in teams if seats[place := slot * width + team]])

    def _put(self, promise: OpenPromise) -> None:
        window = self._window(promise)
        ringing = self._ringing.get(promise.number)
        if ringing is not None:  # one number is not rung twice at once: such a promise keeps its place
            width = len(self.table.teams)
            found = self.plan.put_firmly(
                window, avoid={slot * width + team for slot in ringing for team in range(width)}
            )
            if found is not None:
                ringing.add(self.plan.place_of[found] // width)
        elif (found := self.plan.put(window)) is None:
            found = self.plan.put_firmly(window)
        if found is None or self.plan.place_of[found] >= window.before:
            self.late += 1
        if found is not None:  # else nobody is ever there for it, so it takes nobody's time
            self.ids.append(promise.id)

    def _window(self, promise: OpenPromise) -> Window:
        key = (Need(promise.language, promise.kind), promise.where)
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = self._row(key[0], _lawful(promise.where, self._now.date()))
        width = len(self.table.teams)
        first = 0
        if promise.not_before_at > self._now:
            first = bisect_left(self.table.starts, promise.not_before_at.timestamp())
        before = bisect_right(self.table.ends, promise.due_at.timestamp())
        return row.window(first * width, before * width)


def _twice(numbers: Iterable[str]) -> set[str]:
    return {number for number, times in Counter(numbers).items() if number and times > 1}


@lru_cache(maxsize=1024)
def _lawful(where: Whereabouts, day: date) -> tuple[tuple[Seconds, Seconds], ...]:
    """When somebody may be called from the day before on; never under a law we do not know."""
    since = datetime.combine(day, time(), UTC) - timedelta(days=1)
    try:
        return tuple(pairs(lawful_spans(where, since, days=LOOK_AHEAD_DAYS + 3)))
    except LawUnknown:
        return ()
