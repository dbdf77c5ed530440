"""`scripts/run`: the whole office on one machine, started and stopped as an operator does it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import environment
from tests.guards.tree import ROOT

pytestmark = pytest.mark.crash


@pytest.fixture
def office_environ(var_dir: Path) -> dict[str, str]:
    return {"PATH": environment()["PATH"], "VAR_DIR": str(var_dir)}


@contextlib.contextmanager
def started(environ: dict[str, str], port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli.up", "--port", str(port)],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        yield process
        process.kill()


def two_free_ports() -> int:
    """The first of two neighbours that nobody listens on."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            with contextlib.suppress(OSError, OverflowError):
                second.bind(("127.0.0.1", port + 1))
                return port


def lines_until_ready(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if line.startswith("ready"):
            return lines
    raise AssertionError("not ready:\n" + "\n".join(lines))


def children_of(process: subprocess.Popen[str]) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=False
    )
    return [int(pid) for pid in listed.stdout.split()]


def child_that_runs(module: str, process: subprocess.Popen[str]) -> int:
    return next(pid for pid in children_of(process) if module in Path(f"/proc/{pid}/cmdline").read_text())


def is_alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return False


def status_of(url: str) -> int:
    with urllib.request.urlopen(url, timeout=5) as response:
        return int(response.status)


def stopped(process: subprocess.Popen[str], sign: signal.Signals) -> int:
    """Tell the office to stop, and see that nothing of it is left; gives its status."""
    children = children_of(process)
    assert len(children) == 3
    process.send_signal(sign)
    status = process.wait(timeout=20)
    assert not [pid for pid in children if is_alive(pid)]
    return status


def made_once(folder: Path) -> dict[str, int | str]:
    """The secrets that lie there, and when the logins and the proofs were written."""
    files = [folder / "demo-logins.txt", *(folder / "proofs").iterdir()]
    return {"secrets": (folder / "local.env").read_text()} | {path.name: path.stat().st_mtime_ns for path in files}


def test_the_office_answers_when_it_says_ready_and_a_second_start_takes_up_what_is_there(
    tmp_path: Path,
) -> None:
    """From nothing, told to stop by the keyboard, and then by the platform."""
    environ = {"PATH": environment()["PATH"], "VAR_DIR": str(tmp_path / "var")}
    port = two_free_ports()
    with started(environ, port) as process:
        lines_until_ready(process)
        statuses = [status_of(f"http://127.0.0.1:{port}/healthz"), status_of(f"http://127.0.0.1:{port + 1}/phone")]
        first = stopped(process, signal.SIGINT)
    made = made_once(tmp_path / "var")

    with started(environ, port) as process:
        lines_until_ready(process)
        second = stopped(process, signal.SIGTERM)

    assert statuses == [200, 200]
    assert (first, second) == (0, 0)
    assert len(made) == 3
    assert made_once(tmp_path / "var") == made  # what takes long at the first start


def test_when_one_process_dies_the_office_says_which_and_stops(office_environ: dict[str, str]) -> None:
    with started(office_environ, two_free_ports()) as process:
        lines_until_ready(process)
        children = children_of(process)
        os.kill(child_that_runs("app.jobs", process), signal.SIGKILL)
        said = process.communicate(timeout=20)[0]

    assert process.returncode == 1
    assert "clock ended with status -9" in said
    assert "clock.log" in said
    assert not [pid for pid in children if is_alive(pid)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent has died")
def test_nothing_is_left_behind_when_the_office_itself_is_killed(office_environ: dict[str, str]) -> None:
    with started(office_environ, two_free_ports()) as process:
        lines_until_ready(process)
        children = children_of(process)
        process.kill()
        process.wait()
        until = time.monotonic() + 10
        while any(map(is_alive, children)) and time.monotonic() < until:
            time.sleep(0.05)

    assert not [pid for pid in children if is_alive(pid)]


def test_a_port_that_is_taken_is_named(office_environ: dict[str, str]) -> None:
    port = two_free_ports()
    with socket.create_server(("127.0.0.1", port + 1)), started(office_environ, port) as process:
        said = process.communicate(timeout=20)[0]

    assert process.returncode == 1
    assert f"port {port + 1} cannot be used" in said
    assert "scripts/run --port N" in said


def test_an_unsafe_setting_of_the_operator_stops_the_start(office_environ: dict[str, str]) -> None:
    environ = {**office_environ, "PUBLIC_URL": "http://hotline.example.org", "CLOCK_SPEED": "60"}
    with started(environ, two_free_ports()) as process:
        said = process.communicate(timeout=20)[0]

    assert process.returncode == 1
    assert "PUBLIC_URL is http and not on a loopback address" in said
