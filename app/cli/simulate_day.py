"""`scripts/hotline simulate day|compare|replay`: one day of calls."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.simulate_options import FaultList, instant, matters_of
from app.domain.errors import BadFile
from app.logs import configure

if TYPE_CHECKING:
    from app.cli.simulation.matters import Matter
    from app.cli.simulation.outcome import Outcome
    from app.simulator.faults import Faults

_SOME_TIME = datetime(2026, 3, 2, tzinfo=UTC)  # when an office opens that is asked about its file only


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--calls", type=click.IntRange(1, 5000), help="How many complain; default: one for each row of FILE.")
@click.option("--agents", type=click.IntRange(0, 99), default=6, show_default=True, help="How many take calls.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same day.")
@click.option("--start", default="2026-03-02T00:00+01:00", show_default=True, metavar="ISO", help="When it begins.")
@click.option("--report", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write it as JSON, too.")
@click.option("--faults", type=FaultList(), help="What goes wrong on the wire, e.g. lose=0.01,duplicate=0.05,delay=20.")
def day(
    file: Path | None, calls: int | None, agents: int, seed: int, start: str, report: Path | None, faults: Any
) -> None:
    """Let complaints call in, in their own words, and time run until every promise has its end.

    FILE is a CFPB export (CSV, JSON lines or JSON list); without one, 21 real complaints come with this program. The
    office has a database of its own, which is gone afterwards. Ends with status 1 if a complaint is missing, a promise
    has no end or is broken, or the network refused anything.
    """
    configure("CRITICAL")
    began_at = instant(start)
    matters = matters_of(file)
    clock = time.perf_counter()
    found = _live(matters, began_at, calls or len(matters), agents, seed, faults)
    seconds = time.perf_counter() - clock
    from app.cli.simulation.printed import printed

    for line in printed(found):
        click.echo(line)
    if report is not None:
        report.write_text(json.dumps(found.to_json(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    speed = (found.ends_at - found.begins_at).total_seconds() / seconds
    # Not on standard output: there the same seed gives the same bytes.
    click.echo(f"took {seconds:.1f} s, {speed:,.0f} times as fast as life", err=True)
    if found.wrong:
        raise SystemExit(1)


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--calls", type=click.IntRange(10, 5000), default=300, show_default=True, help="On that day.")
@click.option("--agents", type=click.IntRange(1, 99), default=6, show_default=True, help="At most; then ever fewer.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same day.")
@click.option("--start", default="2026-03-02T00:00+01:00", show_default=True, metavar="ISO", help="When it begins.")
@click.option("--report", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write it as JSON, too.")
@click.option("--plot", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Draw it (SVG).")
def compare(
    file: Path | None, calls: int, agents: int, seed: int, start: str, report: Path | None, plot: Path | None
) -> None:
    """The promises of one simulated day, called back by least slack, first come first served, and by a timer each.

    The day is lived by the whole product; the three ways are compared on a small model of agents and telephones.
    """
    began_at = instant(start)
    from app.cli.simulation.compare import Compared
    from app.cli.simulation.matters import SHIPPED
    from app.cli.simulation.sites import Site, hotline_names, live_one

    matters_of(file)
    name = hotline_names(began_at)[0]
    lived = live_one(Site(name, began_at, 1, calls, agents, 0, f"{seed}:{name}", file or SHIPPED))
    found = Compared.of(lived.facts, agents, seed)
    for line in found.printed():
        click.echo(line)
    if report is not None:
        report.write_text(json.dumps(found.to_json(), indent=2) + "\n", encoding="utf-8")
    if plot is not None:
        found.draw(plot)


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--day", "on", type=click.DateTime(["%Y-%m-%d"]), help="Which day; default: the one with most calls.")
@click.option("--agents", type=click.IntRange(1, 99), help="So many, whenever a hotline is open.")
@click.option("--staffing", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A hotline file whose `staffing` sections say who is there when.")  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True, help="Of all that the log does not tell.")
@click.option("--report", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write it as JSON, too.")
def replay(
    source: Path, on: datetime | None, agents: int | None, staffing: Path | None, seed: int, report: Path | None
) -> None:
    """Live a real day once more, under another roster.

    SOURCE is an office's own SQLite database, of which no number, name or word is read, or an export of
    `scripts/hotline calls export`. The calls come when they came; everything personal is made up.
    """
    if (agents is None) == (staffing is None):
        raise click.UsageError("say who is there: either --agents or --staffing")
    configure("CRITICAL")
    from app.cli.simulation.call_log import read_call_log
    from app.cli.simulation.day import FORGOTTEN_AFTER
    from app.cli.simulation.outcome import outcome_of
    from app.cli.simulation.replay import Replay, Replayed, midnight_of
    from app.cli.throwaway import throwaway_office

    matters = matters_of(None)
    try:
        with throwaway_office(_SOME_TIME, hotlines=staffing, proved=True, silent=True) as office:
            hotline = next(iter(office.runtime.hotlines))
        log = read_call_log(source, hotline.zone, on.date() if on else None)
        begins_at = midnight_of(log, hotline)
        with throwaway_office(begins_at, seed, hotlines=staffing, silent=True, forgets_after=FORGOTTEN_AFTER) as office:
            lived = Replay(office, matters, log, agents=agents, seed=seed)
            lived.live()
            found = Replayed(log, outcome_of(lived))
    except BadFile as bad:
        raise click.ClickException(str(bad)) from bad
    for line in found.printed():
        click.echo(line)
    if report is not None:
        report.write_text(json.dumps(found.to_json(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _live(
    matters: list[Matter], began_at: datetime, calls: int, agents: int, seed: int, faults: Faults | None
) -> Outcome:
    from app.cli.simulation.day import FORGOTTEN_AFTER, Day  # brings the whole product and the phone network
    from app.cli.simulation.outcome import outcome_of
    from app.cli.throwaway import throwaway_office

    with throwaway_office(began_at, seed, faults, silent=True, forgets_after=FORGOTTEN_AFTER) as office:
        lived = Day(office, matters, calls=calls, agents=agents, seed=seed)
        lived.live()
        return outcome_of(lived)
