"""Who is to be served next, when somebody is free: waiting callers and due promises in one order.

Live callers go first, in their order, so that no callback overtakes who has waited. One promise goes before a caller:
one that was given before the caller came and breaks unless it is tried now, since that customer has waited longer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.call import Wait
from app.models.case import Case
from app.models.promise import Attempt, Promise, is_under_way
from app.models.ready import ask
from app.services.choose_agent import MAY_BE_TRIED, Floor, look_around, values_of_floor
from app.services.shed_overload import OWED, Lengths, Owed, in_order, is_pressing
from app.services.take_turn import Switchboard

_MOST_CALLERS: Final = 200
_MOST_PROMISES: Final = 2_000
"""Rows looked at in one tick. All of them can be tried, so that whatever is behind them comes up in its turn."""


class Caller(NamedTuple):
    """A live caller who waits."""

    call_key: str
    urgent: bool
    joined_at: datetime
    language: str
    kind: str  # of the case; "" while there is none


class Rank(NamedTuple):
    """Those who are to be served, and the people who could be rung for them."""

    floor: Floor
    order: Sequence[Caller | Owed]

    def one_after_the_other(self, taken: set[int]) -> Iterator[Caller | Owed]:
        """Everybody for whom somebody is free at that moment; add to `taken` who was rung."""
        for each in self.order:
            left = [person for person in self.floor.ready if person.id not in taken]
            if not left:
                return
            owners = {each.owner_id, each.case_owner_id} if isinstance(each, Owed) else set()
            has_owner = any(person.id in owners for person in left)
            if has_owner or self.floor.able(each.language, each.kind, left):
                yield each


def who_is_next(board: Switchboard, *, now: datetime, wall_now: datetime, most: int = _MOST_PROMISES) -> Rank:
    """Everybody who could be served now, in order; nobody when no agent is free.

    Args:
        now: office time.
        wall_now: the machine's time, on which claims lapse.
        most: how many promises are looked at.
    """
    with board.database.reads() as session:
        floor = look_around(session, now=now)
        if not floor.ready:
            return Rank(floor, ())
        owed = _due_promises(session, floor, now, wall_now, most)
        lengths = Lengths.at(board, session, now)
        ordered = in_order(owed, floor, lengths, now=now, coming=partial(_coming, session, now)) if owed else []
        return Rank(floor, _merged(_waiting_callers(session), ordered, lengths, now))


_KIND_OF_CALL: Final = sa.select(Case.kind).where(Case.call_key == Wait.call_key).order_by(Case.id.desc()).limit(1)
_WAITING: Final = (
    sa.select(Wait.call_key, Wait.urgent, Wait.joined_at, Wait.language, _KIND_OF_CALL.scalar_subquery())
    .where(Wait.status == "waiting")
    .order_by(Wait.urgent.desc(), Wait.joined_at)
    .limit(_MOST_CALLERS)
)
_DUE: Final = (
    sa.select(*OWED)
    .join(Case, Case.id == Promise.case_id)
    .where(
        Promise.status == "open",
        Promise.next_attempt_at <= sa.bindparam("now"),
        sa.or_(Promise.claimed_until.is_(None), Promise.claimed_until < sa.bindparam("wall_now")),
        ~sa.exists().where(Attempt.phone_index == Promise.phone_index, is_under_way()),
        MAY_BE_TRIED,
    )
    .order_by(Promise.urgent.desc(), Promise.latest_start_at, Promise.due_at, Promise.id)
    .limit(sa.bindparam("most", type_=sa.Integer()))
)

_COMING: Final = (
    sa.select(*OWED)
    .join(Case, Case.id == Promise.case_id)
    .where(
        Promise.status == "open",
        Promise.next_attempt_at > sa.bindparam("now"),
        Promise.next_attempt_at < sa.bindparam("before"),
    )
    .order_by(Promise.next_attempt_at)
    .limit(_MOST_PROMISES)
)


def _waiting_callers(session: orm.Session) -> list[Caller]:
    return [Caller._make([*row[:-1], row[-1] or ""]) for row in ask(session, _WAITING)]


def _due_promises(session: orm.Session, floor: Floor, now: datetime, wall_now: datetime, most: int) -> list[Owed]:
    values = values_of_floor(floor, now)
    return [Owed._make(row) for row in ask(session, _DUE, now=now, wall_now=wall_now, most=most, **values)]


def _coming(session: orm.Session, now: datetime, before: datetime) -> list[Owed]:
    return [Owed._make(row) for row in ask(session, _COMING, now=now, before=before)]


def _merged(
    callers: Sequence[Caller], promises: Sequence[Owed], lengths: Lengths, now: datetime
) -> list[Caller | Owed]:
    if not callers:
        return list(promises)
    pressing = [each for each in promises if is_pressing(each, lengths.of(each.hotline, each.kind), now)]
    order: list[Caller | Owed] = []
    for caller in callers:
        before = [each for each in pressing if each.made_at < caller.joined_at and each.urgent >= caller.urgent]
        order += before
        pressing = [each for each in pressing if each not in before]
        order.append(caller)
    placed = {each.id for each in order if isinstance(each, Owed)}
    return order + [each for each in promises if each.id not in placed]
