"""Who is to be served next, when somebody is free: waiting callers and due promises in one order.

Live callers go first, in their order, so that no callback overtakes who has waited. One promise goes before a caller:
one that was given before the caller came and breaks unless it is tried now, since that customer has waited longer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.case import Case
from app.models.promise import Attempt, Promise, is_under_way
from app.models.ready import ask
from app.services.choose_agent import MAY_BE_TRIED, Floor, Person, look_around, values_of_floor
from app.services.order_callers import Caller, Callers, waiting_callers
from app.services.shed_overload import MOST, OWED, Lengths, Owed, in_order, is_pressing
from app.services.take_turn import Switchboard


class Rank(NamedTuple):
    """Those who are to be served, and the people who could be rung for them."""

    floor: Floor
    order: Sequence[Caller | Owed]

    def one_after_the_other(self, taken: set[int]) -> Iterator[Caller | Owed]:
        """Everybody for whom somebody is free at that moment; add to `taken` who was rung."""
        rung: set[str] = set()
        for each in self.order:
            left = [person for person in self.floor.ready if person.id not in taken]
            if not left:
                return
            if isinstance(each, Owed):
                if self._for_promise(each, left):
                    yield each
            elif each.call_key not in rung and self._for_caller(each, left):
                before = len(taken)
                yield each
                rung |= {each.call_key} if len(taken) > before else set()

    def _for_promise(self, owed: Owed, left: Collection[Person]) -> bool:
        is_owner_there = any(person.id in (owed.owner_id, owed.case_owner_id) for person in left)
        return is_owner_there or bool(self.floor.able(owed.language, owed.kind, left))

    def _for_caller(self, caller: Caller, left: Collection[Person]) -> bool:
        able = self.floor.own if caller.by_own_people else self.floor.able
        return bool(able(caller.language, caller.kind, left))


def who_is_next(board: Switchboard, *, now: datetime, wall_now: datetime, most: int = MOST) -> Rank:
    """Everybody who could be served now, in order; nobody when no agent is free.

    Args:
        now: office time.
        wall_now: the machine's time, on which claims lapse.
        most: how many promises are looked at; all can be tried, so what is behind them comes up in its turn.
    """
    with board.database.reads.begin() as session:
        floor = look_around(session, now=now, wall_now=wall_now)
        if not floor.ready:
            return Rank(floor, ())
        owed = _due_promises(session, floor, now, wall_now, most)
        lengths = Lengths.at(board, session, now)
        ordered = in_order(owed, floor, lengths, now=now, coming=partial(_coming, session, now)) if owed else []
        return Rank(floor, _merged(waiting_callers(board, session, floor), ordered, lengths, now))


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
    .limit(MOST)
)


def _due_promises(session: orm.Session, floor: Floor, now: datetime, wall_now: datetime, most: int) -> list[Owed]:
    values = values_of_floor(floor, now)
    return [Owed._make(row) for row in ask(session, _DUE, now=now, wall_now=wall_now, most=most, **values)]


def _coming(session: orm.Session, now: datetime, before: datetime) -> list[Owed]:
    return [Owed._make(row) for row in ask(session, _COMING, now=now, before=before)]


def _merged(callers: Callers, promises: Sequence[Owed], lengths: Lengths, now: datetime) -> list[Caller | Owed]:
    """Everybody in one order; no promise is broken for somebody whom a campaign rang, whenever it was given."""
    if not callers.first:
        return [*promises, *callers.last]
    pressing = [each for each in promises if is_pressing(each, lengths.of(each.hotline, each.kind), now)]
    order: list[Caller | Owed] = []
    for caller in callers.first:
        before = [
            each
            for each in pressing
            if (caller.is_rung or each.made_at < caller.joined_at) and each.urgent >= caller.urgent
        ]
        order += before
        pressing = [each for each in pressing if each not in before]
        order.append(caller)
    placed = {each.id for each in order if isinstance(each, Owed)}
    return [*order, *(each for each in promises if each.id not in placed), *callers.last]
