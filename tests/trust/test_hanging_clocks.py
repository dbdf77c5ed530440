"""A clock whose scheduler dies, or one of whose ticks hangs, is seen to be silent, and ends itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.models.office import Heartbeat
from app.runtime import Runtime
from app.settings import Settings
from app.web.app import create_app
from tests.trust.clock_rig import CLOCK, Processes, office_processes


@pytest.fixture
def processes(environ: dict[str, str], sqlite_url: str, tmp_path: Path) -> Iterator[Processes]:
    with office_processes(Settings.read({**environ, "DATABASE_URL": sqlite_url}), environ, tmp_path) as started:
        yield started


def wait_until(happened, *, seconds: float) -> float:
    """Seconds until it happened; more than `seconds` if it did not."""
    began = time.monotonic()
    while not happened() and time.monotonic() < began + seconds:
        time.sleep(0.05)
    return time.monotonic() - began


@pytest.mark.crash
@pytest.mark.parametrize("fate", ["hang", "lose scheduler"])
def test_a_clock_that_no_longer_ticks_is_seen_within_5_seconds_and_ends_within_10(
    processes: Processes, environ: dict[str, str], sqlite_url: str, fate: str
) -> None:
    settings = Settings.read({**environ, "DATABASE_URL": sqlite_url})
    office = Runtime.build(settings)
    platform = create_app(office).test_client()
    clock = processes.start("clock", CLOCK, environ={**processes.environ, "FATE": fate})

    def first_beat() -> bool:
        with office.database.reads() as session:
            return bool(session.scalar(sa.select(sa.func.count()).select_from(Heartbeat)))

    started = wait_until(first_beat, seconds=40)
    alive = platform.get("/readyz/clock").status_code
    wait_until(lambda: "ill" in (processes.logs / "clock.log").read_text(), seconds=30)
    fell_ill = time.monotonic()
    wait_until(lambda: platform.get("/readyz/clock").status_code == 503, seconds=30)
    seen = time.monotonic() - fell_ill
    wait_until(lambda: clock.poll() is not None, seconds=30)
    ended = time.monotonic() - fell_ill
    still_serving = platform.get("/readyz").status_code
    office.close()

    assert started < 40
    assert (alive, still_serving) == (200, 200)
    assert seen <= 5
    assert ended <= 10
    assert clock.returncode == 1
