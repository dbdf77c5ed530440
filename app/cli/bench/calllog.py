"""How long a page of the call log takes, by how many calls there are: from the request to the finished page."""

from __future__ import annotations

import contextlib
import gc
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Final

import sqlalchemy as sa
from flask.testing import FlaskClient

from app.analytics.call_log import LogFilter, page_query
from app.cli import local_env
from app.cli.bench import many_calls
from app.cli.throwaway_postgres import start_postgres
from app.domain.clock import FakeClock
from app.migrations.upgrade import upgrade
from app.models.call_log import LoggedCall
from app.models.staff import Staff
from app.runtime import Runtime
from app.services.logins import begin_login
from app.settings import Settings, environment
from app.web.app import create_app
from app.web.asked import write_cursor

SIZES: Final = {"sqlite": (10_000, 100_000), "postgres": (10_000, 100_000, 1_000_000)}
_LOCAL: Final = {"PUBLIC_URL": "http://127.0.0.1:8000", "TWILIO_API_URL": "http://127.0.0.1:8001"}
_WARM_UP: Final = 3
_TRIGGERS: Final = {
    "sqlite": "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%change_log%'",
    "postgres": "SELECT 'DROP TRIGGER ' || t.tgname || ' ON ' || c.relname FROM pg_trigger t "
    "JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname LIKE '%change_log%'",
}


def measure_log(databases: Sequence[str], sizes: Sequence[int], runs: int, tell: Callable[[str], None]) -> None:
    """Measure, and tell a table line by line.

    Args:
        sizes: calls in the log; none for the standard ones of each database.
        runs: pages of each kind.
    """
    tell("| calls | database | page | calls that match | wall: median | p95 | greatest | processor: median | p95 |")
    tell("|--:|---|---|--:|--:|--:|--:|--:|--:|")
    for name in databases:
        for size in sizes or SIZES[name]:
            _measure(name, size, runs, tell)


def _measure(name: str, size: int, runs: int, tell: Callable[[str], None]) -> None:
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="rueckruf-bench-"))
        values = {**local_env.write(Path(folder) / "local.env", {**_LOCAL, "VAR_DIR": folder})}
        if name == "postgres":
            values["DATABASE_URL"] = stack.enter_context(start_postgres(environment(), durable=True)).create("bench")
        settings = Settings.read(values)
        upgrade(settings.database_url)
        clock = FakeClock(many_calls.END)
        office = Runtime.build(settings, clock=clock, wall=clock, unproved=True)
        stack.callback(office.close)
        with office.database.engine.begin() as connection:
            # The rows of the log are written here, and need not be reckoned again.
            for statement in connection.scalars(sa.text(_TRIGGERS[name])).all():
                connection.exec_driver_sql(statement)
        many_calls.fill(office.database, office.vault, size)
        browser, used = _supervisor(office), _processor(office)
        for page, addresses in _pages(office, size, runs).items():
            wall, processor, total = _ask(browser, addresses, used)
            told = (_share(wall, 0.5), _share(wall, 0.95), wall[-1], _share(processor, 0.5), _share(processor, 0.95))
            tell(f"| {size:,} | {name} | {page} | {total} | {' | '.join(f'{each:.0f} ms' for each in told)} |")


def _share(times: list[float], share: float) -> float:
    return times[min(int(len(times) * share), len(times) - 1)]


def _processor(office: Runtime) -> Callable[[], float]:
    """Milliseconds of processor time that this process has used, and PostgreSQL with all its workers, if it runs here.

    The kernel counts those of other processes in hundredths of a second.
    """
    with office.database.reads() as session:
        is_sqlite = office.database.is_sqlite
        backend = None if is_sqlite else session.scalar(sa.text("SELECT pg_backend_pid()"))
    stat = Path(f"/proc/{backend}/stat")
    if backend is None or not stat.exists():
        return lambda: time.process_time() * 1000
    server = _numbers(stat)[1]
    tick = 1000 / os.sysconf("SC_CLK_TCK")

    def used() -> float:
        ticks = 0
        for file in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                numbers = _numbers(file)
                if server in (numbers[1], int(file.parent.name)):
                    ticks += sum(numbers[11:15] if int(file.parent.name) == server else numbers[11:13])
        return time.process_time() * 1000 + ticks * tick

    return used


