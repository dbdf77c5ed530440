"""The runtime of one process of the simulated office: the product's own, on the time that it is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from app.cli.silence import Silence
from app.cli.simulation.killed.told_time import ToldClock
from app.logs import configure
from app.runtime import Runtime, read_settings
from app.settings import environment

TIME_FILE: Final = "SIMULATED_TIME"
"""The variable with the file in which these processes read the time; no other process looks at it."""


def told_runtime() -> Runtime:
    """Built as in production, but for the clock and for speech that nobody listens to.

    The office's time and the machine's are one here, so that leases and graces count on it, too. The flows were proved
    by whoever started this process.
    """
    settings = read_settings()
    configure(settings.log_level)
    told = ToldClock(Path(environment()[TIME_FILE]))
    runtime = Runtime.build(settings, clock=told, wall=told, unproved=True)
    return replace(runtime, speech=Silence(settings.var_dir))
