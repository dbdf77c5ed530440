"""What every test may ask for: a clock that stands still, settings, and fresh databases of both kinds."""

from __future__ import annotations

import base64
import itertools
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
import structlog
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, Page

from app.cli.throwaway_postgres import NoPostgres, PostgresServer, start_postgres
from app.domain.clock import FakeClock
from app.settings import Settings, environment
from tests.browser import NoBrowser, start_browser
from tests.compiled_once import compile_once

if TYPE_CHECKING:
    from app.runtime import Runtime

AUTH_TOKEN = "0123456789abcdef0123456789abcdef"
ACCOUNT_SID = "AC" + "5" * 32
BOTH_DATABASES = [
    pytest.param("sqlite", marks=pytest.mark.sqlite),
    pytest.param("postgres", marks=pytest.mark.postgres),
]

hypothesis_settings.register_profile(
    "suite", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
hypothesis_settings.load_profile("suite")
compile_once()
_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def plain_tracebacks() -> None:
    """Log as usual, but without the values of every variable, which takes seconds for each failure that is told."""
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])


MARKED_BY_FIXTURE = {"postgres_server": "postgres", "sqlite_url": "sqlite", "browser": "browser"}
HEAVY = ("browser", "crash")
LONG_SECONDS = 1800


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they use; files with heavy ones come first, lest one worker end long after the other."""
    heavy = set()
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in MARKED_BY_FIXTURE:
                item.add_marker(MARKED_BY_FIXTURE[fixture])
        if item.get_closest_marker("long") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(LONG_SECONDS))
        if any(item.get_closest_marker(marker) for marker in HEAVY):
            heavy.add(item.path)
    items.sort(key=lambda item: item.path not in heavy)


def not_here(reason: Exception) -> NoReturn:
    """Skip what needs a program this machine lacks, for the summary to show; in CI everything must be there."""
    if environment().get("CI"):
        raise reason
    pytest.skip(str(reason))


@pytest.fixture
def clock() -> FakeClock:
    """Monday 2026-03-02 09:00 UTC, until told otherwise."""
    return FakeClock()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL for the whole run."""
    try:
        with start_postgres(environment()) as server:
            yield server
    except NoPostgres as reason:
        not_here(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the whole run."""
    try:
        with start_browser(environment()) as chromium:
            yield chromium
    except NoBrowser as reason:
        not_here(reason)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh window: no cookies, nothing remembered."""
    with browser.new_context(locale="en-GB") as context:
        yield context.new_page()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file at the newest schema, to be copied."""
    from app.migrations.upgrade import upgrade

    file = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: PostgresServer) -> Iterator[str]:
    """The name of a PostgreSQL database at the newest schema, to be copied."""
    from app.migrations.upgrade import upgrade

    name = f"migrated_{uuid.uuid4().hex[:8]}"
    upgrade(postgres_server.create(name))
    yield name
    postgres_server.drop(name)


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """A fresh, migrated SQLite database."""
    return f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'office.db')}"


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, migrated_postgres: str) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database."""
    name = f"office_{os.getpid()}_{next(_numbers)}"
    yield postgres_server.create(name, template=migrated_postgres)
    postgres_server.drop(name)


@pytest.fixture(params=BOTH_DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database: the test runs once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


KEPT_BY_CONTENT = ("proofs", "speech")
"""What an office keeps in its folder under a name made of all that it depends on."""


@pytest.fixture(scope="session")
def kept_by_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Verdicts about the flows and spoken sentences, of all workers: the same one is made once in a run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in environment() else base) / "kept-by-content"
    for name in KEPT_BY_CONTENT:
        (folder / name).mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def var_dir(tmp_path: Path, kept_by_content: Path) -> Path:
    """The folder of an office that has started before, and has kept nothing about anybody."""
    folder = tmp_path / "var"
    folder.mkdir()
    for name in KEPT_BY_CONTENT:
        (folder / name).symlink_to(kept_by_content / name, target_is_directory=True)
    return folder


@pytest.fixture
def environ(var_dir: Path) -> dict[str, str]:
    """The environment of an office on a loopback address, complete but for its database."""
    return {
        "PUBLIC_URL": "http://127.0.0.1:18000",
        "SECRET_KEY": "a secret for tests, long enough to be one",
        "DATA_KEYS": "k1:" + base64.b64encode(bytes(range(32))).decode(),
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "TWILIO_API_URL": "http://127.0.0.1:18001",
        "HOTLINE_CONFIG": str(Path(__file__).parents[1] / "ivr_flows/hotline.yaml"),
        "VAR_DIR": str(var_dir),
    }


@pytest.fixture
def settings(environ: dict[str, str], database_url: str) -> Settings:
    """The settings of an office on a loopback address."""
    return Settings.read({**environ, "DATABASE_URL": database_url})


@pytest.fixture
def runtime(settings: Settings, clock: FakeClock) -> Iterator[Runtime]:
    """An office on a fresh database; both its clocks are `clock`."""
    from app.runtime import Runtime  # a test of the pure core need not wait for all of it

    office = Runtime.build(settings, clock=clock, wall=clock)
    yield office
    office.close()
