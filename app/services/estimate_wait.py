"""How long a caller in the queue will probably wait: told honestly, so that they can choose a promise instead (S13)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.hotline import RecallQueue
from app.domain.waiting import Turn, turn_of
from app.models.call import Wait
from app.models.case import kind_of_wait
from app.models.promise import Attempt, is_under_way
from app.models.ready import ask, ask_one
from app.models.staff import Staff, own_people, serving


class Outlook(NamedTuple):
    """What somebody who waits can expect."""

    place: int  # 1 for the next one
    minutes: int  # the likely wait; 0 when somebody is free for this caller
    has_own_people: bool  # the queue is one of its own, and its people are on duty


def estimate_wait(session: orm.Session, wait: Wait, rules: RecallQueue, handling: timedelta) -> Outlook:
    """The place of a caller, and the likely wait.

    A queue of its own whose people are on duty is counted by itself; otherwise everybody is served by the same people.
    Who is free counts in the first round only: whoever still waits after it has not been helped by that.

    Args:
        handling: how long one conversation takes.
    """
    kind = kind_of_wait(session, wait)
    own = own_people(session, wait.language, "recall") if rules.callers != "none" else []
    place = 1 + _ahead(session, wait, rules, is_apart=bool(own))
    has_own = wait.own_queue is not None and bool(own)
    on_duty = own if has_own else serving(session, wait.language, kind, on_duty=True)
    ahead = place - (len(on_duty) - _talking(session, on_duty) if wait.heard == 0 else 0)
    if ahead <= 0:
        return Outlook(place, 0, has_own)
    minutes = round(min(ahead, place) * handling.total_seconds() / 60 / max(1, len(on_duty)))
    return Outlook(place, max(1, minutes), has_own)


_OTHERS: Final = sa.select(Wait.urgent, Wait.joined_at, Wait.own_queue).where(
    Wait.hotline == sa.bindparam("hotline"),
    Wait.status.in_(("waiting", "offered")),
    Wait.call_key != sa.bindparam("call_key"),
)


def _ahead(session: orm.Session, wait: Wait, rules: RecallQueue, *, is_apart: bool) -> int:
    def turn(urgent: bool, joined_at: datetime, own_queue: str | None) -> Turn:
        return turn_of(urgent=urgent, joined_at=joined_at, goes="with" if own_queue is None else rules.goes)

    mine = turn(wait.urgent, wait.joined_at, wait.own_queue)
    others = ask(session, _OTHERS, hotline=wait.hotline, call_key=wait.call_key)
    return sum(
        turn(urgent, joined_at, own_queue) < mine
        for urgent, joined_at, own_queue in others
        if urgent or not is_apart or own_queue == wait.own_queue
    )


_BUSY: Final = sa.select(sa.func.count(Attempt.id)).where(
    is_under_way(),
    sa.or_(Attempt.promise_id.is_not(None), Attempt.stage == "bridged"),
    Attempt.staff_id.in_(sa.bindparam("people", expanding=True)),
)


def _talking(session: orm.Session, people: list[Staff]) -> int:
    """How many of them are busy with a customer; one who is only being rung for the queue is still to be had."""
    return int(ask_one(session, _BUSY, people=[each.id for each in people]))
