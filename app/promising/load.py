"""What is promised already and who is there to keep it, laid out as a plan that one promise more must fit into."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from app.compliance.whereabouts import Whereabouts
from app.domain.hotline import Hotline, Shift
from app.promising.grid import LOOK_AHEAD_DAYS, Need, grid_of
from app.promising.plan import Plan, Window
from app.promising.spacing import one_conversation
from app.promising.timetable import Seconds, timetable, whole_seconds

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


@dataclass(frozen=True, slots=True)
class Load:
    """What is promised already, and who is there to keep it."""

    open: Sequence[OpenPromise] = ()
    shifts: Sequence[Shift] = ()
    slot: timedelta | None = None  # how long any conversation may last; None: as the hotline's rules say
    urgent: Sequence[OpenPromise] = ()  # those of the open ones that are urgent; only of a hotline with urgent hours


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
        table = timetable(hotline, load.shifts, now, self.slot, until=_until(load, now, latest))
        self._grid = grid_of(table, now.date())
        self.table: Final = self._grid.table
        self.plan: Final = Plan(self.table.seats)
        self.ids: Final[list[int]] = []  # of the promises, by their number in the plan
        self.late_ids: Final[list[int]] = []  # no place was left for them by their deadline
        self._ringing: dict[str, set[int]] = {each: set() for each in _twice([number, *(p[5] for p in load.open)])}
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
        row = self._grid.row(need, spans, without=self._ringing.get(number, ()))
        self.plan.moved.clear()
        found = self.plan.put_earliest(row.window(0, bisect_right(self.table.ends, latest) * len(self.table.teams)))
        if found is None:
            return None
        slot = self.plan.place_of[found] // len(self.table.teams)
        return datetime.fromtimestamp(self.table.ends[slot], UTC)

    def rings_of(self, number: str) -> list[datetime]:
        """When this number is planned to be rung for other promises."""
        return [datetime.fromtimestamp(self.table.starts[slot], UTC) for slot in self._ringing.get(number, ())]

    def _put_all(self, promises: Iterable[OpenPromise]) -> None:
        plan, ringing = self.plan, self._ringing
        windows, find = self._grid.windows, self._grid.window
        put, found_id = plan.put, self.ids.append
        for due, id_, not_before, language, where, number, kind in promises:
            key = (language, kind, where, due, not_before)
            window = windows.get(key) or find(key)
            if number not in ringing and put(window) is not None:
                found_id(id_)
                continue
            found = self._put_apart(window, ringing[number]) if number in ringing else plan.put_firmly(window)
            if found is None or plan.place_of[found] >= window.before:
                self.late_ids.append(id_)
            if found is not None:  # else nobody is ever there for it, so it takes nobody's time
                found_id(id_)

    def _put_apart(self, window: Window, ringing: set[int]) -> int | None:
        """One number is not rung twice at once: such a promise gets a slot of its own, and keeps it."""
        width = len(self.table.teams)
        found = self.plan.put_firmly(window, avoid={slot * width + team for slot in ringing for team in range(width)})
        if found is not None:
            ringing.add(self.plan.place_of[found] // width)
        return found


def _until(load: Load, now: datetime, latest: datetime | None) -> datetime:
    furthest = now + timedelta(days=LOOK_AHEAD_DAYS)
    if latest is None:
        return furthest
    last_due = max((each[0] for each in load.open), default=0)
    return min(furthest, max(latest, now, datetime.fromtimestamp(last_due, UTC)) + _FOR_THE_LATE)


def _twice(numbers: Sequence[str]) -> set[str]:
    if len(set(numbers)) == len(numbers):
        return set()
    return {number for number, times in Counter(numbers).items() if number and times > 1}
