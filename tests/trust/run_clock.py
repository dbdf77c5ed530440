"""The clock process with short doubts, that can be told to die, to sleep or to hang at a named step.

Nothing of this is in the product: this runner wraps the product's own functions.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random

from app.jobs import __main__ as clock
from app.jobs import ticks
from app.jobs.ticks import Office
from app.services import dial_attempt, start_attempts
from app.services.dial_attempt import Graces
from app.settings import environment
from app.telephony.twilio.phone import TwilioPhone

SHORT = Graces(
    lease=timedelta(seconds=3), ask=timedelta(seconds=2), give_up=timedelta(seconds=5), silent=timedelta(seconds=4)
)
STEPS = {
    "claimed": (start_attempts, "claim", "after"),  # within the transaction
    "intent written": (ticks, "promise_intent", "after"),  # committed
    "before the request": (TwilioPhone, "dial", "before"),
    "after the request": (TwilioPhone, "dial", "after"),
    "before the result": (dial_attempt, "_write_placed", "after"),  # within the transaction
    "after the result": (ticks, "dial", "after"),  # committed
}
"""Where a process may die: function, and on which side of it."""


def happens_at(step: str, deed: Callable[[], None]) -> None:
    """Do a deed the first time the step is reached."""
    place, name, side = STEPS[step]
    original = getattr(place, name)
    done: list[bool] = []

    def wrapped(*given: object, **how: object) -> object:
        if side == "before" and not done:
            done.append(True)
            deed()
        result = original(*given, **how)
        if side == "after" and result is not False and (result is not None or name != "promise_intent") and not done:
            done.append(True)
            deed()
        return result

    setattr(place, name, wrapped)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def sleep() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def hang() -> None:
    """A tick that never comes back, some seconds after the start."""
    began = time.monotonic()
    original = ticks.who_is_next

    def wrapped(*given: object, **how: object) -> object:
        if time.monotonic() > began + HEALTHY_SECONDS:
            print("ill", flush=True)
            time.sleep(1_000)
        return original(*given, **how)

    ticks.who_is_next = wrapped  # type: ignore[assignment]


def lose_scheduler() -> None:
    """The scheduler's thread ends, some seconds after the start, with the process alive."""
    build = clock._scheduler

    def built() -> object:
        scheduler = build()
        wait = scheduler._process_jobs
        began = time.monotonic()

        def process_jobs() -> float:
            if time.monotonic() > began + HEALTHY_SECONDS:
                print("ill", flush=True)
                raise SystemExit
            return min(wait(), 0.5)

        scheduler._process_jobs = process_jobs
        return scheduler

    clock._scheduler = built  # type: ignore[assignment]


def die_while_dialling() -> None:
    """At any moment of the first dial, and shortly afterwards."""
    original = ticks._intended

    def wrapped(*given: object) -> object:
        threading.Timer(Random(os.getpid()).uniform(0, LONGEST_DIAL_SECONDS), die).start()
        ticks._intended = original
        return original(*given)  # type: ignore[arg-type]

    ticks._intended = wrapped  # type: ignore[assignment]


HEALTHY_SECONDS = 4.0
LONGEST_DIAL_SECONDS = 0.15
FATES = {"hang": hang, "lose scheduler": lose_scheduler, "die while dialling": die_while_dialling}


def live(fate: str) -> int:
    """Be a clock until the fate is met; the status to end with."""
    threading.excepthook = lambda _: None
    deed, _, step = fate.partition(" at ")
    if step:
        happens_at(step, {"die": die, "sleep": sleep}[deed])
    elif fate in FATES:
        FATES[fate]()
    clock.Office = partial(Office, graces=SHORT)  # type: ignore[misc,assignment]
    return clock.main() % 3


if __name__ == "__main__":
    os._exit(live(environment().get("FATE", "")))
