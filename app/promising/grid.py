"""The places of a timetable that suit a promise, found once for all the plans that are laid out on that timetable.

Nothing here knows what is promised: a grid follows from the timetable, the day and the law alone. So a plan may take
over what one before it has found, whatever was promised, kept or moved in between.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Container, Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from app.compliance.calling_hours import lawful_spans
from app.compliance.whereabouts import Whereabouts
from app.domain.errors import LawUnknown
from app.promising.plan import Row, Window
from app.promising.timetable import Seconds, Timetable, pairs

LOOK_AHEAD_DAYS: Final = 21
_KEPT: Final = 16  # grids: a new one for each slot that begins
_MOST_WINDOWS: Final = 50_000

Suits: TypeAlias = tuple[str, str, Whereabouts, Seconds, Seconds]  # language, kind of case, where, due, not before


class Need(NamedTuple):
    """What the agent who calls must be able to do."""

    language: str
    kind: str = ""  # of the case; "": any will do


class Grid:
    """What suits whom in one timetable on one day."""

    def __init__(self, table: Timetable, today: date) -> None:
        """Begin with nothing looked for."""
        self.table: Final = table
        self.windows: Final[dict[Suits, Window]] = {}  # those that `window` has found
        self._today = today
        self._rows: dict[tuple[str, str, Whereabouts], Row] = {}
        self._befores: dict[Seconds, int] = {}

    def window(self, suits: Suits) -> Window:
        """The places that suit a promise; many promises share theirs."""
        language, kind, where, due, not_before = suits
        starts, width = self.table.starts, len(self.table.teams)
        before = self._befores.get(due)
        if before is None:
            before = self._befores[due] = bisect_right(self.table.ends, due) * width
        row = self._rows.get((language, kind, where))
        if row is None:
            row = self._rows[language, kind, where] = self.row(Need(language, kind), lawful_hours(where, self._today))
        first = bisect_left(starts, not_before) * width if not_before else 0
        if len(self.windows) >= _MOST_WINDOWS:
            self.windows.clear()
        self.windows[suits] = window = row.window(first, before)
        return window

    def row(self, need: Need, spans: Iterable[tuple[Seconds, Seconds]], without: Container[int] = ()) -> Row:
        """The places at which a need can be served in these spans, but for some slots."""
        width, seats = len(self.table.teams), self.table.seats
        teams = self.table.teams_for(*need)
        runs = self.table.slots_within(spans)
        slots = (slot for first, last in runs for slot in range(first, last) if slot not in without)
        return Row([place for slot in slots for team in teams if seats[place := slot * width + team]])


_grids: OrderedDict[tuple[date, Seconds, int], Grid] = OrderedDict()
_lock = threading.Lock()


def grid_of(table: Timetable, today: date) -> Grid:
    """The grid of a timetable; the same as before if nothing of the timetable is different."""
    key = (today, table.starts[0] if table.starts else 0, len(table.seats))
    with _lock:
        known = _grids.get(key)
        if known is None or known.table != table:
            known = _grids[key] = Grid(table, today)
        _grids.move_to_end(key)
        while len(_grids) > _KEPT:
            _grids.popitem(last=False)
    return known


@lru_cache(maxsize=1024)
def lawful_hours(where: Whereabouts, day: date) -> tuple[tuple[Seconds, Seconds], ...]:
    """When somebody may be called from the day before on; never under a law we do not know."""
    since = datetime.combine(day, time(), UTC) - timedelta(days=1)
    try:
        return tuple(pairs(lawful_spans(where, since, days=LOOK_AHEAD_DAYS + 3)))
    except LawUnknown:
        return ()