def _numbers(stat: Path) -> list[int]:
    """What Linux tells of a process behind its name and state, from 0 on, its state counted as 0."""
    return [0, *map(int, stat.read_text().rpartition(")")[2].split()[1:])]


def _supervisor(office: Runtime) -> FlaskClient:
    """A browser in which a supervisor is logged in."""
    now = office.wall.now()
    with office.database.sessions.begin() as session:
        sue = Staff(email="sue@office.example", name="Sue", role="supervisor", languages=["en"], created_at=now)
        session.add(sue)
        session.flush()
        token = begin_login(session, sue, wall_now=now)
    browser = create_app(office).test_client()
    with browser.session_transaction() as kept:
        kept["login"] = token
    return browser


def _ask(
    browser: FlaskClient, addresses: Sequence[str], used: Callable[[], float]
) -> tuple[list[float], list[float], str]:
    """Milliseconds by the wall and of processors of each page, least first; how many calls the last one says."""
    wall, processor = [], []
    text = ""
    gc.collect()
    for number, address in enumerate([*addresses[:_WARM_UP], *addresses]):
        begin, before = time.perf_counter(), used()
        answer = browser.get(address)
        took, spent = (time.perf_counter() - begin) * 1000, used() - before
        if answer.status_code != 200:
            raise RuntimeError(f"{address} was answered with {answer.status_code}")
        if number >= _WARM_UP:
            wall.append(took)
            processor.append(spent)
        text = answer.text
    _, found, rest = text.partition('<p class="sum">')[2].partition('<span class="figure">')
    return sorted(wall), sorted(processor), rest.partition("<")[0] if found else "0"


def _pages(office: Runtime, size: int, runs: int) -> dict[str, list[str]]:
    """Addresses of pages by what they show."""
    dice = Random(size)  # noqa: S311 - what is asked for, the same in each run
    log = "/floor/calls?"

    def each(address: Callable[[], str]) -> list[str]:
        return [log + address() for _ in range(runs)]

    numbers = max(1, size // 4)
    return {
        "the first": each(lambda: "all=1"),
        "in the middle": [log + f"cursor={_cursor(office, 0.3 + 0.4 * dice.random())}" for _ in range(runs)],
        "near the end": [log + f"cursor={_cursor(office, 0.99 * (1 + dice.random() / 200))}" for _ in range(runs)],
        "by number": each(lambda: "phone=" + many_calls.number_of(dice.randrange(numbers)).replace("+", "%2B")),
        "by agent": each(lambda: f"agent={dice.randrange(1, many_calls.AGENTS + 1)}"),
        "by a frequent word": each(lambda: "q=" + many_calls.product(0)),
        "by a rare word": each(lambda: "q=" + many_calls.product(dice.randrange(400, 500))),
        "by last menu": each(lambda: f"node=complaint.step{dice.randrange(40)}"),
        "by outcome and language": each(lambda: "outcome=gave_up&language=bs"),
        "by outcome in 30 days": each(lambda: "range=30_days&outcome=promised"),
        "overdue promises": each(lambda: "overdue=yes"),
        "by two flags": each(lambda: "recording=yes&repeat=yes"),
    }


def _cursor(office: Runtime, share: float) -> str:
    """A place so far down the log, as a share of its span of time."""
    with office.database.reads() as session:
        ends = sa.select(sa.func.min(LoggedCall.started_at), sa.func.max(LoggedCall.started_at))
        oldest, newest = session.execute(ends).one()
        at = newest - (newest - oldest) * min(share, 1.0)
        row = session.scalars(page_query(LogFilter(until=at), None, 1, now=at)).first()
    return write_cursor((row.started_at, row.network_id) if row else (oldest, "CA0")) or ""
