"""Clocks that meet their fates, one after the other, each born at once from a process that has all loaded."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from random import Random
from typing import Any

import sqlalchemy as sa

from app.models.office import Heartbeat
from app.models.promise import Attempt, Promise
from app.settings import Settings
from tests.trust.clock_rig import Processes

LONGER_THAN_ITS_LEASE = 7.0  # seconds; see `run_clock.SHORT`
AWAKE = "awake"  # slept past its lease, and shall live long enough to do what it was about to do
WATCHED = ("kill", "end", AWAKE)
"""Fates that come from outside, at a random moment of a life."""
LIFE = (0.3, 2.2)  # seconds, of those
_LOOK_SECONDS = 0.05
_PROMISES_LEFT = sa.select(sa.func.count()).select_from(Promise).where(Promise.status == "open")


@dataclass
class Clock:
    """A clock process."""

    pid: int
    fate: str
    meets_at: float = 0.0  # of those that are met from outside
    told_at: float | None = None  # to end
    stopped_at: float | None = None
    status: int | None = None  # None while it lives; negative: the signal that killed it
    gone_at: float = 0.0

    def send(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def is_stopped(self) -> bool:
        """Whether it stands still by SIGSTOP."""
        try:
            return (Path("/proc") / str(self.pid) / "stat").read_text().rpartition(")")[2].split()[0] == "T"
        except OSError:
            return False


class Nursery:
    """The process of which clocks are forked."""

    def __init__(self, processes: Processes) -> None:
        self._process = processes.start("clock", "tests/trust/run_nursery.py", piped=True)
        self._told: Queue[str] = Queue()
        self._clocks: dict[int, Clock] = {}
        threading.Thread(target=self._listen, daemon=True).start()
        assert self._told.get(timeout=60) == "ready"

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as told:
            for line in told:
                words = line.decode().split()
                if words[0] == "gone":
                    self._gone(int(words[1]), int(words[2]))
                else:
                    self._told.put(words[-1])

    def _gone(self, pid: int, status: int) -> None:
        while pid not in self._clocks:  # it was told to be born already
            time.sleep(0.001)
        self._clocks[pid].gone_at, self._clocks[pid].status = time.monotonic(), status

    def bear(self, fate: str, dice: Random) -> Clock:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{fate if fate not in WATCHED else ''}\n".encode())
        self._process.stdin.flush()
        pid = int(self._told.get(timeout=20))
        clock = Clock(pid, fate, time.monotonic() + dice.uniform(*LIFE))
        self._clocks[pid] = clock
        return clock


class Fates:
    """Clocks, each with a fate: to die, to sleep, to be killed or told to end; then another takes its place."""

    def __init__(
        self,
        processes: Processes,
        settings: Settings,
        fates: Iterable[str],
        *,
        clocks: int = 2,
        steady: int = 0,
        seed: int = 17,
        still: sa.Select[Any] = _PROMISES_LEFT,
    ) -> None:
        """Start the first clocks.

        Args:
            still: counts what is still to be done; with nothing left it is over.
            fates: as `run_clock` knows them, and "kill" and "end" for what is done to them from outside.
            clocks: how many run at any time.
            steady: how many of them are spared.
        """
        self.engine, self.nursery, self.dice = sa.create_engine(settings.database_url), Nursery(processes), Random(seed)
        self.to_come, self.still = deque(fates), still
        self.met: Counter[str] = Counter()
        self.ends: list[tuple[float, int]] = []  # of those told to end: seconds it took, status
        self.left_unknown = 0  # attempts of theirs of which they did not know whether they had dialled
        self.in_the_middle = 0  # of those killed: an attempt was written and not yet dialled, or not known to be
        self.lives = 0
        self.by_themselves = 0  # ended before they met their fate, which another one meets then
        self.steady = [self._bear("") for _ in range(steady)]
        self.clocks = [self._next() for _ in range(clocks - steady)]

    def _bear(self, fate: str) -> Clock:
        self.lives += 1
        return self.nursery.bear(fate, self.dice)

    def _next(self) -> Clock:
        return self._bear(self.to_come.popleft() if self.to_come else "")

    def run(self, *, seconds: float) -> None:
        """Until every fate is met and every promise has ended, at most so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._is_over():
            time.sleep(_LOOK_SECONDS)
            self.clocks = [self._meet(clock) for clock in self.clocks]
        self.engine.dispose()

    def _meet(self, clock: Clock) -> Clock:
        """What becomes of a clock at this moment: the same one, or who takes its place."""
        if clock.status is not None:
            self._note(clock)
            return self._next()
        now = time.monotonic()
        if clock.fate.startswith("sleep") and clock.is_stopped():
            clock.stopped_at = clock.stopped_at or now
            if now > clock.stopped_at + LONGER_THAN_ITS_LEASE:
                self.met[clock.fate] += 1
                clock.fate, clock.meets_at = AWAKE, now + 2
                clock.send(signal.SIGCONT)
        elif clock.fate in WATCHED and now > clock.meets_at and clock.told_at is None:
            if clock.fate != "end":
                clock.send(signal.SIGKILL)
            elif self._ticks(clock.pid):
                clock.told_at = now
                clock.send(signal.SIGTERM)
        elif not clock.fate and self.to_come:
            clock.send(signal.SIGKILL)
        return clock

    def _note(self, clock: Clock) -> None:
        if clock.fate == "end":
            self.met["end"] += 1
            self.ends.append((clock.gone_at - (clock.told_at or 0), clock.status or 0))
            self.left_unknown += self._unknown_of(clock.pid)
        elif clock.fate and clock.fate != AWAKE:
            if clock.status == -signal.SIGKILL:
                self.met[clock.fate] += 1
            else:  # it ended itself, as one does that waits too long for a database whose owner sleeps
                self.by_themselves += 1
                self.to_come.append(clock.fate)
            self.in_the_middle += self._unknown_of(clock.pid)

    def _is_over(self) -> bool:
        if self.to_come or any(clock.fate for clock in self.clocks):
            return False
        time.sleep(0.3)
        with self.engine.connect() as connection:
            return not connection.scalar(self.still)

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
