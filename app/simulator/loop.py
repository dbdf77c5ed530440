"""The event loop: a heap of moments, and tasks written as generators that say what they wait for.

`VirtualLoop` jumps from event to event and does requests inline; `RealLoop` lives in a thread of its
own, follows the machine's clock and does requests in a pool of threads.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias, TypeVar

from app.simulator.clock import Clock, SettableClock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait until an instant, or, with None, until somebody wakes the task."""

    until: datetime | None


@dataclass(frozen=True, slots=True)
class Fetch:
    """Do something slow outside the lock; its result is sent back into the task."""

    job: Callable[[], Any]


T = TypeVar("T")
Steps: TypeAlias = Generator[Sleep | Fetch, Any, T]


class Task:
    """A generator under way."""

    def __init__(self, steps: Steps[Any]) -> None:
        """Take the generator; the loop starts it."""
        self.steps = steps
        self.ticket = 0  # grows with every sleep, so that a stale alarm finds nobody
        self.asleep = False
        self.done = False


class Loop:
    """What both drivers share: the heap, the lock and stepping a task."""

    def __init__(self, clock: Clock) -> None:
        """Run on `clock`."""
        self.clock = clock
        self.lock = threading.RLock()
        self._heap: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def at(self, when: datetime, action: Callable[[], None]) -> None:
        """Do `action` at `when`, or at once if that has passed."""
        with self.lock:
            heapq.heappush(self._heap, (when, next(self._order), action))

    def is_empty(self) -> bool:
        """Whether nothing is left to happen."""
        return not self._heap

    def soon(self, action: Callable[[], None], after: float = 0) -> None:
        """Do `action` after so many seconds."""
        self.at(self.clock.now() + timedelta(seconds=after), action)

    def spawn(self, steps: Steps[Any], after: float = 0) -> Task:
        """Start a task after so many seconds."""
        task = Task(steps)
        self.soon(lambda: self._step(task, None), after)
        return task

    def wake(self, task: Task | None) -> None:
        """Let a sleeping task look again at what it waits for."""
        with self.lock:
            if task is not None and task.asleep:
                self._alarm(task, self.clock.now())

    def perform(self, task: Task, job: Callable[[], Any]) -> None:
        """Do a task's job and step the task with its result."""
        raise NotImplementedError

    def _alarm(self, task: Task, when: datetime) -> None:
        ticket = task.ticket

        def ring() -> None:
            if task.asleep and task.ticket == ticket:
                self._step(task, None)

        self.at(when, ring)

    def _step(self, task: Task, value: Any) -> None:
        with self.lock:
            task.asleep = False
            task.ticket += 1
            try:
                effect = task.steps.send(value)
            except StopIteration:
                task.done = True
                return
            if isinstance(effect, Sleep):
                task.asleep = True
                if effect.until is not None:
                    self._alarm(task, effect.until)
                return
        self.perform(task, effect.job)


class VirtualLoop(Loop):
    """Time is what the next event says; everything happens in the thread that runs it."""

    def __init__(self, clock: SettableClock) -> None:
        """Run on a clock that can be set."""
        super().__init__(clock)
        self._settable = clock
        self.running = False

    def perform(self, task: Task, job: Callable[[], Any]) -> None:
        """Do the job here and now; the lock is free meanwhile, and what follows is an event of its own."""
        result = job()
        self.soon(lambda: self._step(task, result))

    def run_until(self, ready: Callable[[], bool], limit: datetime) -> bool:
        """Run event after event until `ready`, at most to `limit`.

        Returns:
            Whether `ready` came true. The clock stands at the last event then, else at `limit` or, if nothing
            was left to happen, where it was.
        """
        if self.running:
            return False
        self.running = True
        try:
            while not ready():
                with self.lock:
                    if not self._heap or self._heap[0][0] > limit:
                        return False
                    when, _, action = heapq.heappop(self._heap)
                    if when > self.clock.now():
                        self._settable.set(when)
                action()
            return True
        finally:
            self.running = False

    def run(self, seconds: float) -> None:
        """Let so many seconds pass."""
        limit = self.clock.now() + timedelta(seconds=seconds)
        self.run_until(lambda: False, limit)
        if self.clock.now() < limit:
            self._settable.set(limit)


class RealLoop(Loop):
    """Time is the machine's; one thread steps the tasks, a pool does their requests."""

    def __init__(self, clock: Clock, threads: int = 32) -> None:
        """Prepare; nothing runs before `start`."""
        super().__init__(clock)
        self._pool = ThreadPoolExecutor(threads, "phone-network")
        self._stopping = False
        self.changed = threading.Condition(self.lock)
        self._thread = threading.Thread(target=self._live, name="phone-network", daemon=True)

    def at(self, when: datetime, action: Callable[[], None]) -> None:
        """Do `action` at `when`, or at once if that has passed."""
        with self.changed:
            super().at(when, action)
            self.changed.notify_all()

    def start(self) -> None:
        """Begin to follow the clock."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; requests under way are not waited for."""
        with self.changed:
            self._stopping = True
            self.changed.notify_all()
        self._thread.join(5)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def perform(self, task: Task, job: Callable[[], Any]) -> None:
        """Hand the job to the pool; its result comes back as an event."""

        def work() -> None:
            try:
                result = job()
            except Exception:  # a job answers for its own errors; this is a fault of ours and must be seen
                log.exception("a request of the phone network failed")
                return
            self.soon(lambda: self._step(task, result))

        self._pool.submit(work)

    def _live(self) -> None:
        while True:
            with self.changed:
                if self._stopping:
                    return
                wait = (self._heap[0][0] - self.clock.now()).total_seconds() if self._heap else 60.0
                if wait > 0:
                    self.changed.wait(wait)
                    continue
                _, _, action = heapq.heappop(self._heap)
            try:
                action()
            except Exception:  # one broken call must not stop the network
                log.exception("a task of the phone network failed")
