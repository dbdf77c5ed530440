"""The real processes of a simulated office: how they are started, prompted and killed."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

HOST: Final = "127.0.0.1"
_START_SECONDS: Final = 120.0  # of a machine that does much else
_LOOK_SECONDS: Final = 60.0  # much longer than any tick takes
_PR_SET_PDEATHSIG: Final = 1  # from Linux's <sys/prctl.h>


class ProcessFailed(Exception):
    """A process ended that nobody had killed, or never answered; the message holds the end of its log."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class House:
    """One web process and some clocks; all of them end with this one."""

    def __init__(self, environ: Mapping[str, str], logs: Path, *, web_port: int, clocks: int = 2) -> None:
        """Start nobody yet.

        Args:
            environ: the settings of all of them.
            logs: the folder for what they log.
        """
        self._environ, self._logs, self._port = dict(environ), logs, web_port
        self._web: subprocess.Popen[bytes] | None = None
        self._clocks: dict[int, subprocess.Popen[bytes]] = {}
        self._ready: dict[int, subprocess.Popen[bytes]] = {}  # started, and not yet asked anything
        self.places = tuple(range(1, clocks + 1))
        self.started = 0

    @property
    def living(self) -> tuple[int, ...]:
        """The clocks that run."""
        return tuple(self._clocks)

    @property
    def has_web(self) -> bool:
        """Whether the web process runs."""
        return self._web is not None

    def start_web(self) -> None:
        """Start the web process; it answers some time later."""
        self._web = self._start(
            "web", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(self._port), "--no-access-log",
            "--log-level", "error", "--blocking-threads", "4", "app.cli.simulation.killed.told_web:app",
        )  # fmt: skip

    def await_web(self) -> None:
        """Wait until the web process answers.

        Raises:
            ProcessFailed: if it does not.
        """
        until = time.monotonic() + _START_SECONDS
        url = f"http://{HOST}:{self._port}/healthz"
        while time.monotonic() < until and self._web is not None and self._web.poll() is None:
            with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(url, timeout=2):
                return
            time.sleep(0.02)
        raise ProcessFailed(self._report("web"))

    def prepare_clock(self, place: int) -> None:
        """Start a process that will be a clock once it is let in; starting takes the machine some seconds."""
        self._ready[place] = self._start(f"clock{place}", "app.cli.simulation.killed.told_clock")

    def let_in(self, place: int) -> None:
        """Let a clock be asked from now on; what it is asked before it is ready, it does then."""
        self._clocks[place] = self._ready.pop(place)

    def prompt(self, name: str, places: Iterable[int]) -> None:
        """Ask these clocks to run a tick."""
        for place in places:
            process = self._clocks[place]
            assert process.stdin is not None
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(f"{name}\n".encode())
                process.stdin.flush()

    def have_answered(self, places: Iterable[int]) -> bool:
        """Whether all of these clocks have something to say, or are dead."""
        pipes = [process.stdout for place, process in self._clocks.items() if place in places and process.stdout]
        return len(select.select(pipes, [], [], 0)[0]) == len(pipes)

    def answers(self, places: Iterable[int]) -> bool:
        """Whether the tick has found something in any of these clocks, of those that live; waits for their answers.

        Raises:
            ProcessFailed: if one has ended by itself or takes too long.
        """
        found = False
        for place, process in self._clocks.items():
            if place not in places:
                continue
            assert process.stdout is not None
            if not select.select([process.stdout], [], [], _LOOK_SECONDS + _START_SECONDS)[0]:
                raise ProcessFailed(self._report(f"clock{place}"))
            line = process.stdout.readline()
            if not line:
                raise ProcessFailed(self._report(f"clock{place}"))
            found |= json.loads(line)
        return found

    def strike(self, places: Iterable[int]) -> None:
        """Send SIGKILL to clocks, and nothing more; any thread may."""
        for place in places:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._clocks[place].pid, signal.SIGKILL)

    def kill_clock(self, place: int) -> bool:
        """End a clock with SIGKILL; whether it had not yet answered what it was asked last."""
        process = self._clocks.pop(place)
        assert process.stdout is not None
        assert process.stdin is not None
        _kill(process)
        was_busy = not select.select([process.stdout], [], [], 0)[0] or not process.stdout.readline()
        process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        return was_busy

    def kill_web(self) -> None:
        """End the web process with SIGKILL, its workers included."""
        if self._web is not None:
            _kill(self._web)
            self._web = None

    def stop(self) -> None:
        """End everybody."""
        self.kill_web()
        for process in (*self._clocks.values(), *self._ready.values()):
            _kill(process)
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(BrokenPipeError):
                        pipe.close()
        self._clocks, self._ready = {}, {}

    def _start(self, name: str, *module: str) -> subprocess.Popen[bytes]:
        self.started += 1
        with (self._logs / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *module],
                env=self._environ,
                stdin=subprocess.DEVNULL if name == "web" else subprocess.PIPE,
                stdout=log if name == "web" else subprocess.PIPE,
                stderr=log,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )

    def _report(self, name: str) -> str:
        tail = (self._logs / f"{name}.log").read_text(errors="replace").splitlines()[-15:]
        return "\n".join([f"{name} ended or did not answer; its log says:", *tail])


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _end_with_parent() -> None:
    """Runs in the child: on Linux it ends even if this process is killed and can end nobody itself."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
