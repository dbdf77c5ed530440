"""The hot path's two statements: read a call's newest turn, append the next one.

`turns` is append-only with the key (call, number), so that appending is also the check that nobody else has answered
this turn: a replay, a second delivery or another process finds the row there and answers the same, byte for byte.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.ivr.turn import Known, Position
from app.models.call import TurnRow
from app.models.engines import Database
from app.models.erased import is_erased
from app.models.found import find_all
from app.models.vault import Vault

_REMEMBERED: Final = 2_000
"""Calls whose place is kept in memory, some kilobytes each; more than one process ever has under way."""


@dataclass(frozen=True, slots=True)
class Place:
    """A call's newest turn: where it stands and what was answered."""

    number: int
    position: Position
    wait: str  # the kind of wait the caller is in: Gather, Record, Queue, Hangup
    network_id: str  # of the caller's leg; a request about another call does not belong here
    document: str


@dataclass(frozen=True, slots=True)
class NewTurn:
    """A turn about to be appended."""

    call_key: str
    number: int
    at: datetime
    position: Position
    heard: dict[str, Any]
    wait: str
    network_id: str
    document: str
    told: tuple[Known, ...] = ()  # what the office answered to each ask, in order


class TurnStore:
    """Turns of all calls, sealed at rest.

    The places of calls that this process answered last are remembered. Rows never change and numbers have no gap, so
    a remembered place that is not the newest any more betrays itself: appending the turn after it changes nothing.
    """

    def __init__(self, database: Database, vault: Vault) -> None:
        """Prepare the two statements in the database's own parameter style."""
        self._database = database
        self._vault = vault
        self._remembered: OrderedDict[str, Place] = OrderedDict()
        self._lock = Lock()
        mark = "?" if database.is_sqlite else "%s"
        self._is_sqlite = database.is_sqlite
        self._newest = f"SELECT number, sealed FROM turns WHERE call_key = {mark} ORDER BY number DESC LIMIT 1"  # noqa: S608
        self._one = f"SELECT number, sealed FROM turns WHERE call_key = {mark} AND number = {mark}"  # noqa: S608
        self._append = (
            f"INSERT INTO turns (call_key, number, at, node, sealed) VALUES ({', '.join([mark] * 5)}) "  # noqa: S608
            "ON CONFLICT (call_key, number) DO NOTHING RETURNING number"
        )

    def before(self, call_key: str, number: int) -> Place | None:
        """The place from which turn `number` starts, as far as this process knows, or else the call's newest place.

        None for a key that is none of ours.
        """
        place = self._remembered.get(call_key)
        return place if place and place.number == number - 1 else self.newest(call_key)

    def newest(self, call_key: str) -> Place | None:
        """The place of a call; None for a key that is none of ours."""
        return self._place(call_key, self._database.read_one(self._newest, (call_key,)))

    def at(self, call_key: str, number: int) -> Place | None:
        """One turn of a call, for answering it again."""
        return self._place(call_key, self._database.read_one(self._one, (call_key, number)))

    def append(self, turn: NewTurn, session: orm.Session | None = None) -> bool:
        """Add a turn, in `session` if given, else as a transaction of its own.

        Returns:
            False if the turn has already been answered; nothing is changed then.
        """
        values = self._values(turn)
        if session is not None:
            return session.connection().exec_driver_sql(self._append, values).first() is not None
        if self._database.write_one(self._append, values) is None:
            return False
        self._remember(turn)
        return True

    def _remember(self, turn: NewTurn) -> None:
        place = Place(turn.number, turn.position, turn.wait, turn.network_id, turn.document)
        with self._lock:
            self._remembered[turn.call_key] = place
            self._remembered.move_to_end(turn.call_key)
            if len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)

    def _values(self, turn: NewTurn) -> tuple[object, ...]:
        body = {
            "p": turn.position.to_json(),
            "h": turn.heard,
            "w": turn.wait,
            "c": turn.network_id,
            "d": turn.document,
            **({"o": turn.told} if turn.told else {}),
        }
        at = turn.at.astimezone(UTC)
        return (
            turn.call_key,
            turn.number,
            at.replace(tzinfo=None).isoformat(" ", "microseconds") if self._is_sqlite else at,
            turn.position.node,
            self._vault.seal(body, f"turns:{turn.call_key}:{turn.number}"),
        )

    def _place(self, call_key: str, row: Any) -> Place | None:
        if row is None or is_erased(row[1]):
            return None
        body = self._vault.open(row[1], f"turns:{call_key}:{row[0]}")
        return Place(row[0], Position.from_json(body["p"]), body["w"], body["c"], body["d"])


_ALL_OF_CALL: Final = sa.select(TurnRow).where(TurnRow.call_key == sa.bindparam("call_key")).order_by(TurnRow.number)


def heard_of(session: orm.Session, vault: Vault, call_key: str) -> list[tuple[TurnRow, dict[str, Any]]]:
    """Every turn of a call with what was heard and answered, in order; for the timeline. None of an erased call."""
    rows = find_all(session, _ALL_OF_CALL, call_key=call_key)
    kept = [row for row in rows if not is_erased(row.sealed)]
    return [(row, vault.open(row.sealed, f"turns:{call_key}:{row.number}")) for row in kept]
