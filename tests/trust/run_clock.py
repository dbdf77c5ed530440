"""The clock process with doubts that last seconds instead of minutes, so that a test need not wait for them."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from app.jobs import __main__ as clock
from app.jobs.ticks import Office
from app.services.dial_attempt import Graces

SHORT = Graces(
    lease=timedelta(seconds=3), ask=timedelta(seconds=2), give_up=timedelta(seconds=5), silent=timedelta(seconds=4)
)

if __name__ == "__main__":
    clock.Office = partial(Office, graces=SHORT)  # type: ignore[misc,assignment]
    raise SystemExit(clock.main())
