"""The numbers for a wall: how the floor stands at this moment, and nothing about anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import orm

from app.analytics.call_log import LogFilter
from app.analytics.figures import Compared, service_level
from app.analytics.live_floor import live_floor
from app.analytics.promise_figures import promises
from app.domain.periods import NAMED
from app.models.promise import Promise
from app.models.vault import Vault


@dataclass(frozen=True, slots=True)
class Wallboard:
    """All that a wallboard shows; shares from 0 to 1, None where nothing was counted yet."""

    on_the_line: int
    waiting: int
    longest_wait: timedelta | None  # None: nobody waits
    free: int
    agents: int
    open_promises: int
    late_promises: int
    next_due_at: datetime | None  # of the promises that are not late yet; None: there is none
    answered_in_time: float | None  # today, as in the figures
    kept_in_time: float | None  # today, as in the figures


def wallboard(session: orm.Session, vault: Vault, zone: ZoneInfo, *, now: datetime, wall_now: datetime) -> Wallboard:
    """How the floor stands now, by the same definitions as the floor and the figures of today.

    Args:
        wall_now: the machine's time, by which a softphone's page is open or closed.
    """
    floor = live_floor(session, vault, now=now, wall_now=wall_now)
    today = Compared(LogFilter(*NAMED["today"](now.astimezone(zone).date()).instants(zone)), None)
    next_due = sa.select(sa.func.min(Promise.due_at)).where(Promise.status == "open", Promise.due_at >= now)
    return Wallboard(
        on_the_line=len(floor.calls),
        waiting=len(floor.queue),
        longest_wait=max((now - each.wait.joined_at for each in floor.queue), default=None),
        free=sum(each.does == "free" for each in floor.agents),
        agents=len(floor.agents),
        open_promises=floor.open_promises,
        late_promises=floor.late_promises,
        next_due_at=session.scalar(next_due),
        answered_in_time=service_level(session, today, now=now).share,
        kept_in_time=promises(session, today, now=now).share,
    )
