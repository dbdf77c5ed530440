"""A PostgreSQL that stands still: callers hear an apology within seconds, and all goes on when it goes on."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog

from app.cli.virtual_office import VirtualOffice
from app.logs import configure
from app.models.patience import USUAL, patience
from app.settings import Settings

CORA = "+4915112345678"
MOST_SECONDS = 3.0


@pytest.fixture
def log_as_in_production() -> Iterator[None]:
    """Without configuration every traceback is painted in colours, which takes more than a second."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure("INFO")
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def office(log_as_in_production: None, environ: dict[str, str], postgres_url: str) -> Iterator[VirtualOffice]:
    opened = VirtualOffice(Settings.read({**environ, "DATABASE_URL": postgres_url}))
    yield opened
    opened.close()


@contextlib.contextmanager
def standing_still(office: VirtualOffice) -> Iterator[None]:
    """Stop the server and everything of it that serves this office."""
    with office.runtime.database.reads() as session:
        own = sa.text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        backends = list(session.scalars(own))
    server = int(Path(f"/proc/{backends[0]}/stat").read_text().rsplit(")", 1)[1].split()[1])
    stopped = [server, *backends]
    for process in stopped:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in stopped:
            os.kill(process, signal.SIGCONT)


@pytest.mark.postgres
def test_who_calls_a_hanging_database_hears_an_apology_within_seconds(office: VirtualOffice) -> None:
    call = office.call(CORA)
    call.press("1")
    with standing_still(office):
        call.press("1")
        other = office.call("+4915112345679")

    assert "Entschuldigen Sie" in call.last_heard
    assert "Entschuldigen Sie" in other.last_heard
    assert [(sent.url, sent.ms) for sent in office.carrier.webhooks if sent.ms > MOST_SECONDS * 1000] == []
    assert {sent.status for sent in office.carrier.webhooks} == {200}


@pytest.mark.postgres
def test_the_next_call_is_answered_as_soon_as_the_database_goes_on(office: VirtualOffice) -> None:
    office.call(CORA).press("1").hang_up()
    with standing_still(office):
        office.call("+4915112345679").hang_up()

    begun = time.monotonic()
    call = office.call("+4915112345670")
    call.press("1")

    assert "Entschuldigen Sie" not in " ".join(call.heard)
    assert time.monotonic() - begun < MOST_SECONDS
    assert patience.get() == USUAL
