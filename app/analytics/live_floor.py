"""The floor at this moment: who is on the line, who waits, and who is there to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.telephone import address_of
from app.models.call import Call, TurnRow, Wait
from app.models.promise import Attempt, Promise, is_under_way
from app.models.staff import Staff, can_be_rung
from app.models.vault import Vault

_MOST: Final = 100
_SILENT: Final = timedelta(hours=2)  # a call whose end nobody told is asked about every five minutes until then


@dataclass(frozen=True, slots=True)
class OnTheLine:
    """A call that lasts."""

    call: Call
    caller: str  # E.164; "" when withheld
    node: str  # where the caller is; "" before the first answer
    agent: Staff | None  # who speaks with the caller; None: nobody yet


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody in the queue for a human."""

    wait: Wait
    network_id: str
    caller: str


@dataclass(frozen=True, slots=True)
class Present:
    """An agent, and what they do now."""

    person: Staff
    does: str  # free, unreachable, away, wrap_up, or the stage of the attempt they are in
    since: datetime | None  # office time; None if that is not known


@dataclass(frozen=True, slots=True)
class Floor:
    """Everything at one moment."""

    calls: Sequence[OnTheLine]
    queue: Sequence[Waiting]  # in the order in which they are served
    agents: Sequence[Present]
    open_promises: int
    late_promises: int


def live_floor(session: orm.Session, vault: Vault, *, now: datetime, wall_now: datetime) -> Floor:
    """The floor now; of calls and waiting callers at most a hundred, the longest first.

    Args:
        wall_now: the machine's time, by which a softphone's page is open or closed.
    """
    return Floor(
        _calls(session, vault, now),
        _queue(session, vault),
        _agents(session, wall_now),
        _promises(session, Promise.status == "open"),
        _promises(session, Promise.status == "open", Promise.due_at < now),
    )


def _calls(session: orm.Session, vault: Vault, now: datetime) -> list[OnTheLine]:
    lasting = (Call.settled_at.is_(None), Call.channel == "phone", Call.started_at > now - _SILENT)
    calls = session.scalars(sa.select(Call).where(*lasting).order_by(Call.started_at).limit(_MOST)).all()
    keys = [call.key for call in calls]
    last = (
        sa.select(TurnRow.call_key, sa.func.max(TurnRow.number).label("number"))
        .where(TurnRow.call_key.in_(keys))
        .group_by(TurnRow.call_key)
        .subquery()
    )
    newest = sa.and_(last.c.call_key == TurnRow.call_key, last.c.number == TurnRow.number)
    nodes = {key: node for key, node in session.execute(sa.select(TurnRow.call_key, TurnRow.node).join(last, newest))}  # noqa: C416
    speaking = sa.select(Attempt.wait_key, Staff).join(Staff, Staff.id == Attempt.staff_id)
    spoken = session.execute(speaking.where(Attempt.wait_key.in_(keys), Attempt.stage == "bridged"))
    agents = {key: person for key, person in spoken}  # noqa: C416
    return [OnTheLine(call, _caller(vault, call), nodes.get(call.key, ""), agents.get(call.key)) for call in calls]


def _queue(session: orm.Session, vault: Vault) -> list[Waiting]:
    waiting = (Wait.ended_at.is_(None), Wait.answered_at.is_(None), Wait.status.in_(("waiting", "offered")))
    rows = session.execute(
        sa.select(Wait, Call)
        .join(Call, Call.key == Wait.call_key)
        .where(*waiting)
        .order_by(Wait.urgent.desc(), Wait.joined_at)
        .limit(_MOST)
    )
    return [Waiting(wait, call.network_id, _caller(vault, call)) for wait, call in rows]


def _caller(vault: Vault, call: Call) -> str:
    return str(vault.open(call.caller, f"calls:caller:{call.key}"))


def _agents(session: orm.Session, wall_now: datetime) -> list[Present]:
    people = session.scalars(sa.select(Staff).where(can_be_rung()).order_by(Staff.name)).all()
    attempts = session.scalars(sa.select(Attempt).where(is_under_way(), Attempt.staff_id.is_not(None)))
    under_way = {attempt.staff_id: attempt for attempt in attempts}
    undocumented = session.execute(
        sa.select(Attempt.staff_id, sa.func.max(Attempt.ended_at))
        .where(Attempt.stage == "ended", Attempt.bridged_at.is_not(None), Attempt.wrapped_up_at.is_(None))
        .group_by(Attempt.staff_id)
    )
    wrapping = {staff_id: ended_at for staff_id, ended_at in undocumented}  # noqa: C416
    return [_present(person, under_way.get(person.id), wrapping.get(person.id), wall_now) for person in people]


def _present(person: Staff, attempt: Attempt | None, ended_at: datetime | None, wall_now: datetime) -> Present:
    if attempt is not None:
        return Present(person, attempt.stage, attempt.bridged_at or attempt.dialled_at or attempt.started_at)
    if ended_at is not None and not person.available:
        return Present(person, "wrap_up", ended_at)
    if not person.available:
        return Present(person, "away", person.presence_since)
    return Present(person, "free" if address_of(person, wall_now) else "unreachable", person.presence_since)


def _promises(session: orm.Session, *which: sa.ColumnElement[bool]) -> int:
    return int(session.scalar(sa.select(sa.func.count()).select_from(Promise).where(*which)) or 0)
