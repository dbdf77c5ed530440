"""Who is called in which slot: a plan that holds every promise, changed only so that it goes on holding them all.

Each promise takes one place for a conversation, in a slot between its first lawful moment and its deadline, at an agent
who speaks its language and handles its kind of case. One more promise gets the earliest place that can be made free by
moving others to places that suit them as well (an augmenting path of a matching, in the order of time). So the earliest
is the earliest that any plan has, nobody who was promised a call loses it, and what was found full once is never
searched again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

Place: TypeAlias = int  # a slot and a team, see `app.promising.timetable.Timetable`

_NEW: Final = -1  # the promise that is looking for a place


class Row:
    """The places for one language and kind of case in the lawful hours of one whereabouts, in order of time.

    It never changes; what a plan learns about it stands in the plan.
    """

    __slots__ = ("places", "positions")

    def __init__(self, places: Sequence[Place]) -> None:
        """Number the places."""
        self.places = places
        self.positions = list(range(len(places) + 1))

    def window(self, first: Place, before: Place) -> Window:
        """The part of the row from one place to before another."""
        return Window(self, bisect_left(self.places, first), bisect_left(self.places, before), before)


class Window(NamedTuple):
    """The places that suit a promise: positions of a row, from `first` to before `last`, which end at `before`."""

    row: Row
    first: int
    last: int
    before: Place


class _Search:
    """What one search for a place has seen."""

    __slots__ = ("came", "covered", "past_dead", "past_seen", "seen")

    def __init__(self, dead: bytearray, past_dead: Mapping[Row, list[int]]) -> None:
        self.seen = bytearray(dead)
        self.past_dead = past_dead
        self.came: dict[Place, int] = {}  # place → the promise that would move to it
        self.past_seen: dict[Row, list[int]] = {}  # position → a later one, past places that were seen
        self.covered: dict[Row, tuple[int, int]] = {}  # positions between which all were seen

    def unseen(self, window: Window) -> Iterator[Place]:
        """The places of the window that were not seen yet, each marked as seen when it is given."""
        row, position, last, _ = window
        past = self.past_seen.get(row)
        if past is None:
            past = self.past_seen[row] = self.past_dead.get(row, row.positions)[:]
        places, seen = row.places, self.seen
        position = _jump(past, position)
        while position < last:
            past[position] = position + 1
            place = places[position]
            if not seen[place]:
                seen[place] = True
                yield place
            position = _jump(past, position + 1)


def _jump(past: list[int], position: int) -> int:
    """The first position from this one on that is not passed over."""
    while (further := past[position]) != position:
        past[position] = past[further]
        position = past[position]
    return position


class Plan:
    """A place for every promise that was put into it."""

    def __init__(self, seats: Sequence[int]) -> None:
        """Begin with nothing planned.

        Args:
            seats: the number of agents by place.
        """
        self.free = list(seats)  # agents by place who have no promise yet
        self.held: defaultdict[Place, list[int]] = defaultdict(list)  # by place: the promises that have it
        self.place_of: list[Place] = []  # by promise
        self.moved: set[int] = set()  # the promises that had to make room
        self._windows: list[Window | None] = []  # None: not to be moved
        self._dead = bytearray(len(seats))
        # By row: position → a later one, past places that are full; the same past places that no moving can free.
        self._past_full: dict[Row, list[int]] = {}
        self._past_dead: dict[Row, list[int]] = {}

    def put(self, window: Window) -> int | None:
        """Take a free place of the window, or have one made free; the promise's number, None if it cannot be."""
        position = self._first_free(window.row, window.first, window.last)
        if position < window.last:
            return self._add(window, window.row.places[position])
        return self.put_earliest(window)

    def put_firmly(self, window: Window, *, avoid: Container[Place] = ()) -> int | None:
        """Take the first free place from the window on, even past its end, and keep it whatever comes.

        Returns:
            The promise's number, None if there is no free place.
        """
        places = window.row.places
        position = self._first_free(window.row, window.first, len(places))
        while position < len(places) and places[position] in avoid:
            position = self._first_free(window.row, position + 1, len(places))
        return self._add(None, places[position]) if position < len(places) else None

    def put_earliest(self, window: Window) -> int | None:
        """Take the earliest place of the window that is free or can be made free.

        Returns:
            The promise's number, None if no plan holds it besides all the others.
        """
        dead = self._past_dead.get(window.row)
        if (window.first if dead is None else _jump(dead, window.first)) >= window.last:
            return None
        search = _Search(self._dead, self._past_dead)
        for start in search.unseen(window):
            search.came[start] = _NEW
            end = self._reach_free(start, search)
            if end is not None:
                return self._move_along(end, search.came, window)
        self._dead = search.seen
        self._past_dead.update(search.past_seen)
        return None

    def _reach_free(self, start: Place, search: _Search) -> Place | None:
        """A free place that a chain of moves leads to from this one; None if there is none."""
        if self.free[start] > 0:
            return start
        waiting, covered, windows = [start], search.covered, self._windows
        while waiting:
            for each in self.held.get(waiting.pop(), ()):
                window = windows[each]
                if window is None:
                    continue
                row, first, last, _ = window
                begin, end = covered.get(row, (first, first))
                if begin <= first and last <= end:
                    continue
                position = self._first_free(row, first, last)
                if position < last:
                    free = row.places[position]
                    search.came[free] = each
                    return free
                for further in search.unseen(window):
                    search.came[further] = each
                    waiting.append(further)
                if first <= end and begin <= last:
                    covered[row] = (min(begin, first), max(end, last))
        return None

    def _move_along(self, end: Place, came: dict[Place, int], window: Window) -> int:
        """Move everybody on the way to their next place, the last one first; the new promise takes the first."""
        place = end
        while (each := came[place]) != _NEW:
            left = self.place_of[each]
            self.held[left].remove(each)
            self.free[left] += 1
            self.free[place] -= 1
            self.held[place].append(each)
            self.place_of[each] = place
            self.moved.add(each)
            place = left
        return self._add(window, place)

    def _add(self, window: Window | None, place: Place) -> int:
        number = len(self.place_of)
        self.place_of.append(place)
        self._windows.append(window)
        self.free[place] -= 1
        self.held[place].append(number)
        return number

    def _first_free(self, row: Row, position: int, last: int) -> int:
        """The position of the first free place; a full place is never free again, so it is passed over for good."""
        past = self._past_full.get(row)
        if past is None:
            past = self._past_full[row] = row.positions[:]
        places, free = row.places, self.free
        if past[position] != position:
            position = _jump(past, position)
        while position < last and free[places[position]] <= 0:
            past[position] = position + 1
            position = _jump(past, position + 1)
        return position
