"""How punctually the clocks dial: from the moment at which a callback is due to the network's first word about it.

Real processes, as in production: a web process, clocks, the local phone network with people who are quick, and the
machine's own time. There are enough agents and lines; so whatever is late is late by our own doing.
"""

from __future__ import annotations

import contextlib
import math
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from app.cli import local_env
from app.cli.bench.server import HOST, cpu_seconds, free_port, serve
from app.cli.throwaway_postgres import start_postgres
from app.domain.clock import SystemClock
from app.domain.complaint import ComplaintRecord
from app.migrations.upgrade import upgrade
from app.models.call import LegEvent
from app.models.case import Case
from app.models.engines import Database
from app.models.office import ClockAnchor, Heartbeat
from app.models.promise import Attempt, Promise
from app.models.records import seal_record
from app.models.staff import Staff
from app.models.vault import Vault
from app.settings import Settings, environment

_MORNING: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday, on which everybody may be called
_OFFICE: Final = "+493012345600"  # of the hotline file
_MEMORY: Final = "/dev/shm"  # noqa: S108 - a folder with a random name is made in it
_BUSY_SECONDS: Final = 25  # an agent, for one hasty callback and the breath after it
_LEAD: Final = timedelta(seconds=4)
_PATIENCE: Final = timedelta(minutes=3)  # after the last one was due


@dataclass(frozen=True, slots=True)
class Punctuality:
    """What one run found; all spans in seconds, sorted."""

    begun: list[float]  # from due to the intent's commit
    dialled: list[float]  # from due to the network's first report of the agent's leg
    rung: list[float]  # from due to the customer's ring
    ends: Counter[str]
    rings: Counter[int]  # customers, by how often they were rung
    cpu_ms: dict[str, float]  # of the processor for each callback: clocks, web, network


