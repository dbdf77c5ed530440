"""How long a caller in the queue will probably wait: told honestly, so that they can choose a promise instead (S13)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.call import Wait
from app.models.case import kind_of_call
from app.models.promise import Attempt, is_under_way
from app.models.ready import ask_one
from app.models.staff import people


def estimate_wait(session: orm.Session, wait: Wait, place: int, handling: timedelta) -> int:
    """The likely wait in minutes; 0 when somebody is free for this caller.

    Who is free counts in the first round only: whoever still waits after it has not been helped by that.

    Args:
        place: 1 for the next one.
        handling: how long one conversation takes.
    """
    on_duty = people(session, wait.language, kind_of_call(session, wait.call_key), on_duty=True)
    ahead = place - (on_duty - _talking(session) if wait.heard == 0 else 0)
    if ahead <= 0:
        return 0
    return max(1, round(min(ahead, place) * handling.total_seconds() / 60 / max(1, on_duty)))


_BUSY: Final = sa.select(sa.func.count(Attempt.id)).where(
    is_under_way(), sa.or_(Attempt.promise_id.is_not(None), Attempt.stage == "bridged")
)


def _talking(session: orm.Session) -> int:
    """How many agents are busy with a customer; one who is only being rung for the queue is still to be had."""
    return int(ask_one(session, _BUSY))
