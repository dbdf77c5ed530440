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
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import sqlalchemy as sa

from app.cli.virtual_office import VirtualOffice
from app.domain.clock import SystemClock
from app.models.office import ClockAnchor, Heartbeat
from app.models.promise import Attempt, Promise
from app.settings import Settings, environment
from tests.conftest import ACCOUNT_SID, AUTH_TOKEN

ROOT = Path(__file__).parents[2]
SPEED = 10.0  # of the office's clock: an agent's breath is shorter, the doubts of the clock are not
CLOCK = "tests/trust/run_clock.py"
LONGER_THAN_ITS_LEASE = 7.0  # seconds; see `run_clock.SHORT`


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Processes:
    """A web process, the phone network and clocks, each ended with the test."""

    def __init__(self, environ: dict[str, str], logs: Path) -> None:
        self.environ, self.logs = environ, logs
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, name: str, *command: str, environ: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        with (self.logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=environ or self.environ,
                stdout=log,
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
    """So many complaints whose callers hung up: each is promised a call, due soon after nine on a Monday."""
    office = VirtualOffice(settings, seed=9)
    for place in range(12):
        office.hire(f"Agent{place}", f"+4930123456{place:02d}")
    customers = [f"+491511234{place:04d}" for place in range(count)]
    for number in customers:
        office.call(number).press("1").hang_up()
    with office.runtime.database.sessions.begin() as session:
        wall = SystemClock().now()
        monday = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
        session.add(ClockAnchor(id=1, base_speed=SPEED, speed=SPEED, wall_at=wall, office_at=monday))
    office.close()
    return customers


def open_office(processes: Processes, customers: list[str]) -> None:
    web, network = (processes.environ[name].rsplit(":", 1)[1] for name in ("PUBLIC_URL", "TWILIO_API_URL"))
    people = [part for number in customers for part in ("--person", f"{number}=customer")]
    people += [part for place in range(12) for part in ("--person", f"+4930123456{place:02d}=agent")]
    office = ["--number", "+493012345600=office"]
    processes.start("network", "tests/trust/run_network.py", "--port", network, "--cps", "20", *office, *people)
    processes.start(
        "web", "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", web, "--no-access-log",
        "--blocking-threads", "8", "app.wsgi:app",
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
    url = f"{processes.environ['TWILIO_API_URL']}/2010-04-01/Accounts/{ACCOUNT_SID}/Calls.json?PageSize=1000"
    key = b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Authorization": f"Basic {key}"})) as answer:
        return list(json.load(answer)["calls"])


class Fates:
    """Clocks, each with a fate: to die, to sleep, to be killed or told to end; then another takes its place."""

    def __init__(self, processes: Processes, settings: Settings, fates: Iterable[str], *, clocks: int = 2) -> None:
        """Start the first clocks.

        Args:
            fates: as `run_clock` knows them, and "kill" and "end" for what is done to them from outside.
        """
        self.processes, self.engine = processes, sa.create_engine(settings.database_url)
        self.to_come = deque(fates)
        self.met: Counter[str] = Counter()
        self.ends: list[tuple[float, int]] = []  # of those told to end: seconds it took, status
        self.left_unknown = 0  # attempts of theirs of which they did not know whether they had dialled
        self.clocks = [self._start(place) for place in range(clocks)]

    def _start(self, place: int) -> tuple[subprocess.Popen[bytes], str]:
        fate = self.to_come.popleft() if self.to_come else ""
        inner = fate if " at " in fate else ""
        environ = {**self.processes.environ, "FATE": inner}
        return self.processes.start(f"clock{place}", CLOCK, environ=environ), fate

    def run(self, dice: Random, *, seconds: float) -> None:
        """Until every fate is met and every promise has ended, at most so long."""
        until = time.monotonic() + seconds
        asleep: dict[int, float] = {}
        kill_at = time.monotonic() + dice.uniform(2.5, 4)
        while time.monotonic() < until and not self._is_over():
            time.sleep(0.2)
            for place, (clock, fate) in enumerate(self.clocks):
                if fate.startswith("sleep") and is_stopped(clock.pid):
                    began = asleep.setdefault(clock.pid, time.monotonic())
                    if time.monotonic() > began + LONGER_THAN_ITS_LEASE:
                        clock.send_signal(signal.SIGCONT)
                        self.met[fate] += 1
                        self.clocks[place] = (clock, "")
                elif clock.poll() is not None:
                    self.met[fate] += clock.returncode == -signal.SIGKILL
                    self.clocks[place] = self._start(place)
                elif fate in ("kill", "end") and time.monotonic() > kill_at and self._ticks(clock.pid):
                    kill_at = time.monotonic() + dice.uniform(0.8, 2.0)
                    self._meet(place, clock, fate)
                elif not fate and self.to_come:
                    clock.kill()
                    clock.wait()
                    self.clocks[place] = self._start(place)
        self.engine.dispose()

    def _meet(self, place: int, clock: subprocess.Popen[bytes], fate: str) -> None:
        began = time.monotonic()
        clock.send_signal(signal.SIGKILL if fate == "kill" else signal.SIGTERM)
        clock.wait(timeout=30)
        self.met[fate] += 1
        if fate == "end":
            self.ends.append((time.monotonic() - began, clock.returncode))
            self.left_unknown += self._unknown_of(clock.pid)
        self.clocks[place] = self._start(place)

    def _is_over(self) -> bool:
        still = sa.select(sa.func.count()).select_from(Promise).where(Promise.status == "open")
        with self.engine.connect() as connection:
            return not self.to_come and not any(fate for _, fate in self.clocks) and not connection.scalar(still)

    def _ticks(self, pid: int) -> bool:
        alive = sa.select(sa.func.count()).select_from(Heartbeat).where(Heartbeat.worker.like(f"%-{pid}"))
        with self.engine.connect() as connection:
            return bool(connection.scalar(alive))

    def _unknown_of(self, pid: int) -> int:
        unknown = (
            sa.select(sa.func.count())
            .select_from(Attempt)
            .join(Promise, Promise.id == Attempt.promise_id)
            .where(Attempt.stage == "intended", Attempt.network_id.is_(None), Promise.claimed_by.like(f"%-{pid}"))
        )
        with self.engine.connect() as connection:
            return int(connection.scalar(unknown) or 0)


def is_stopped(pid: int) -> bool:
    """Whether a process stands still by SIGSTOP."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "T"
    except OSError:
        return False


def rings_and_ends(processes: Processes, settings: Settings) -> tuple[Counter[str], Counter[str]]:
    """How often each customer was rung, as the network knows; and how the promises ended."""
    rings = Counter(leg["to"] for leg in legs_at_the_network(processes) if leg["direction"] == "outbound-dial")
    engine = sa.create_engine(settings.database_url)
    with engine.connect() as connection:
        ends = Counter(connection.scalars(sa.select(Promise.status)))
    engine.dispose()
    return rings, ends
