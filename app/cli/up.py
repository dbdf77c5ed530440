"""`python -m app.cli.up`: the whole office on this machine, as `scripts/run` starts it.

Web, clock and the local phone network run as children, each in its own process group with its own log file; when one
ends, or this process is told to, all of them end.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from app.cli import local_env
from app.cli.demo_office import PEOPLE
from app.domain.errors import BadFile
from app.ivr.hotline_file import Hotlines, load_hotlines
from app.migrations.upgrade import upgrade
from app.settings import Settings, SettingsFault, environment

HOST = "127.0.0.1"
START_SECONDS = 60
HUNG = 1  # the status with which a clock ends that has found itself hanging
STOP_SECONDS = 10
LOG_LINES_SHOWN = 15
PR_SET_PDEATHSIG = 1  # from Linux's <sys/prctl.h>


class CannotStart(Exception):
    """Something the operator can put right; the message says what."""


class Stopped(Exception):
    """Ctrl-C, or a signal to end."""


@dataclass(frozen=True)
class Child:
    """A running process of the office, and where it logs."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self, sign: signal.Signals) -> None:
        """Send `sign` to the whole process group."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, sign)

    def report(self) -> str:
        """How it ended, with the end of its log."""
        tail = self.log.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:]
        return "\n".join([f"{self.name} ended with status {self.process.poll()}; {self.log} says:", *tail])


def main(arguments: Sequence[str] | None = None) -> int:
    """Start everything, say where it is, and stay until told to stop."""
    given = environment()
    parser = argparse.ArgumentParser(prog="scripts/run", description="Starts the whole office on this machine.")
    parser.add_argument(
        "--port", type=int, default=int(given.get("PORT") or 8000), help="web; the phone network has N+1"
    )
    port: int = parser.parse_args(arguments).port
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, _stop)
    children: list[Child] = []
    try:
        _check_free(port, port + 1)
        environ, settings = _prepare(given, port)
        logs = settings.var_dir / "log"
        children.append(_start("phone", _phone(settings, port), environ, logs))
        _migrate(settings.database_url)
        children += [_start("web", _web(settings, port), environ, logs), _start("clock", ["app.jobs"], environ, logs)]
        _run("loading the demo office", [sys.executable, "-m", "app.cli", "demo", "load"], environ)
        _wait_for(children, [f"http://{HOST}:{port}/healthz", f"http://{HOST}:{port + 1}/phone"])
        _announce(port)
        _watch(children, lambda: _start("clock", ["app.jobs"], environ, logs))
    except Stopped:
        return 0
    except (CannotStart, SettingsFault, BadFile) as fault:
        print(fault, file=sys.stderr)
        return 1
    finally:
        _end(children)


def _prepare(given: Mapping[str, str], port: int) -> tuple[dict[str, str], Settings]:
    """The folder `var`, its secrets, and the environment of the children."""
    var = Path(given.get("VAR_DIR") or "var")
    (var / "log").mkdir(parents=True, exist_ok=True)
    var.chmod(0o700)
    addresses = {
        "PUBLIC_URL": f"http://{HOST}:{port}",
        "TWILIO_API_URL": f"http://{HOST}:{port + 1}",
        "SMTP_URL": f"smtp://{HOST}:{_mail_port(var / 'local.env')}",
        "BILLING_URL": f"http://{HOST}:{port + 1}/billing/orders",
        "CLOCK_SPEED": given.get("CLOCK_SPEED") or "1",
        "PORT": str(port),
    }
    chosen = {name: value for name, value in given.items() if value}
    environ = {**local_env.write(var / "local.env", addresses), **chosen, "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    return environ, Settings.read(environ)


def _web(settings: Settings, port: int) -> list[str]:
    listen = ["granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--no-access-log"]
    return [*listen, "--workers", str(settings.web_concurrency), "--blocking-threads", "8", "app.wsgi:app"]


def _phone(settings: Settings, port: int) -> list[str]:
    numbers = [
        f"--number={number}={hotline.company.name}"
        for hotline in _hotlines(settings.hotline_config)
        for number in hotline.numbers
    ]
    people = [f"--person={person.phone}={person.name}" for person in PEOPLE if person.phone]
    mail = (
        [f"--mail-port={urlsplit(settings.smtp_url).port}"] if settings.smtp_url.startswith(f"smtp://{HOST}:") else []
    )
    return ["app.simulator", "--port", str(port + 1), *mail, *numbers, *people]


def _hotlines(file: Path) -> Hotlines:
    """The hotlines, for their numbers; whether their flows are sound, web says."""
    flows = {flow.stem for flow in file.parent.glob("*.yaml")}
    languages = {prompts.stem for prompts in file.parent.glob("prompts/*.yaml")}
    return load_hotlines(file, flows=flows, languages=languages)


def _mail_port(file: Path) -> int:
    """Where the local mail server listened last, or another port if that is taken now."""
    last = urlsplit(local_env.read(file).get("SMTP_URL", "")).port
    if last is not None:
        with contextlib.suppress(CannotStart):
            _check_free(last)
            return last
    return _free_port()


def _free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _check_free(*ports: int) -> None:
    for port in ports:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except (OSError, OverflowError) as error:
                hint = "is this office running already? Else choose another one: scripts/run --port N"
                raise CannotStart(f"port {port} cannot be used ({error}); {hint}") from error


def _migrate(database_url: str) -> None:
    try:
        upgrade(database_url)
    except SQLAlchemyError as error:
        raise CannotStart(f"the database cannot be brought to the newest schema: {error}") from error


def _run(what: str, command: Sequence[str], environ: Mapping[str, str]) -> None:
    if subprocess.run(command, env=environ, check=False).returncode:
        raise CannotStart(f"{what} failed; what it said stands above")


def _start(name: str, module: Sequence[str], environ: Mapping[str, str], logs: Path) -> Child:
    log = logs / f"{name}.log"
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *module],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )
    return Child(name, process, log)


def _end_with_parent() -> None:
    """Runs in the child: on Linux it is told to stop even if this process is killed and can stop nothing itself."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait_for(children: Sequence[Child], urls: Sequence[str]) -> None:
    until = time.monotonic() + START_SECONDS
    for url in urls:
        while not _answers(url):
            _check_alive(children)
            if time.monotonic() > until:
                raise CannotStart(f"{url} did not answer within {START_SECONDS} s; see {children[0].log.parent}")
            time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - our own loopback address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _check_alive(children: Sequence[Child]) -> None:
    for child in children:
        if child.process.poll() is not None:
            raise CannotStart(child.report())


