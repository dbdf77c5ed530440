"""The server that is measured: granian with one worker and four blocking threads, whatever it serves."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HOST: Final = "127.0.0.1"
SHAPE: Final = ("--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--no-access-log", "--no-ws")
START_SECONDS: Final = 30
STOP_SECONDS: Final = 10


class CannotServe(Exception):
    """The server did not start; the message holds what it said."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float | None:
        """Processor time that it has used so far, all its processes together; None where Linux does not tell."""
        return cpu_seconds(self.process.pid)


def cpu_seconds(pid: int) -> float | None:
    """Processor time that a process and all below it have used so far; None where Linux does not tell."""
    try:
        return sum(_cpu_seconds(process) for process in _family(pid)) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return None


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serve(target: str, port: int, environ: Mapping[str, str], log: Path, *, factory: bool = False) -> Iterator[Server]:
    """Serve a WSGI application for the length of the block.

    Raises:
        CannotServe: if it ends, or answers nobody within half a minute.
    """
    command = [sys.executable, "-m", "granian", *SHAPE, "--host", HOST, "--port", str(port), target]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--factory"] if factory else command,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait_for(process, port, log)
        yield Server(port, process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        time.sleep(0.05)
    raise CannotServe(log.read_text(errors="replace"))


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in _family(int(child)))]


def _cpu_seconds(pid: int) -> int:
    """Ticks in user and system mode, of all threads."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(after_name[11]) + int(after_name[12])
