"""The clock process of the simulated office, as `app.jobs`, on the time that it is told.

The product's own scheduler runs the product's own ticks. Only when a tick comes round is not left to the machine's
time: the simulation names the tick to run on standard input, a line each time, and hears on standard output whether it
found something. Without a line a tick that comes round rests.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from dataclasses import replace
from typing import Any

from app.cli.simulation.killed.told_runtime import told_runtime
from app.domain.clock import SystemClock
from app.jobs.__main__ import keep_ticking, scheduled
from app.jobs.ticks import TICKS, Office, Tick


class Prompts:
    """Which tick shall run next."""

    def __init__(self) -> None:
        """Nothing is asked for yet."""
        self._lock = threading.Lock()
        self._wanted = ""

    def prompted(self, tick: Tick) -> Tick:
        """The same tick, which rests unless it is asked for."""

        def run(office: Office) -> object:
            with self._lock:
                if tick.name != self._wanted:
                    return 0
                self._wanted = ""
            found: object = 0
            try:
                found = tick.run(office)
            finally:
                print(json.dumps(bool(found)), flush=True)
            return found

        return replace(tick, run=run)

    def listen(self, scheduler: Any) -> None:
        """Take lines until there are no more; then the simulation is over, and so is this process."""
        for line in sys.stdin:
            name = line.strip()
            with self._lock:
                self._wanted = name
            scheduler.modify_job(name, next_run_time=SystemClock().now())
        os._exit(0)


def main() -> int:
    """Tick when told to, until told to stop."""
    runtime = told_runtime()
    prompts = Prompts()
    office = Office(runtime, runtime.phone())
    scheduler = scheduled(office, [prompts.prompted(tick) for tick in TICKS])
    threading.Thread(target=prompts.listen, args=(scheduler,), daemon=True).start()
    return keep_ticking(office, scheduler)


if __name__ == "__main__":
    raise SystemExit(main())
