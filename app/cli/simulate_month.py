"""`scripts/hotline simulate week|month|year`: many days of calls, every hotline with a staff of its own."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.simulate_options import FaultList, Share, instant, matters_of
from app.logs import configure

if TYPE_CHECKING:
    from app.cli.simulation.sites import Site


def _many_days(command: Callable[..., None]) -> Callable[..., None]:
    """The options that a month and a year share."""
    options = (
        click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)),
        click.option("--agents", type=click.IntRange(1, 99), default=8, show_default=True, help="Of each hotline."),
        click.option("--cut", type=Share(), default="0", help="Which share of them never comes to work, e.g. 1/3."),
        click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same days."),
        click.option("--start", default="2026-03-01T00:00+01:00", show_default=True, metavar="ISO"),
        click.option("--workers", type=click.IntRange(1, 16), default=2, show_default=True, help="Processes."),
        click.option("--faults", type=FaultList(), default="lose=0.01,duplicate=0.05,delay=20,reorder=yes",
                     show_default=True, help="What goes wrong on the wire."),
        click.option("--report", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="As JSON, too."),
        click.option("--plots", type=click.Path(file_okay=False, path_type=Path), help="A folder for drawings (SVG)."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@_many_days
@click.option("--calls", type=click.IntRange(10, 100_000), default=10_000, show_default=True, help="Of all hotlines.")
@click.option("--days", type=click.IntRange(1, 92), default=31, show_default=True)
def month(**options: Any) -> None:
    """A month of calls, by the day of the week and the calendar: every hotline with a staff of its own.

    Ends with status 1 if a promise was broken by the software, if a customer learnt by silence that we were late, or if
    a complaint is missing.
    """
    _live_days(**options)


@click.command()
@_many_days
@click.option("--calls", type=click.IntRange(10, 20_000), default=600, show_default=True, help="Of all hotlines.")
@click.option("--days", type=click.IntRange(1, 7), default=7, show_default=True)
@click.option("--kill", type=click.IntRange(0, 5_000), default=0, show_default=True, help="So many times, at random.")
@click.option("--postgres", is_flag=True, help="The killed office works on a PostgreSQL of its own.")
def week(kill: int, postgres: bool, **options: Any) -> None:
    """A week of calls, as `month`; with --kill also with processes that die.

    The same week is then lived twice: in this process, and by a web process and two clocks that are ended with SIGKILL
    in the middle of their work and started again. Ends with status 1 if a promise ends in another way than in the week
    in which nobody died, is lost, or if anybody is rung who should not have been.
    """
    if not kill:
        _live_days(**options)
        return
    configure("CRITICAL")
    from app.cli.simulation.killed.week import live_killed

    found = live_killed(_sites(options), kill, on_postgres=postgres)
    for each in found:
        for line in each.printed():
            click.echo(line)
    if options["report"] is not None:
        told = [each.to_json() for each in found]
        options["report"].write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    click.echo("the same ends" if all(each.is_the_same for each in found) else "not the same")
    if not all(each.is_the_same for each in found):
        raise SystemExit(1)


@click.command()
@_many_days
@click.option("--calls", type=click.IntRange(10, 2_000_000), default=120_000, show_default=True)
@click.option("--days", type=click.IntRange(1, 731), default=365, show_default=True)
def year(**options: Any) -> None:
    """A year of calls, as `month`; it takes a night."""
    _live_days(**options)


def _sites(options: dict[str, Any]) -> list[Site]:
    from app.cli.simulation.matters import SHIPPED
    from app.cli.simulation.sites import Site, hotline_names

    matters_of(options["file"])
    began_at, agents, calls = instant(options["start"]), options["agents"], options["calls"]
    names = hotline_names(began_at)
    absent = int(agents * options["cut"] + Fraction(1, 2))
    shares = [calls // len(names) + (place < calls % len(names)) for place in range(len(names))]
    matters, seed, faults = options["file"] or SHIPPED, options["seed"], options["faults"]
    return [
        Site(name, began_at, options["days"], share, agents, absent, f"{seed}:{name}", matters, faults)
        for name, share in zip(names, shares, strict=True)
    ]


def _live_days(**options: Any) -> None:
    configure("CRITICAL")
    from app.cli.simulation.month_report import MonthReport
    from app.cli.simulation.sites import live_everywhere

    clock = time.perf_counter()
    lived = live_everywhere(_sites(options), options["workers"])
    found = MonthReport.of(lived)
    for line in found.printed():
        click.echo(line)
    report, plots = options["report"], options["plots"]
    if report is not None:
        report.write_text(json.dumps(found.to_json(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if plots is not None:
        from app.cli.simulation.plots import draw_month

        draw_month(found, plots)
    cpu = ", ".join(f"{each.cpu_seconds:.0f}" for each in lived)
    # Not on standard output: there the same seed gives the same bytes.
    click.echo(f"took {time.perf_counter() - clock:.1f} s; of the processor {cpu} s", err=True)
    if found.wrong:
        raise SystemExit(1)
