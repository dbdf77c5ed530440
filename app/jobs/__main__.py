"""`python -m app.jobs`: the clock process. APScheduler only ticks; what is due stands in rows."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from app.domain.errors import BadFile
from app.jobs.ticks import TICKS, Office, Tick
from app.logs import configure
from app.runtime import Runtime, read_settings
from app.settings import SettingsFault

_LOOK_SECONDS = 0.5
_PULSE_SECONDS = 5.0  # the shortest tick comes twice a second; so long without it, nothing starts ticks any more
_LAST_STEPS_SECONDS = 8.0  # when told to stop: what is under way by then is left to the lease
_log = structlog.get_logger()
logging.getLogger("apscheduler").setLevel(logging.WARNING)  # at INFO it tells of every tick


def main() -> int:
    """Run until told to stop; end with status 1 when ticking has stopped by itself, for the platform to restart."""
    try:
        settings = read_settings()
        configure(settings.log_level)
        runtime = Runtime.build(settings)
    except (SettingsFault, BadFile) as fault:
        print(fault, file=sys.stderr)
        return 2
    office = Office(runtime, runtime.phone(), rest=time.sleep)
    return keep_ticking(office, scheduled(office, TICKS))


def scheduled(office: Office, ticks: Iterable[Tick]) -> BackgroundScheduler:
    """A scheduler, not started yet, that will run each tick as often as it says."""
    scheduler = _scheduler()
    for tick in ticks:
        scheduler.add_job(
            _run,
            "interval",
            (office, tick),
            seconds=tick.seconds,
            id=tick.name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,  # a late tick is still a tick
        )
    return scheduler


def keep_ticking(office: Office, scheduler: BackgroundScheduler) -> int:
    """Tick until told to stop; the process's status."""
    runtime = office.runtime
    runtime.follow_others()
    runtime.keep_flows()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    scheduler.start()
    _log.info("the clock ticks", worker=office.worker)
    status = _watch(office, scheduler, stop)
    if status == 0:
        status = _finish(office, scheduler)
    if status == 0:
        runtime.close()
    return status


def _finish(office: Office, scheduler: BackgroundScheduler) -> int:
    """Let the steps under way come to their end; what does not, the lease and another clock's reconciliation finish."""
    office.stopping.set()
    ending = threading.Thread(target=scheduler.shutdown, name="last steps", daemon=True)
    ending.start()
    ending.join(_LAST_STEPS_SECONDS)
    if ending.is_alive():
        _log.warning("a tick did not come to its end in time")
        return 3
    return 0


def _scheduler() -> BackgroundScheduler:
    scheduler = BackgroundScheduler(
        jobstores={"default": MemoryJobStore()}, executors={"default": ThreadPoolExecutor(len(TICKS))}, timezone="UTC"
    )
    scheduler.add_listener(_tell, EVENT_JOB_ERROR | EVENT_JOB_MAX_INSTANCES)
    return scheduler


def _tell(event: Any) -> None:
    if getattr(event, "exception", None) is not None:
        _log.error("a tick failed", tick=event.job_id, error=repr(event.exception))


def _run(office: Office, tick: Tick) -> None:
    if office.stopping.is_set():
        return
    office.life.begin(tick.name)
    try:
        tick.run(office)
    finally:
        office.life.end(tick.name)


def _watch(office: Office, scheduler: BackgroundScheduler, stop: threading.Event) -> int:
    """Wait until told to stop; 1 as soon as the scheduler is dead, starts nothing any more, or a tick hangs."""
    pulse = min(TICKS, key=lambda tick: tick.seconds).name
    while not stop.wait(_LOOK_SECONDS):
        hangs = office.life.hanging() or (pulse if office.life.pause_of(pulse) > _PULSE_SECONDS else None)
        if hangs is not None or not scheduler._thread.is_alive():
            _log.critical("the clock has stopped ticking and ends itself", hangs=hangs)
            return 1
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    if status in (1, 3):
        os._exit(status % 3)  # a hung thread would keep the process alive
    raise SystemExit(status)
