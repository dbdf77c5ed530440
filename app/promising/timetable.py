"""The slots of the coming days: how many conversations can be held at the same time, by whom.

A slot is as long as any conversation may last, and lies whole in the opening hours and in an agent's shift, so nothing
is ever interrupted. Slots are counted from the moment the hotline opens and not from the moment somebody asks: two who
ask at different times see the same ones, and a plan that was made stays a plan as time goes by.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, TypeAlias

from app.domain.business_hours import hours_on_duty, opening_spans
from app.domain.competence import best_for
from app.domain.hotline import Hotline, Shift
from app.domain.spans import Span, spans_from

Seconds: TypeAlias = int  # since 1970, UTC: thousands of them are compared in one turn

_BACK = timedelta(days=2)  # the present opening began within it


class Team(NamedTuple):
    """Agents who speak the same languages and handle the same kinds of case; in order of the alphabet."""

    languages: tuple[str, ...]
    skills: tuple[str, ...] = ()  # none: every kind

    @property
    def breadth(self) -> tuple[bool, int, int]:
        """By which those who can do least come first, so that who can do more is left for others."""
        return not self.skills, len(self.skills), len(self.languages)


def team_of(shift: Shift) -> Team:
    """The team that the people of a shift belong to."""
    return Team(tuple(sorted(shift.languages)), tuple(sorted(shift.skills)))


@dataclass(frozen=True, slots=True)
class Timetable:
    """Slots in order of time; in each of them every team has so many agents.

    A place is a slot and a team, as one number: `slot * len(teams) + team`.
    """

    starts: Sequence[Seconds]
    ends: Sequence[Seconds]
    teams: Sequence[Team]  # who can do least comes first
    seats: Sequence[int]  # agents by place

    def teams_for(self, language: str, kind: str = "") -> list[int]:
        """The teams who can serve a language and a kind of case, see `app.domain.competence.best_for`."""
        best = set(best_for(self.teams, language, kind))
        return [number for number, team in enumerate(self.teams) if team in best]

    def slots_within(self, spans: Iterable[tuple[Seconds, Seconds]]) -> list[tuple[int, int]]:
        """The runs of slots that lie whole in one of the ordered spans; from one number to before another."""
        runs = []
        for start, end in spans:
            first, last = bisect_left(self.starts, start), bisect_right(self.ends, end)
            if first < last:
                runs.append((first, last))
        return runs


def timetable(
    hotline: Hotline, shifts: Sequence[Shift], now: datetime, slot: timedelta, *, until: datetime
) -> Timetable:
    """The slots that begin from `now` on and before `until`.

    Args:
        slot: how long one lasts; whole seconds.
    """
    since = now - _BACK
    days = (until - since).days + 2
    length = round(slot.total_seconds())
    earliest, latest = whole_seconds(now, up=True), whole_seconds(until)
    starts: list[Seconds] = []
    for span in opening_spans(hotline, since, days):
        at, end = whole_seconds(span.start, up=True), whole_seconds(span.end)
        begins = range(at, end - length + 1, length)
        starts.extend(begins[bisect_left(begins, earliest) : bisect_left(begins, latest)])
    teams = sorted(set(map(team_of, shifts)), key=lambda team: (team.breadth, team))
    table = Timetable(starts, [at + length for at in starts], teams, [0] * (len(starts) * len(teams)))
    return _with_seats(table, hotline, shifts, since, days)


def whole_seconds(at: datetime, *, up: bool = False) -> Seconds:
    """The second at or before an instant; at or after it with `up`."""
    seconds = at.timestamp()
    return -int(-seconds // 1) if up else int(seconds // 1)


def pairs(spans: Iterable[Span]) -> list[tuple[Seconds, Seconds]]:
    """Ordered spans in seconds, those that adjoin made one."""
    made: list[tuple[Seconds, Seconds]] = []
    for span in spans:
        start, end = whole_seconds(span.start, up=True), whole_seconds(span.end)
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], end)
        else:
            made.append((start, end))
    return made


def _with_seats(table: Timetable, hotline: Hotline, shifts: Sequence[Shift], since: datetime, days: int) -> Timetable:
    seats, width = list(table.seats), len(table.teams)
    for shift in shifts:
        team = table.teams.index(team_of(shift))
        if shift.hours is None and shift.from_on is None and shift.until_on is None:
            runs = [(0, len(table.starts))]
        else:
            runs = table.slots_within(pairs(_on_duty(shift, hotline, since, days)))
        for first, last in runs:
            for place in range(first * width + team, last * width, width):
                seats[place] += shift.people
    return Timetable(table.starts, table.ends, table.teams, seats)


def _on_duty(shift: Shift, hotline: Hotline, since: datetime, days: int) -> Iterable[Span]:
    return spans_from(lambda day: hours_on_duty(hotline, shift, day), hotline.zone, since, days)
