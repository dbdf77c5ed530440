"""What is promised already and who is there to keep it, laid out as a plan that one promise more must fit into."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from app.compliance.calling_hours import lawful_spans
from app.compliance.whereabouts import Whereabouts
from app.domain.errors import LawUnknown
from app.domain.hotline import Hotline, Shift
from app.promising.plan import Plan, Row, Window
from app.promising.spacing import one_conversation
from app.promising.timetable import Seconds, pairs, timetable, whole_seconds

LOOK_AHEAD_DAYS: Final = 21
_FOR_THE_LATE: Final = timedelta(days=2)
"""Past the last deadline, so that who is late and finds a place only there can be seen to have one."""

_MINUTE: Final = timedelta(minutes=1)


class OpenPromise(NamedTuple):
    """A promise that takes a place in the plan; thousands are sorted in one turn, the one due first first."""

    due: Seconds  # rounded down
    id: int
    not_before: Seconds  # rounded up
    language: str
    where: Whereabouts
    number: str = ""  # the same for promises to the same number, which never ring at once; "" is like no other
    kind: str = ""  # of the case; "": nobody needs a skill for it

    @property
    def due_at(self) -> datetime:
        """The deadline."""
        return datetime.fromtimestamp(self.due, UTC)

    @property
    def not_before_at(self) -> datetime:
        """The first moment at which the customer may be called for it."""
        return datetime.fromtimestamp(self.not_before, UTC)


def open_promise(
    id_: int,
    due_at: datetime,
    not_before_at: datetime,
    language: str,
    where: Whereabouts,
    number: str = "",
    kind: str = "",
) -> OpenPromise:
    """An open promise, from instants."""
    due, not_before = whole_seconds(due_at), whole_seconds(not_before_at, up=True)
    return OpenPromise(due, id_, not_before, language, where, number, kind)


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


_Suits: TypeAlias = tuple[str, str, Whereabouts, Seconds, Seconds]  # language, kind of case, where, due, not before


class Planned:
    """The open promises in a plan, each at the earliest place there was by its deadline, the one due first first.

    A promise that is late already, or that no plan can keep any more, gets the first place that is free: it is called
    before others, so its time is not there for a new promise.
    """

    def __init__(
        self, load: Load, hotline: Hotline, now: datetime, number: str = "", *, latest: datetime | None = None
    ) -> None:
        """Lay out the plan.

        Args:
            load: with the open promises in any order.
            hotline: its rules tell the length of a slot unless `load` does.
            number: the one that a promise more is wanted for.
            latest: a promise more is wanted by then at the latest; None: in the next `LOOK_AHEAD_DAYS`. What lies
                beyond it and beyond every deadline is not laid out, but for `_FOR_THE_LATE`.
        """
        slot = load.slot or one_conversation(hotline.callback)
        self.slot: Final = -(-slot // _MINUTE) * _MINUTE
        self.table: Final = timetable(hotline, load.shifts, now, self.slot, until=_until(load, now, latest))
        self.plan: Final = Plan(self.table.seats)
        self.ids: Final[list[int]] = []  # of the promises, by their number in the plan
        self.late = 0
        self._today = now.date()
        self._rows: dict[tuple[Need, Whereabouts], Row] = {}
        self._windows: dict[_Suits, Window] = {}
        self._ringing: dict[str, set[int]] = {each: set() for each in _twice([number, *(p.number for p in load.open)])}
        self._put_all(sorted(load.open))

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

    def _put_all(self, promises: Iterable[OpenPromise]) -> None:
        plan, windows, ringing = self.plan, self._windows, self._ringing
        for due, id_, not_before, language, where, number, kind in promises:
            key = (language, kind, where, due, not_before)
            window = windows.get(key) or self._window(key)
            if number in ringing:
                found = self._put_apart(window, ringing[number])
            elif (found := plan.put(window)) is None:
                found = plan.put_firmly(window)
            if found is None or plan.place_of[found] >= window.before:
                self.late += 1
            if found is not None:  # else nobody is ever there for it, so it takes nobody's time
                self.ids.append(id_)

    def _put_apart(self, window: Window, ringing: set[int]) -> int | None:
        """One number is not rung twice at once: such a promise gets a slot of its own, and keeps it."""
        width = len(self.table.teams)
        found = self.plan.put_firmly(window, avoid={slot * width + team for slot in ringing for team in range(width)})
        if found is not None:
            ringing.add(self.plan.place_of[found] // width)
        return found

    def _window(self, key: _Suits) -> Window:
        """The places that suit a promise; many promises share theirs."""
        language, kind, where, due, not_before = key
        width = len(self.table.teams)
        first, before = bisect_left(self.table.starts, not_before), bisect_right(self.table.ends, due)
        window = self._row_for(Need(language, kind), where).window(first * width, before * width)
        self._windows[key] = window
        return window

    def _row_for(self, need: Need, where: Whereabouts) -> Row:
        row = self._rows.get((need, where))
        if row is None:
            row = self._rows[need, where] = self._row(need, _lawful(where, self._today))
        return row


def _until(load: Load, now: datetime, latest: datetime | None) -> datetime:
    furthest = now + timedelta(days=LOOK_AHEAD_DAYS)
    if latest is None:
        return furthest
    last_due = max((each.due for each in load.open), default=0)
    return min(furthest, max(latest, now, datetime.fromtimestamp(last_due, UTC)) + _FOR_THE_LATE)


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
