"""Real processes for tests of crashes: a web process, the phone network, and clocks that meet their fates."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from app.cli.virtual_office import VirtualOffice
from app.domain.clock import SystemClock
from app.models.office import ClockAnchor
from app.models.promise import Promise
from app.settings import Settings, environment
from tests.conftest import ACCOUNT_SID, AUTH_TOKEN
from tests.web.make import make_case, make_promise

ROOT = Path(__file__).parents[2]
DUE_IN = timedelta(hours=8)
SPEED = 10.0  # of the office's clock: an agent's breath is shorter, the doubts of the clock are not
CLOCK = "tests/trust/run_clock.py"
AGENTS = 24


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Processes:
    """A web process, the phone network and clocks, each ended with the test."""

    def __init__(self, environ: dict[str, str], logs: Path) -> None:
        self.environ, self.logs = environ, logs
        self.running: list[subprocess.Popen[bytes]] = []

    def start(
        self, name: str, *command: str, environ: dict[str, str] | None = None, piped: bool = False
    ) -> subprocess.Popen[bytes]:
        """Start a program; piped, its input and output are for the test to write and read."""
        with (self.logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=environ or self.environ,
                stdin=subprocess.PIPE if piped else None,
                stdout=subprocess.PIPE if piped else log,
                stderr=log,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def stop(self) -> None:
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if process.stdin is not None:
                process.stdin.close()


@contextlib.contextmanager
def office_processes(settings: Settings, environ: dict[str, str], logs: Path) -> Iterator[Processes]:
    """Nothing runs yet; whatever is started is ended."""
    given = {name: value for name, value in environment().items() if not name.startswith(("COV_", "PYTEST_"))}
    addresses = {
        "PUBLIC_URL": f"http://127.0.0.1:{free_port()}",
        "TWILIO_API_URL": f"http://127.0.0.1:{free_port()}",
        "DATABASE_URL": settings.database_url,
        "CLOCK_SPEED": str(SPEED),
        "CALLS_PER_SECOND": "20",
        "PYTHONPATH": str(ROOT),
    }
    started = Processes({**given, **environ, **addresses}, logs)
    try:
        yield started
    finally:
        started.stop()


def make_promises(settings: Settings, count: int) -> list[str]:
    """So many customers to whom a call is promised: all are to be tried now, soon after nine on a Monday."""
    office = VirtualOffice(settings, seed=9)
    for place in range(AGENTS):
        office.hire(f"Agent{place}", f"+4930123456{place:02d}")
    customers = [f"+491511234{place:04d}" for place in range(count)]
    vault, monday = office.runtime.vault, datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    with office.runtime.database.sessions.begin() as session:
        for place, number in enumerate(customers):
            case = make_case(session, vault, monday, {"complainant.phone": number}, protocol=f"26{place:06d}")
            times = {"due_at": monday + DUE_IN, "latest_start_at": monday + DUE_IN - timedelta(hours=1)}
            make_promise(session, vault, case, monday, phone=number, next_attempt_at=monday, **times)
        session.add(ClockAnchor(id=1, base_speed=SPEED, speed=SPEED, wall_at=SystemClock().now(), office_at=monday))
    office.close()
    return customers


def open_office(processes: Processes, customers: list[str], *, web_workers: int = 1, label: str = "customer") -> None:
    """Start the phone network, with everybody in it, and the web process.

    Args:
        label: what customers are; "owner": who hangs up when the first question is put.
    """
    web, network = (processes.environ[name].rsplit(":", 1)[1] for name in ("PUBLIC_URL", "TWILIO_API_URL"))
    people = [part for number in customers for part in ("--person", f"{number}={label}")]
    people += [part for place in range(AGENTS) for part in ("--person", f"+4930123456{place:02d}=agent")]
    office = ["--number", "+493012345600=office"]
    processes.start("network", "tests/trust/run_network.py", "--port", network, "--cps", "20", *office, *people)
    processes.start(
        "web", "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", web, "--no-access-log",
        "--workers", str(web_workers), "--blocking-threads", "8", "app.wsgi:app",
    )  # fmt: skip
    for address in (processes.environ["PUBLIC_URL"], processes.environ["TWILIO_API_URL"]):
        wait_for(address + "/healthz")


def wait_for(url: str) -> None:
    until = time.monotonic() + 40
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):
            return
        time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")


def legs_at_the_network(processes: Processes) -> list[dict[str, str]]:
    base = processes.environ["TWILIO_API_URL"]
    page = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Calls.json?PageSize=1000"
    signed = {"Authorization": "Basic " + b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()}
    legs: list[dict[str, str]] = []
    while page:
        with urllib.request.urlopen(urllib.request.Request(base + page, headers=signed)) as answer:
            told = json.load(answer)
        legs += told["calls"]
        page = told["next_page_uri"]
    return legs


def rings_and_ends(processes: Processes, settings: Settings) -> tuple[Counter[str], Counter[str]]:
    """How often each customer was rung, as the network knows; and how the promises ended."""
    rings = Counter(leg["to"] for leg in legs_at_the_network(processes) if leg["direction"] == "outbound-dial")
    engine = sa.create_engine(settings.database_url)
    with engine.connect() as connection:
        ends = Counter(connection.scalars(sa.select(Promise.status)))
    engine.dispose()
    return rings, ends
