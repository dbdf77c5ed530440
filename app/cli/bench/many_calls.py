"""Calls by the hundred thousand, as the office would have written them, straight into the tables of the call log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from app.models.base import Base
from app.models.call import Call
from app.models.call_log import LoggedCall, MatterWord, word_index
from app.models.case import Case
from app.models.engines import Database
from app.models.ready import table_of
from app.models.staff import Staff
from app.models.vault import Vault

END: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
AGENTS: Final = 30
_DAYS: Final = 365
_AT_ONCE: Final = 5_000
_CALLS_OF_A_NUMBER: Final = 4
_OUTCOMES: Final = ("promised", "talked", "told", "hung_up", "gave_up", "opened")
_LANGUAGES: Final = ("de", "pt-BR", "en", "bs")
_PROMISES: Final = ("kept", "kept_late", "moved", "broken", "unreachable", "withdrawn")
_RECORD: Final = b"\x02k1" + bytes(700)  # as wide as a sealed record; nobody opens it here


class Batch(NamedTuple):
    """Rows by table, in the order in which they point to one another."""

    calls: list[dict[str, Any]]
    logged: list[dict[str, Any]]
    cases: list[dict[str, Any]]
    words: list[dict[str, Any]]


def number_of(caller: int) -> str:
    """The telephone number of a caller of the bench."""
    return f"+4930{20_000_000 + caller}"


def product(number: int) -> str:
    """The word by which a product is found; the first ones are asked about much more often than the last."""
    return f"geraet{number:03d}"


def fill(database: Database, vault: Vault, size: int) -> None:
    """Write the calls, and let the database look at them as it does by itself in the life of an office."""
    with database.sessions.begin() as session:
        for number in range(1, AGENTS + 1):
            session.add(
                Staff(
                    email=f"agent{number}@office.example", name=f"Agent {number}", role="agent",
                    phone=f"+493023125{number:03d}", languages=["de"], created_at=END,
                )
            )  # fmt: skip
    for batch in _batches(vault, size):
        _write(database, batch)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("SET statement_timeout = 0")
        connection.exec_driver_sql("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE")
        connection.exec_driver_sql("PRAGMA optimize" if database.is_sqlite else "RESET statement_timeout")


def _write(database: Database, batch: Batch) -> None:
    tables = zip((Call, LoggedCall, Case, MatterWord), batch, strict=True)
    if database.is_sqlite:
        with database.sessions.begin() as session:
            for model, rows in tables:
                session.execute(sa.insert(table_of(model)), rows)
        return
    with database.engine.begin() as connection:
        driven: Any = connection.connection.driver_connection
        with driven.cursor() as cursor:
            for model, rows in tables:
                _copy(cursor, model, rows)


def _copy(cursor: Any, model: type[Base], rows: list[dict[str, Any]]) -> None:
    columns = list(rows[0])
    with cursor.copy(f"COPY {model.__tablename__} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[name] for name in columns])


def _batches(vault: Vault, size: int) -> Iterator[Batch]:
    dice = Random(size)  # noqa: S311 - what the calls are, the same in each run
    fingerprints = [word_index(vault, product(number)) for number in range(500)]
    callers = max(1, size // _CALLS_OF_A_NUMBER)
    case_id = 0
    for begin in range(0, size, _AT_ONCE):
        batch = Batch([], [], [], [])
        for number in range(begin, min(begin + _AT_ONCE, size)):
            caller = dice.randrange(callers)
            logged = _logged(vault, dice, number, size, number_of(caller))
            batch.calls.append(_call(vault, logged, number_of(caller)))
            batch.logged.append(logged)
            if logged["kind"] is not None:
                case_id += 1
                batch.cases.append(_case(case_id, logged))
                word = int(500 * dice.random() ** 3)
                batch.words.append(
                    {
                        "word_index": fingerprints[word], "case_id": case_id,
                        "call_key": logged["call_key"], "received_at": logged["started_at"],
                    }
                )  # fmt: skip
        yield batch


def _logged(vault: Vault, dice: Random, number: int, size: int, phone: str) -> dict[str, Any]:
    at = END - timedelta(days=_DAYS) * (1 - number / size)
    (outcome,) = dice.choices(_OUTCOMES, (45, 20, 15, 12, 5, 3))
    has_promise = outcome == "promised"
    is_new = has_promise and END - at < timedelta(days=1)
    promise = ("open" if is_new else dice.choices(_PROMISES, (90, 3, 3, 1, 2, 1))[0]) if has_promise else None
    spoke = outcome == "talked" or promise in ("kept", "kept_late")
    return {
        "call_key": f"call-{number:012d}",
        "network_id": f"CA{number:032x}",
        "started_at": at,
        "channel": "phone",
        "hotline": "haushalt" if dice.random() < 0.7 else "sac",
        "language": dice.choices(_LANGUAGES, (60, 28, 10, 2))[0],
        "caller_index": vault.index(phone),
        "seconds": dice.randrange(10, 400),
        "outcome": outcome,
        "node": f"complaint.step{int(40 * dice.random() ** 2)}",
        "hung_up": outcome in ("hung_up", "gave_up"),
        "kind": dice.choice(("complaint", "complaint", "cancellation", "recall")) if outcome != "hung_up" else None,
        "promise": promise,
        "promise_due_at": at + timedelta(hours=4) if has_promise else None,
        "promise_cause": "no_agent" if promise == "broken" else None,
        "staff_id": dice.randrange(1, AGENTS + 1) if spoke else None,
        "is_recorded": has_promise,
        "waited_seconds": dice.randrange(300) if outcome in ("talked", "gave_up") else None,
        "is_repeat": dice.random() < 0.1,
    }


def _call(vault: Vault, logged: dict[str, Any], phone: str) -> dict[str, Any]:
    at, key = logged["started_at"], logged["call_key"]
    return {
        "key": key,
        "network_id": logged["network_id"],
        "hotline": logged["hotline"],
        "channel": "phone",
        "called": "+493012345600",
        "caller": vault.seal(phone, f"calls:caller:{key}"),
        "caller_index": logged["caller_index"],
        "flow_version": "bench",
        "language": logged["language"],
        "started_at": at,
        "status": "completed",
        "ended_at": at,
        "ended_wall_at": at,
        "seconds": logged["seconds"],
        "settled_at": at,
        "seen_at": at,
        "delete_on": (at + timedelta(days=730)).date(),
    }


def _case(number: int, logged: dict[str, Any]) -> dict[str, Any]:
    at = logged["started_at"]
    return {
        "id": number,
        "key": f"case-{number}",
        "protocol": f"{number:010d}",
        "kind": logged["kind"],
        "status": "closed",
        "channel": "phone",
        "language": logged["language"],
        "hotline": logged["hotline"],
        "source": "call",
        "source_id": logged["call_key"],
        "call_key": logged["call_key"],
        "record": _RECORD,
        "completeness": 80,
        "severity": "normal",
        "received_at": at,
        "changed_at": at,
    }
