"""A month in several offices at once: each hotline with a database, a staff and callers of its own.

What one hotline lives through depends on its own seed alone, so that the number of processes changes nothing but time.
"""

from __future__ import annotations

import gc
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from app.cli.simulation.day import FORGOTTEN_AFTER
from app.cli.simulation.facts import Facts, facts_of
from app.cli.simulation.matters import Matter, read_matters
from app.cli.simulation.month import Month
from app.cli.simulation.outcome import Outcome, outcome_of
from app.cli.throwaway import throwaway_office
from app.cli.virtual_office import VirtualOffice
from app.logs import configure
from app.simulator.faults import Faults

_ROOMY: Final = (100_000, 50, 1_000)  # garbage in circles is looked for seldom


@dataclass(frozen=True, slots=True)
class Site:
    """One hotline to be simulated."""

    hotline: str
    begins_at: datetime
    days: int
    calls: int
    agents: int
    absent: int
    seed: str
    matters: Path
    faults: Faults = field(default_factory=Faults)


@dataclass(frozen=True, slots=True)
class Lived:
    """What one hotline lived through."""

    outcome: Outcome
    facts: Facts
    cpu_seconds: float
    calls_placed: int  # by the office: legs to agents and customers


def hotline_names(begins_at: datetime) -> list[str]:
    """The hotlines of the office's file, in its order; the flows are proved for them, once for all sites."""
    with throwaway_office(begins_at, silent=True) as office:
        return [hotline.name for hotline in office.runtime.hotlines]


def live_everywhere(sites: list[Site], workers: int) -> list[Lived]:
    """Let every site live, in so many processes at once; in their order."""
    if workers < 2 or len(sites) < 2:
        return [live_one(site) for site in sites]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(sites)), mp_context=spawn) as pool:
        return list(pool.map(live_one, sites))


def live_one(site: Site) -> Lived:
    """One hotline, in this process."""
    configure("CRITICAL")
    thresholds = gc.get_threshold()
    gc.set_threshold(*_ROOMY)
    begun = time.process_time()
    try:
        with site.matters.open("rb") as rows:
            matters = read_matters(rows, site.matters.name, lambda _: None)
        with throwaway_office(
            site.begins_at,
            number_of(site.seed),
            site.faults,
            proved=True,
            silent=True,
            forgets_after=FORGOTTEN_AFTER,
        ) as office:
            gc.collect()
            gc.freeze()  # the program itself is no garbage
            month, facts = live_at(office, site, matters)
            return Lived(outcome_of(month), facts, time.process_time() - begun, office.carrier.placed)
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)


def live_at(office: VirtualOffice, site: Site, matters: list[Matter]) -> tuple[Month, Facts]:
    """Let one hotline live in an office; gives what it lived through, and what stands in the database then."""
    hotline = office.runtime.hotlines.named(site.hotline)
    assert hotline is not None
    month = Month(
        office,
        matters,
        hotline=hotline,
        days=site.days,
        calls=site.calls,
        agents=site.agents,
        absent=site.absent,
        seed=site.seed,
    )
    month.live()
    return month, facts_of(office, hotline, month.begins_at)


def number_of(seed: str) -> int:
    """A number for dice that want one, the same in every process."""
    return int.from_bytes(seed.encode()[-8:], "big")
