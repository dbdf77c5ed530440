"""Time that passes quickly: fine steps while somebody talks, leaps while nothing is due."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.cli.virtual_office import VirtualOffice
from app.jobs.ticks import TICKS
from app.models.call import Call, Wait
from app.models.outbox import OutboxItem
from app.models.promise import Attempt, Promise

LONGEST_LEAP = timedelta(hours=3)


def tick(office: VirtualOffice) -> None:
    """Everything the clock does; its sign of life is left out, which nobody looks at here."""
    for each in TICKS:
        if each.name != "heartbeat":
            each.run(office.office)


def run_until_quiet(office: VirtualOffice, *, step: float = 6.0, most: timedelta = timedelta(days=12)) -> None:
    """Let time pass until no call, no promise and no message is left open; at most so long."""
    end = office.clock.now() + most
    came: dict[str, datetime] = {}
    while office.clock.now() < end:
        office.carrier.run(step)
        _tick_in_turn(office, came)
        due = _next_due(office)
        if due is None:
            tick(office)
            return
        leap = min(due, office.clock.now() + LONGEST_LEAP) - office.clock.now()
        office.carrier.run(max(0.0, leap.total_seconds()))


def _tick_in_turn(office: VirtualOffice, came: dict[str, datetime]) -> None:
    """What the clock does as often as it does it in life, which is less often than somebody speaks."""
    now = office.clock.now()
    for each in TICKS:
        last = came.get(each.name)
        if each.name != "heartbeat" and (last is None or (now - last).total_seconds() >= each.seconds):
            came[each.name] = now
            each.run(office.office)


def _next_due(office: VirtualOffice) -> datetime | None:
    """When something is next to be done; now, if somebody is on the line; None, if nothing is left."""
    now = office.clock.now()
    with office.runtime.database.reads() as session:
        busy = sa.select(
            sa.exists().where(Attempt.stage != "ended")
            | sa.exists().where(Wait.ended_at.is_(None))
            | sa.exists().where(Call.settled_at.is_(None))
            | sa.exists().where(OutboxItem.status.in_(("waiting", "sending")), OutboxItem.next_at <= now)
        )
        if session.scalar(busy):
            return now
        due = session.scalar(sa.select(sa.func.min(Promise.next_attempt_at)).where(Promise.status == "open"))
        return None if due is None else max(due, now)