def measure_dials(
    databases: Sequence[str],
    per_second: float,
    seconds: int,
    clocks: int,
    tell: Callable[[str], None],
    *,
    waits_for_disk: bool = True,
    answers_after: float = 0.3,
) -> None:
    """Measure, and tell a table line by line.

    Args:
        answers_after: seconds that a telephone rings; with more than `seconds` nobody has answered while it is dialled.
        waits_for_disk: whether a commit is on the disk when it is acknowledged; else SQLite's file lies in memory.
    """
    count = int(per_second * seconds)
    disk = "commits on the disk" if waits_for_disk else "commits in memory"
    tell(f"{count} callbacks, {per_second:g} due a second, {clocks} clock processes, enough agents, {disk}")
    tell("seconds after due; milliseconds of the processor for each callback")
    tell("")
    begun, told, ms = "begun: median | p99", "network told: median | p99 | longest", "ms: clocks | web | network"
    tell(f"| database | {begun} | {told} | kept in time | rung once | {ms} | load |")
    tell("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for name in databases:
        found = _measure(name, per_second, count, clocks, waits_for_disk, answers_after)
        figures = (_at(found.begun, 0.5), _at(found.begun, 0.99), _at(found.dialled, 0.5), _at(found.dialled, 0.99))
        spans = " | ".join(f"{value:.2f}" for value in (*figures, _at(found.dialled, 1.0)))
        cpu = " | ".join(f"{found.cpu_ms[who]:.0f}" for who in ("clocks", "web", "network"))
        tell(f"| {name} | {spans} | {found.ends['kept']} | {found.rings[1]} | {cpu} | {os.getloadavg()[0]:.1f} |")


def _at(spans: list[float], share: float) -> float:
    """The span that so many are not longer than."""
    return spans[max(0, math.ceil(share * len(spans)) - 1)] if spans else math.nan


def _measure(
    name: str, per_second: float, count: int, clocks: int, waits_for_disk: bool, answers_after: float
) -> Punctuality:
    with contextlib.ExitStack() as stack:
        memory = None if waits_for_disk else _MEMORY
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rueckruf-bench-", dir=memory)))
        if name == "sqlite":
            url = f"sqlite:///{folder}/office.db"
        else:
            url = stack.enter_context(start_postgres(environment(), durable=waits_for_disk)).create("bench")
        upgrade(url)
        web, network = free_port(), free_port()
        chosen = {
            "PUBLIC_URL": f"http://{HOST}:{web}",
            "TWILIO_API_URL": f"http://{HOST}:{network}",
            "VAR_DIR": str(folder),
            "DATABASE_URL": url,
            "LOG_LEVEL": "WARNING",
            "CALLS_PER_SECOND": str(2 * per_second),
        }
        environ = {**environment(), **local_env.write(folder / "local.env", {}), **chosen}
        settings = Settings.read(environ)
        database = Database(url)
        stack.callback(database.dispose)
        _open(database, int(per_second * (_BUSY_SECONDS + 2 * answers_after)))
        lines = ["--port", str(network), "--cps", "200", "--number", f"{_OFFICE}=office"]
        hasty = ["app.cli.bench.hasty_network", *lines, "--answers-after", str(answers_after)]
        pids = {
            "network": [stack.enter_context(_running(hasty, environ, folder / "network.log"))],
            "web": [stack.enter_context(serve("app.wsgi:app", web, environ, folder / "web.log")).process.pid],
            "clocks": [
                stack.enter_context(_running(["app.jobs"], environ, folder / "clock.log")) for _ in range(clocks)
            ],
        }
        _wait(lambda: _count(database, sa.select(sa.func.count()).select_from(Heartbeat)) == clocks, 120)
        before = {who: _cpu(some) for who, some in pids.items()}
        due = _promise(database, Vault(settings.data_keys), count, per_second)
        last = (max(due.values()) - min(due.values()) + _LEAD + _PATIENCE).total_seconds()
        is_open = sa.select(sa.func.count()).select_from(Promise).where(Promise.status == "open")
        under_way = sa.select(sa.func.count()).select_from(Attempt).where(Attempt.stage != "ended")
        _wait(lambda: _count(database, is_open) == _count(database, under_way) == 0, last)
        cpu_ms = {who: (_cpu(some) - before[who]) * 1000 / count for who, some in pids.items()}
        return _found(database, due, cpu_ms)


def _cpu(pids: list[int]) -> float:
    return sum(cpu_seconds(pid) or 0.0 for pid in pids)


@contextlib.contextmanager
def _running(module: list[str], environ: dict[str, str], log: Path) -> Iterator[int]:
    with log.open("ab") as output:
        process = subprocess.Popen([sys.executable, "-m", *module], env=environ, stdout=output, stderr=output)
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


def _wait(is_so: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not is_so() and time.monotonic() < until:
        time.sleep(0.5)


def _count(database: Database, query: sa.Select[int]) -> int:
    with database.reads() as session:
        return session.scalar(query) or 0


def _open(database: Database, agents: int) -> None:
    """Hire the agents and set the office's clock to a morning."""
    wall = SystemClock().now()
    people = [
        {
            "email": f"agent{place}@bench.example", "name": f"Agent {place}", "role": "agent",
            "phone": f"+493012{place:06d}", "languages": ["de"], "available": True, "created_at": _MORNING,
        }
        for place in range(agents)
    ]  # fmt: skip
    with database.sessions.begin() as session:
        session.execute(sa.insert(Staff), people)
        session.add(ClockAnchor(id=1, base_speed=1.0, speed=1.0, wall_at=wall, office_at=_MORNING))


def _promise(database: Database, vault: Vault, count: int, per_second: float) -> dict[int, datetime]:
    """Write down so many promises, due one after the other from some seconds on; when each is, by its id."""
    with database.reads() as session:
        anchor = session.scalars(sa.select(ClockAnchor)).one()
    lead = _LEAD + timedelta(milliseconds=5 * count)  # writing takes its time
    begin = anchor.office_at + (SystemClock().now() - anchor.wall_at) + lead
    due: dict[int, datetime] = {}
    with database.sessions.begin() as session:
        for place in range(count):
            key, phone = f"bench-{place}", f"+49151{place:08d}"
            case = Case(
                key=key, protocol=key, kind="complaint", status="received", channel="phone", language="de",
                hotline="haushalt", source="bench", source_id=key, received_at=_MORNING, changed_at=_MORNING,
            )  # fmt: skip
            seal_record(vault, case, ComplaintRecord())
            session.add(case)
            session.flush()
            at = begin + timedelta(seconds=place / per_second)
            promise = Promise(
                key=key, made_by=key, case_id=case.id, kind="complaint", hotline="haushalt", language="de",
                phone=vault.seal(phone, f"promises:phone:{key}"), phone_index=vault.index(phone), made_at=_MORNING,
                not_before_at=at, next_attempt_at=at, due_at=at + timedelta(hours=3),
                latest_start_at=at + timedelta(hours=2), spoken_text=vault.seal("", f"promises:spoken:{key}"),
            )  # fmt: skip
            session.add(promise)
            session.flush()
            due[promise.id] = at
    return due


def _found(database: Database, due: dict[int, datetime], cpu_ms: dict[str, float]) -> Punctuality:
    first: dict[int, Attempt] = {}
    rings: Counter[int] = Counter()
    with database.reads() as session:
        told = {
            row.network_id: row.at
            for row in session.execute(
                sa.select(LegEvent.network_id, sa.func.min(LegEvent.received_at).label("at"))
                .where(LegEvent.kind == "agent-leg")
                .group_by(LegEvent.network_id)
            )
        }
        for attempt in session.scalars(sa.select(Attempt).order_by(Attempt.id)):
            if attempt.promise_id is not None:
                first.setdefault(attempt.promise_id, attempt)
                rings[attempt.promise_id] += attempt.dialled_at is not None
        ends = Counter(session.scalars(sa.select(Promise.status)))
    tries = [(due[promise_id], attempt) for promise_id, attempt in first.items()]
    return Punctuality(
        sorted((each.started_at - at).total_seconds() for at, each in tries),
        sorted((told[each.network_id] - at).total_seconds() for at, each in tries if each.network_id in told),
        sorted((each.dialled_at - at).total_seconds() for at, each in tries if each.dialled_at),
        ends,
        Counter(rings.values()),
        cpu_ms,
    )
