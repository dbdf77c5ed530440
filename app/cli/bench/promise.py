"""How long the turn takes in which a callback is promised: from the signed webhook to the answer, database and all.

The office has people of five competences and no shifts, and so many open promises that nineteen of twenty places up to
the last of them are taken. Each measured promise is made in a call of its own and stays open like the others.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import math
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

import sqlalchemy as sa
from flask.testing import FlaskClient

from app.cli import local_env
from app.cli.bench.solver import AGENTS, NOW, full
from app.cli.bench.walk import Caller, next_turn
from app.cli.throwaway_postgres import start_postgres
from app.compliance.whereabouts import written
from app.domain.clock import FakeClock
from app.domain.complaint import ComplaintRecord
from app.domain.hotline import Shift
from app.migrations.upgrade import upgrade
from app.models.case import Case
from app.models.promise import Promise
from app.models.staff import Staff
from app.promising.load import Load
from app.runtime import Runtime
from app.settings import Settings, environment
from app.web.app import create_app

SIZES: Final = (1_000, 2_500, 5_000, 10_000)
SHIFTS: Final = tuple(
    Shift(AGENTS // 5, languages, skills=skills)
    for languages, skills in (
        (("de",), ()),
        (("de", "en"), ("complaint", "information")),
        (("en", "pt-BR"), ()),
        (("bs", "de"), ("complaint", "cancellation")),
        (("bs", "de", "en", "pt-BR"), ()),
    )
)
_KEYS: Final = ("1", "0", "1")  # a complaint; a human, but nobody is there; what is read back is right
_ADDRESS: Final = "http://127.0.0.1:18000"


@dataclass(frozen=True, slots=True)
class Spent:
    """What one promising turn took."""

    wall_ms: float
    cpu_ms: float  # of this process; PostgreSQL's own is in the wall's time only


def measure_promises(runs: int, databases: Sequence[str], sizes: Sequence[int], tell: Callable[[str], None]) -> None:
    """Measure, and tell a table line by line.

    Args:
        runs: promises made at each size; the least and the median are told.
    """
    tell(f"{AGENTS} agents, {runs} runs each, from the webhook to the answer; the least of the runs, and the median")
    tell("")
    tell("| open promises | database | wall | median | processor | median | per n log n |")
    tell("|--:|---|--:|--:|--:|--:|--:|")
    for name in databases:
        for size in sizes:
            found = _measure(name, size, runs)
            wall, cpu = [each.wall_ms for each in found], [each.cpu_ms for each in found]
            spread = " | ".join(f"{value:.1f} ms" for value in (min(wall), median(wall), min(cpu), median(cpu)))
            tell(f"| {size:,} | {name} | {spread} | {min(cpu) * 1e6 / (size * math.log2(size)):.0f} ns |")


def _measure(name: str, size: int, runs: int) -> list[Spent]:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rueckruf-bench-")))
        if name == "sqlite":
            url = f"sqlite:///{folder}/office.db"
        else:
            url = stack.enter_context(start_postgres(environment(), durable=True)).create("bench")
        upgrade(url)
        chosen = {"PUBLIC_URL": _ADDRESS, "TWILIO_API_URL": _ADDRESS, "VAR_DIR": str(folder), "DATABASE_URL": url}
        environ = {**environment(), **local_env.write(folder / "local.env", {}), **chosen, "LOG_LEVEL": "WARNING"}
        clock = FakeClock(NOW)
        office = Runtime.build(Settings.read(environ), clock=clock, wall=clock)
        stack.callback(office.close)
        _fill(office, full(size, next(iter(office.hotlines)), SHIFTS))
        client = create_app(office).test_client()
        gc.collect()
        gc.freeze()  # as `app.wsgi` does
        stack.callback(gc.unfreeze)
        callers = (
            Caller(number, environ["TWILIO_ACCOUNT_SID"], environ["TWILIO_AUTH_TOKEN"], "", _ADDRESS)
            for number in range(1, runs + 2)
        )
        return [_promised(client, caller) for caller in callers][1:]  # the first one warms up


def _promised(client: FlaskClient, caller: Caller) -> Spent:
    """One call up to its promise; what the turn took that made it."""
    place = next_turn(_ask(client, caller.incoming()))
    for key in _KEYS[:-1]:
        assert place is not None
        place = next_turn(_ask(client, caller.turn(*place, {"Digits": key})))
    assert place is not None
    request = caller.turn(*place, {"Digits": _KEYS[-1]})
    wall, cpu = time.perf_counter(), time.process_time()
    answer = _ask(client, request)
    spent = Spent((time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000)
    assert next_turn(answer) is not None or b"<Hangup" in answer
    return spent


def _ask(client: FlaskClient, request: bytes) -> bytes:
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines if not line.startswith(("Host", "Content-Length")))
    return bytes(client.post(first.split(" ")[1], data=body, headers=headers, base_url=_ADDRESS).data)


def _fill(office: Runtime, load: Load) -> None:
    """Hire the people, who are away just now so that callers are promised a call, and write down what is promised."""
    for table, rows in ((Staff, _people()), (Case, _cases(office, load)), (Promise, _promises(load))):
        while some := list(itertools.islice(rows, 500)):
            with office.database.sessions.begin() as session:
                session.execute(sa.insert(table), some)
    with office.database.single.connect() as connection:  # no turn waits for what was filled in to reach the disk
        connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)" if office.database.is_sqlite else "CHECKPOINT"))
    os.sync()


def _people() -> Iterator[dict[str, Any]]:
    for shift in SHIFTS:
        for number in range(shift.people):
            name = "-".join((*shift.languages, str(number)))
            yield {
                "email": f"{name}@bench.example", "name": name, "role": "agent", "phone": "+493023125001",
                "languages": list(shift.languages), "skills": list(shift.skills), "available": False,
                "created_at": NOW,
            }  # fmt: skip


def _cases(office: Runtime, load: Load) -> Iterator[dict[str, Any]]:
    record = office.vault.seal(ComplaintRecord().model_dump(mode="json", exclude_none=True), "cases:record:bench")
    for each in load.open:
        yield {
            "key": f"bench-{each.id}", "protocol": f"bench-{each.id}", "kind": "complaint",
            "status": "received", "channel": "phone", "language": each.language, "hotline": "haushalt",
            "source": "bench", "source_id": str(each.id), "record": record, "received_at": NOW, "changed_at": NOW,
        }  # fmt: skip


def _promises(load: Load) -> Iterator[dict[str, Any]]:
    dice = Random(len(load.open))  # noqa: S311 - plans of the usual length, 4 bytes for each promise made before
    for each in load.open:
        yield {
            "key": f"bench-{each.id}", "made_by": f"bench-{each.id}", "case_id": each.id, "kind": "complaint",
            "hotline": "haushalt", "language": each.language, "phone": b"", "phone_index": f"bench-{each.id}",
            "made_at": NOW, "due_at": each.due_at, "not_before_at": each.not_before_at,
            "next_attempt_at": each.not_before_at,
            "latest_start_at": each.due_at - timedelta(hours=1), "whereabouts": written(each.where), "verdicts": {},
            "plan": {"schedule": dice.randbytes(2 * each.id).hex()},
        }  # fmt: skip
