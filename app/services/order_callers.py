"""Callers who wait for a human, in their order: who is in danger, then who came first.

Those in a queue of their own (P11) are served by its people before anybody else. People of the other queue serve them
too: at the place that the hotline gives that queue while none of its own people is on duty, else when nobody else
waits and no promise is due.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.waiting import Turn, turn_of
from app.models.call import Call, Wait
from app.models.case import Case
from app.models.ready import ask
from app.services.choose_agent import Floor
from app.services.take_turn import Switchboard

_MOST: Final = 200  # rows looked at in one tick


class Caller(NamedTuple):
    """A live caller who waits."""

    call_key: str
    hotline: str
    urgent: bool
    joined_at: datetime
    language: str
    own_queue: str | None  # the kind of case whose queue they wait in; None: the usual queue
    is_rung: bool  # a campaign rang them: no promise is broken for that
    kind: str  # of the case; "" while there is none
    by_own_people: bool = False  # at this place only people of their own queue may be rung


class Callers(NamedTuple):
    """Who waits, in order; whoever waits in a queue of their own may stand here twice."""

    first: Sequence[Caller]  # before promises that can wait
    last: Sequence[Caller]  # once nobody else is to be served


_NEWEST_KIND: Final = sa.select(Case.kind).where(Case.call_key == Wait.call_key).order_by(Case.id.desc()).limit(1)
_ASKED_KIND: Final = sa.select(Case.kind).where(Case.id == Wait.case_id)
_KIND: Final = sa.func.coalesce(Wait.own_queue, _ASKED_KIND.scalar_subquery(), _NEWEST_KIND.scalar_subquery(), "")
_WAITING: Final = (
    sa.select(
        Wait.call_key, Wait.hotline, Wait.urgent, Wait.joined_at, Wait.language, Wait.own_queue,
        Call.rung_by.is_not(None), _KIND,
    )
    .join(Call, Call.key == Wait.call_key)
    .where(Wait.status == "waiting")
    .order_by(Wait.urgent.desc(), Wait.joined_at)
    .limit(_MOST)
)  # fmt: skip


def waiting_callers(board: Switchboard, session: orm.Session, floor: Floor) -> Callers:
    """Everybody who waits, and for whom somebody could be rung now."""
    waiting = [Caller(*row) for row in ask(session, _WAITING)]
    if not any(each.own_queue for each in waiting):
        return Callers(waiting, ())
    own, turns, last = [], [], []
    for each in waiting:
        if each.own_queue is None:
            turns.append((turn_of(urgent=each.urgent, joined_at=each.joined_at), each))
            continue
        if floor.own(each.language, each.own_queue):
            own.append(each._replace(by_own_people=True))
        if floor.own(each.language, each.own_queue, floor.on_duty):
            last.append(each)
        else:
            goes = board.hotline_named(each.hotline).queue.recall.goes
            turns.append((turn_of(urgent=each.urgent, joined_at=each.joined_at, goes=goes), each))
    urgent = [each for _, each in turns if each.urgent]
    return Callers([*urgent, *own, *(each for each in _sorted(turns) if not each.urgent)], last)


def _sorted(turns: Iterable[tuple[Turn, Caller]]) -> list[Caller]:
    return [each for _, each in sorted(turns, key=lambda pair: pair[0])]
