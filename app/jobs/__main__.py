"""`python -m app.jobs`: the clock process. APScheduler only ticks; what is due stands in rows."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from datetime import timedelta
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

_HANGS_AFTER = timedelta(seconds=60)  # a tick that has not come round for so long: the process is of no use any more
_LOOK_SECONDS = 2.0
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
    runtime.follow_clock()
    runtime.keep_flows()
    office = Office(runtime, runtime.phone())
    scheduler = _scheduler()
    for tick in TICKS:
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
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    scheduler.start()
    _log.info("the clock ticks", worker=office.worker)
    status = _watch(office, scheduler, stop)
    # A tick under way finishes its row; what it does not finish, the lease and the reconciliation of another clock do.
    scheduler.shutdown(wait=status == 0)
    runtime.close()
    return status


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
    tick.run(office)
    office.beat(tick.name)


def _watch(office: Office, scheduler: BackgroundScheduler, stop: threading.Event) -> int:
    while not stop.wait(_LOOK_SECONDS):
        if not scheduler._thread.is_alive() or office.silent_for() > _HANGS_AFTER:
            _log.critical("the clock has stopped ticking and ends itself", silent=office.silent_for().total_seconds())
            return 1
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    if status == 1:
        os._exit(1)  # a hung thread would keep the process alive
    raise SystemExit(status)