def _announce(port: int) -> None:
    web, phone = f"http://{HOST}:{port}", f"http://{HOST}:{port + 1}"
    print(f"hotline    {web}/             webhooks go to /voice/incoming")
    print(f"desk       {web}/desk/        agents and supervisors")
    print(f"API        {web}/api/v1/docs  its description: /api/v1/openapi.json")
    print(f"telephone  {phone}/phone      call the hotline, answer as an agent")
    print(f"letters    {phone}/mail       receipts by e-mail arrive here")
    print("ready; Ctrl-C stops all of it", flush=True)


def _watch(children: list[Child], start_clock: Callable[[], Child]) -> NoReturn:
    """Stay until a child ends; but a clock that ended itself because it hung is started again, as a platform would."""
    while True:
        for place, child in enumerate(children):
            if child.name == "clock" and child.process.poll() == HUNG:
                children[place] = start_clock()
        _check_alive(children)
        time.sleep(0.5)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def _end(children: Sequence[Child]) -> None:
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)  # once is enough: the rest of the work is to end them
    for child in reversed(children):
        child.stop(signal.SIGTERM)
    until = time.monotonic() + STOP_SECONDS
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(timeout=max(0.1, until - time.monotonic()))
        child.stop(signal.SIGKILL)
        child.process.wait()


if __name__ == "__main__":
    raise SystemExit(main())
