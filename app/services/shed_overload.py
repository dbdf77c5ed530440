"""Too many promises for the staff on duty: which of them are served after the others, and which nobody can keep."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from app.compliance.whereabouts import read_whereabouts
from app.domain.business_hours import opening_spans
from app.models.case import Case
from app.models.handling import measured_seconds
from app.models.promise import Promise
from app.models.ready import ask
from app.models.reminder import Forewarning
from app.promising.grid import lawful_hours
from app.promising.handling import handling_time, usual_time
from app.promising.overload import Call, Hours, Order, Places, in_common, order_of, united
from app.promising.spacing import effort, last_first_ring, until_both_speak
from app.services.choose_agent import Floor, look_around
from app.services.take_turn import Switchboard

MOST: Final = 2_000
"""Promises looked at in one tick."""

_ALWAYS: Final = "always"  # the hours of safety matters
_LAST_MOMENT: Final = timedelta(minutes=2)
"""Office time that is left beyond one more conversation."""

_TIME_TO_ANSWER: Final = timedelta(minutes=20)
"""Office time from the word that it may be late; who has not agreed to another time by then counts on the first."""


class Owed(NamedTuple):
    """An open promise, as far as dispatching looks at it."""

    id: int
    urgent: bool
    latest_start_at: datetime
    due_at: datetime
    next_attempt_at: datetime
    made_at: datetime
    hotline: str
    language: str
    kind: str
    phone_index: str
    owner_id: int | None
    case_owner_id: int | None
    whereabouts: str | None  # where the customer may be, as written; None: not written down
    told_at: datetime | None  # that it may be late, without having agreed to another time; None: not told


_TOLD_AT: Final = sa.select(Forewarning.foreseen_at).where(Forewarning.promise_id == Promise.id)
OWED = (
    Promise.id, Promise.urgent, Promise.latest_start_at, Promise.due_at, Promise.next_attempt_at, Promise.made_at,
    Promise.hotline, Promise.language, Case.kind, Promise.phone_index, Promise.owner_id, Case.owner_id,
    Promise.whereabouts, _TOLD_AT.scalar_subquery(),
)  # fmt: skip
"""The columns of `Owed`; the query joins promises with their cases."""


class Length(NamedTuple):
    """What one conversation takes, in seconds."""

    reach: float  # from the ring at the agent's until agent and customer speak
    usual: float  # from then to the end of the wrap-up, on average
    planned: float  # the same, of nine in ten

    @property
    def effort(self) -> float:
        """What one customer takes of an agent on average, with the rings in vain."""
        return effort(self.reach, self.usual)


@dataclass(slots=True)
class Lengths:
    """How long conversations take, by hotline and kind of case: as measured, or as the hotline file says."""

    board: Switchboard
    session: orm.Session
    now: datetime
    _known: dict[tuple[str, str], Length]

    @classmethod
    def at(cls, board: Switchboard, session: orm.Session, now: datetime) -> Lengths:
        """Those that hold now."""
        return cls(board, session, now, {})

    def of(self, hotline: str, kind: str) -> Length:
        """Of a matter of this hotline and kind."""
        key = (hotline, kind)
        if key not in self._known:
            rules = self.board.hotline_named(hotline).callback
            measured = measured_seconds(self.session, hotline, now=self.now).get(kind, ())
            self._known[key] = Length(
                until_both_speak(rules).total_seconds(),
                usual_time(measured, rules.handling).total_seconds(),
                handling_time(measured, rules.handling).total_seconds(),
            )
        return self._known[key]


class _Calling:
    """What the plan of `app.promising.overload` wants to know of promises, people and hours."""

    def __init__(self, owed: Sequence[Owed], floor: Floor, lengths: Lengths, now: datetime) -> None:
        self._owed, self._floor, self._lengths, self._now = owed, floor, lengths, now
        self._people: dict[tuple[tuple[str, ...], tuple[str, ...]], set[int]] = {}
        for person in floor.on_duty:
            self._people.setdefault((tuple(person.languages), tuple(person.skills)), set()).add(person.id)
        self._teams: dict[tuple[str, str], tuple[int, ...]] = {}
        self._opening: dict[str, Hours] = {}
        self._until = max(each.due_at for each in owed)

    def calls(self) -> list[Call]:
        """The promises, as calls that are owed."""
        return [self._call(each) for each in self._owed]

    def places(self) -> Places:
        """Who is there from now on, and when each customer may be called."""
        at, until = self._now.timestamp(), self._until.timestamp()
        hours: dict[Hashable, Hours] = {_ALWAYS: ((at, until),)}
        for name, where in {(each.hotline, each.whereabouts) for each in self._owed}:
            hours[name, where] = self._may_be_called(name, where)
        opening = [span for name in {each.hotline for each in self._owed} for span in self._open(name)]
        staffed = united([(at, at + 1), *opening])
        return Places(staffed, [len(ids) for ids in self._people.values()], hours)

    def _call(self, each: Owed) -> Call:
        length = self._lengths.of(each.hotline, each.kind)
        first = each.next_attempt_at.timestamp()
        last = each.due_at.timestamp() - length.reach
        return Call(
            each.id,
            (each.latest_start_at.timestamp(), each.due_at.timestamp(), each.id),
            last_first_ring(last, max(first, self._now.timestamp())),
            length.effort,
            _ALWAYS if each.urgent else (each.hotline, each.whereabouts),
            self._able(each.language, each.kind),
            each.urgent,
            first,
            each.told_at is not None and each.told_at <= self._now - _TIME_TO_ANSWER,
        )

    def _able(self, language: str, kind: str) -> tuple[int, ...]:
        matter = (language, kind)
        if matter not in self._teams:
            able = {person.id for person in self._floor.able(language, kind, self._floor.on_duty)}
            self._teams[matter] = tuple(n for n, ids in enumerate(self._people.values()) if ids & able)
        return self._teams[matter]

    def _open(self, name: str) -> Hours:
        if name not in self._opening:
            days = (self._until - self._now).days + 2
            spans = opening_spans(self._lengths.board.hotline_named(name), self._now, days)
            self._opening[name] = [(span.start.timestamp(), span.end.timestamp()) for span in spans]
        return self._opening[name]

    def _may_be_called(self, name: str, where: str | None) -> Hours:
        if not where:  # of an older version: the opening hours are all that is known
            return self._open(name)
        return in_common(self._open(name), lawful_hours(read_whereabouts(where), self._now.date()))


def is_pressing(owed: Owed, length: Length, now: datetime) -> bool:
    """Whether it can still be kept, but perhaps no more once whoever is free has held one more conversation."""
    left = (owed.due_at - now).total_seconds() - length.reach
    return 0 <= left <= length.planned + _LAST_MOMENT.total_seconds()


def _plan(known: Sequence[Owed], floor: Floor, lengths: Lengths, now: datetime) -> Order:
    calling = _Calling(known, floor, lengths, now)
    return order_of(calling.calls(), calling.places())


_OPEN: Final = (
    sa.select(*OWED)
    .join(Case, Case.id == Promise.case_id)
    .where(Promise.status == "open")
    .order_by(Promise.due_at)
    .limit(MOST)
)


def given_up(
    session: orm.Session, lengths: Lengths, waiting: int, *, now: datetime, wall_now: datetime
) -> set[int] | None:
    """The promises for which the plan of who is called next has no place in time.

    Args:
        waiting: how many of those that fall due soon could be called now, as far as the customer goes.
        now: office time.
        wall_now: the machine's time.

    Returns:
        None while somebody is free for everybody who waits, or nobody is there, and so no plan is made.
    """
    floor = look_around(session, now=now, wall_now=wall_now) if waiting else None
    if floor is None or not floor.on_duty or waiting <= len(floor.ready):
        return None
    return set(_plan([Owed._make(row) for row in ask(session, _OPEN)], floor, lengths, now).late)


def in_order(
    owed: Sequence[Owed],
    floor: Floor,
    lengths: Lengths,
    *,
    now: datetime,
    coming: Callable[[datetime], Sequence[Owed]] = lambda _: (),
) -> list[Owed]:
    """Who is served first: safety matters, then the least slack; in overload so that the fewest promises break.

    Slack is what is left before the attempts no longer all fit. What breaks unless it is tried now goes before what
    would only lose one of several attempts. In overload a plan of the lawful hours that are left says whose turn it is,
    see `app.promising.overload`: everybody on duty counts as free from now on, and every conversation as taking the
    usual time. Those who may not be called yet have their places in it, since their hours will be short too.

    Args:
        coming: asked, when somebody must wait, for the promises that can be tried later than now, before an instant.
    """

    def by_slack(each: Owed) -> tuple[bool, bool, datetime, datetime, int]:
        pressing = is_pressing(each, lengths.of(each.hotline, each.kind), now)
        return not each.urgent, not pressing, each.latest_start_at, each.due_at, each.id

    if len(owed) <= len(floor.ready):
        return sorted(owed, key=by_slack)
    order = _plan([*owed, *coming(max(each.due_at for each in owed))], floor, lengths, now)
    if not order.late:
        return sorted(owed, key=by_slack)
    turn = {id_: number for number, id_ in enumerate((*order.kept, *order.late))}
    return sorted(owed, key=lambda each: (not each.urgent, turn[each.id]))
