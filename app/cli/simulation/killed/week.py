"""The same week twice: in one process where nobody dies, and with processes that are killed."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from app.cli import local_env
from app.cli.simulation.facts import Facts
from app.cli.simulation.killed.deaths import Death, Deaths
from app.cli.simulation.killed.ends import Difference, End, Key, complaints_about, differences, ends_of
from app.cli.simulation.killed.house import HOST, House, free_port
from app.cli.simulation.killed.process_office import ProcessOffice
from app.cli.simulation.killed.told_runtime import TIME_FILE
from app.cli.simulation.matters import Matter, read_matters
from app.cli.simulation.outcome import Outcome, outcome_of
from app.cli.simulation.sites import Site, live_at, number_of
from app.cli.throwaway import throwaway_office
from app.cli.throwaway_postgres import start_postgres
from app.cli.virtual_office import VirtualOffice
from app.migrations.upgrade import upgrade
from app.settings import Settings, environment


@dataclass(frozen=True, slots=True)
class Run:
    """One of the two: what came of it."""

    outcome: Outcome
    facts: Facts
    ends: dict[Key, End]
    wrong: list[str]
    webhooks: int
    seconds: float  # of the machine


@dataclass(frozen=True, slots=True)
class Compared:
    """A week of one hotline, in one process and with processes that were killed."""

    hotline: str
    unkilled: Run
    killed: Run
    died: list[Death]
    planned: int

    @property
    def different(self) -> list[Difference]:
        """The promises whose end state is not the same."""
        return differences(self.unkilled.ends, self.killed.ends)

    @property
    def lost(self) -> int:
        """Promises of the unkilled week that the killed one does not have, or that have no end there."""
        return sum(key not in self.killed.ends or self.killed.ends[key].ended_at is None for key in self.unkilled.ends)

    @property
    def is_the_same(self) -> bool:
        """Whether nothing was lost, nobody was rung who should not have been, and every promise ended alike."""
        return not (self.different or self.lost or self.wrong)

    @property
    def wrong(self) -> list[str]:
        """What a death may never cause."""
        return self.killed.wrong

    def to_json(self) -> dict[str, Any]:
        """As JSON values, in a fixed order."""
        return {
            "hotline": self.hotline,
            "promises": {"unkilled": _states(self.unkilled.ends), "killed": _states(self.killed.ends)},
            "same": len(self.unkilled.ends.keys() | self.killed.ends.keys()) - len(self.different),
            "different": [
                {
                    "number": each.key[0],
                    "place": each.key[1],
                    "unkilled": _told(each.unkilled),
                    "killed": _told(each.killed),
                }
                for each in self.different
            ],
            "lost": self.lost,
            "wrong": self.wrong,
            "deaths": [
                {
                    "at": death.at.isoformat(),
                    "victim": death.victim,
                    "during": death.during,
                    "moment": death.moment,
                    "milliseconds": round(death.milliseconds, 1),
                    "in_the_middle": death.in_the_middle,
                }
                for death in self.died
            ],
            "seconds": {"unkilled": round(self.unkilled.seconds, 1), "killed": round(self.killed.seconds, 1)},
        }

    def printed(self) -> Iterator[str]:
        """Line by line, for people."""
        calls = self.unkilled.outcome.calls.total()
        yield f"{self.hotline}: {calls} calls, {self.unkilled.webhooks} webhooks, {self.killed.webhooks} when killed"
        victims = Counter(death.victim for death in self.died)
        middle = sum(death.in_the_middle for death in self.died)
        listed = ", ".join(f"{number} × {victim}" for victim, number in sorted(victims.items()))
        yield f"killed         {len(self.died)} of {self.planned} times, {middle} in the middle of a step: {listed}"
        work = Counter(_work(death) for death in self.died if death.in_the_middle)
        yield f"  during       {', '.join(f'{number} × {name}' for name, number in work.most_common(12))}"
        yield f"promises       unkilled {_listed(self.unkilled.ends)}"
        yield f"               killed   {_listed(self.killed.ends)}"
        together = len(self.unkilled.ends.keys() | self.killed.ends.keys())
        yield f"  the same     {together - len(self.different)} of {together}"
        for each in self.different:
            yield f"  different    {each.key[0]}: {_line(each.unkilled)}; killed: {_line(each.killed)}"
        yield f"  lost         {self.lost}"
        for sentence in self.wrong:
            yield f"  WRONG        {sentence}"


def live_killed(sites: Iterable[Site], deaths: int, *, on_postgres: bool = False) -> list[Compared]:
    """Live the week of every hotline twice, one after the other.

    Args:
        deaths: how many times processes are killed, all in all.
    """
    weeks = list(sites)
    shares = [deaths // len(weeks) + (place < deaths % len(weeks)) for place in range(len(weeks))]
    if not on_postgres:
        return [compare(site, share) for site, share in zip(weeks, shares, strict=True)]
    with start_postgres(environment()) as server:
        found = []
        for place, (site, share) in enumerate(zip(weeks, shares, strict=True)):
            url = server.create(f"killed_{place}")
            upgrade(url)
            found.append(compare(site, share, database_url=url))
            server.drop(f"killed_{place}")
        return found


def compare(site: Site, deaths: int, *, database_url: str | None = None) -> Compared:
    """Live the week of one hotline twice.

    Args:
        deaths: how many times processes are killed.
        database_url: a fresh database at the newest schema for the killed office; None for an SQLite file.
    """
    with site.matters.open("rb") as rows:
        matters = read_matters(rows, site.matters.name, lambda _: None)
    begun = time.perf_counter()
    with throwaway_office(site.begins_at, number_of(site.seed), site.faults, proved=True, silent=True) as office:
        unkilled = _lived(office, site, matters, begun)
    plan = Deaths(deaths, unkilled.webhooks, f"{site.seed}:deaths")
    begun = time.perf_counter()
    with process_office(site, plan, database_url) as killed_office:
        killed = _lived(killed_office, site, matters, begun)
    return Compared(site.hotline, unkilled, killed, plan.died, deaths)


@contextmanager
def process_office(site: Site, deaths: Deaths, database_url: str | None) -> Iterator[ProcessOffice]:
    """An office with processes of its own on a fresh database; all of it is gone at the end."""
    web, network = free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="rueckruf-") as folder:
        time_file = Path(folder) / "time"
        chosen = {
            "PUBLIC_URL": f"http://{HOST}:{web}",
            "TWILIO_API_URL": f"http://{HOST}:{network}",
            "VAR_DIR": folder,
            "LOG_LEVEL": "WARNING",
            **({"DATABASE_URL": database_url} if database_url else {}),
        }
        made_up = local_env.write(Path(folder) / "local.env", chosen)
        settings = Settings.read(made_up)
        if not database_url:
            upgrade(settings.database_url)
        house = House({**environment(), **made_up, TIME_FILE: str(time_file)}, Path(folder), web_port=web)
        try:
            office = ProcessOffice(
                settings,
                house,
                deaths,
                time_file=time_file,
                now=site.begins_at.astimezone(UTC),
                seed=number_of(site.seed),
                faults=site.faults,
            )
            try:
                yield office
            finally:
                office.close()
        finally:
            house.stop()


def _lived(office: VirtualOffice, site: Site, matters: list[Matter], begun: float) -> Run:
    month, facts = live_at(office, site, matters)
    ends = ends_of(office)
    outcome = outcome_of(month)
    return Run(
        outcome,
        facts,
        ends,
        [*outcome.wrong, *complaints_about(office, ends)],
        office.carrier.postman.number_sent,
        time.perf_counter() - begun,
    )


def _states(ends: dict[Key, End]) -> dict[str, int]:
    return dict(sorted(Counter(end.status for end in ends.values()).items()))


def _listed(ends: dict[Key, End]) -> str:
    return f"{len(ends)}: " + ", ".join(f"{number} {status}" for status, number in _states(ends).items())


def _told(end: End | None) -> dict[str, Any] | None:
    if end is None:
        return None
    return {
        "status": end.status,
        "cause": end.cause,
        "made_at": end.made_at.isoformat(),
        "due_at": end.due_at.isoformat(),
        "ended_at": end.ended_at.isoformat() if end.ended_at else None,
        "rings": [at.isoformat() for at in end.rings],
    }


def _line(end: End | None) -> str:
    if end is None:
        return "none"
    ended = f"{end.ended_at:%a %H:%M:%S}" if end.ended_at else "never"
    rings = ", ".join(f"{at:%a %H:%M:%S}" for at in end.rings)
    return f"made {end.made_at:%a %H:%M:%S}, rung {rings or 'never'}, {end.status} {ended} ({end.cause})"


def _work(death: Death) -> str:
    """What it died over, without the keys in a webhook's path."""
    work = "/".join(part for part in death.during.split("/")[:3] if part)
    return f"{work} ({death.moment})" if death.moment else work
