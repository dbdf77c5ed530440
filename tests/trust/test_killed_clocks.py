"""Clock processes that are killed at random, and at each step of a dial: nobody is forgotten, nobody is rung twice."""

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
from random import Random

import pytest
import sqlalchemy as sa

from app.cli.virtual_office import VirtualOffice
from app.domain.clock import SystemClock
from app.jobs.ticks import Office
from app.models.office import ClockAnchor
from app.models.promise import Promise
from app.settings import Settings, environment
from app.simulator.faults import Faults
from app.simulator.people import Person
from app.telephony.port import Phone
from tests.conftest import ACCOUNT_SID, AUTH_TOKEN
from tests.trust.oracle import double_rings, promise_complaints
from tests.trust.passing_time import run_until_quiet

ROOT = Path(__file__).parents[2]
SPEED = 10.0  # of the office's clock: an agent's breath is shorter, the doubts of the clock are not


class Killed(BaseException):
    """The process has ended at this point, without a last word."""


class FatalPhone:
    """Ends the process once at a named step of a dial."""

    def __init__(self, phone: Phone, step: str) -> None:
        self._phone, self._step = phone, step

    def dial(self, *given: str, **how: object) -> str:
        if self._step == "before the request":
            raise Killed
        network_id = self._phone.dial(*given, **how)  # type: ignore[arg-type]
        if self._step == "before the result is written":
            raise Killed
        return network_id

    def __getattr__(self, name: str) -> object:
        return getattr(self._phone, name)


@pytest.mark.parametrize("lose", [0.0, 1.0], ids=["told by webhooks", "told nothing"])
@pytest.mark.parametrize("step", ["before the request", "before the result is written"])
def test_who_takes_over_from_a_killed_clock_dials_exactly_once(settings: Settings, step: str, lose: float) -> None:
    office = VirtualOffice(settings, seed=8, faults=Faults(lose=lose))
    customers = [f"+49151123456{place:02d}" for place in range(6)]
    for place, number in enumerate(customers):
        office.hire(f"Agent{place}", f"+49301234567{place}")
        office.carrier.introduce(number, Person())
        office.call(number).press("1").hang_up()
    phone = office.office.phone
    office.office = Office(office.runtime, FatalPhone(phone, step))  # type: ignore[arg-type]

    deaths = 0
    for _ in customers:
        try:
            office.run(seconds=400)
        except Killed:
            deaths += 1
    office.office = Office(office.runtime, phone)
    run_until_quiet(office)

    rings = Counter(leg.to for leg in office.carrier.calls if leg.direction == "outbound-dial")
    left = [*promise_complaints(office), *double_rings(office)]
    ends = [promise.status for promise in office.promises()]
    office.close()
    assert deaths >= 4
    assert left == []
    assert rings == dict.fromkeys(customers, 1)
    assert ends == ["kept"] * len(customers)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Processes:
    """A web process, the phone network and clocks, each ended with the test."""

    def __init__(self, environ: dict[str, str], logs: Path) -> None:
        self.environ, self.logs = environ, logs
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        with (self.logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=self.environ, stdout=log, stderr=log, start_new_session=True
            )
        self.running.append(process)
        return process

    def stop(self) -> None:
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def processes(settings: Settings, environ: dict[str, str], tmp_path: Path) -> Iterator[Processes]:
    given = {name: value for name, value in environment().items() if not name.startswith(("COV_", "PYTEST_"))}
    addresses = {
        "PUBLIC_URL": f"http://127.0.0.1:{free_port()}",
        "TWILIO_API_URL": f"http://127.0.0.1:{free_port()}",
        "DATABASE_URL": settings.database_url,
        "CLOCK_SPEED": str(SPEED),
        "CALLS_PER_SECOND": "20",
        "PYTHONPATH": str(ROOT),
    }
    started = Processes({**given, **environ, **addresses}, tmp_path)
    yield started
    started.stop()


def make_promises(settings: Settings, count: int) -> list[str]:
    """So many complaints whose callers hung up: each is promised a call, due soon after nine on a Monday."""
    office = VirtualOffice(settings, seed=9)
    for place in range(12):
        office.hire(f"Agent{place}", f"+4930123456{place:02d}")
    customers = [f"+49151123456{place:02d}" for place in range(count)]
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


def kill_at_random(processes: Processes, settings: Settings, dice: Random, *, kills: int, seconds: float) -> int:
    """Run two clocks, kill one again and again, until every promise has ended; gives how many were killed."""
    engine = sa.create_engine(settings.database_url)
    clocks = [processes.start(f"clock{place}", "tests/trust/run_clock.py") for place in range(2)]
    until, killed = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        time.sleep(dice.uniform(1.0, 2.2))
        with engine.connect() as connection:
            left = connection.scalar(sa.select(sa.func.count()).select_from(Promise).where(Promise.status == "open"))
        if not left and killed >= kills:
            break
        if killed < kills:
            place = dice.randrange(2)
            clocks[place].kill()
            clocks[place].wait()
            clocks[place] = processes.start(f"clock{place}", "tests/trust/run_clock.py")
            killed += 1
    engine.dispose()
    return killed


def check_kills(settings: Settings, processes: Processes, *, callbacks: int, kills: int, seconds: float) -> None:
    customers = make_promises(settings, callbacks)
    open_office(processes, customers)

    killed = kill_at_random(processes, settings, Random(17), kills=kills, seconds=seconds)

    rings = Counter(leg["to"] for leg in legs_at_the_network(processes) if leg["direction"] == "outbound-dial")
    engine = sa.create_engine(settings.database_url)
    with engine.connect() as connection:
        ends = Counter(connection.scalars(sa.select(Promise.status)))
    engine.dispose()
    assert killed == kills
    assert ends == {"kept": callbacks}
    assert rings == dict.fromkeys(customers, 1)


@pytest.mark.crash
@pytest.mark.timeout(200)
def test_no_callback_is_lost_or_doubled_when_clocks_are_killed(settings: Settings, processes: Processes) -> None:
    check_kills(settings, processes, callbacks=24, kills=8, seconds=120)


@pytest.mark.crash
@pytest.mark.long
def test_no_callback_of_many_is_lost_or_doubled_when_clocks_are_killed(
    settings: Settings, processes: Processes
) -> None:
    check_kills(settings, processes, callbacks=100, kills=60, seconds=600)


def test_an_outage_of_all_clocks_is_made_up_for_without_a_second_ring(settings: Settings) -> None:
    office = VirtualOffice(settings, seed=8)
    customers = [f"+49151123456{place:02d}" for place in range(6)]
    office.hire("Ada", "+493012345671")
    for number in customers:
        office.carrier.introduce(number, Person())
        office.call(number).press("1").hang_up()
    office.carrier.run(timedelta(hours=2).total_seconds())
    run_until_quiet(office)

    rings = Counter(leg.to for leg in office.carrier.calls if leg.direction == "outbound-dial")
    ends = [promise.status for promise in office.promises()]
    office.close()
    assert rings == dict.fromkeys(customers, 1)
    assert ends == ["kept"] * len(customers)
