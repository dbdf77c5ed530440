"""`scripts/hotline simulate …`: whole days of calls on a clock that jumps, in an office of their own."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.domain.errors import BadFile
from app.logs import configure

if TYPE_CHECKING:
    from app.cli.simulation.matters import Matter
    from app.cli.simulation.outcome import Outcome
    from app.cli.simulation.sites import Site
    from app.simulator.faults import Faults

_SOME_TIME = datetime(2026, 3, 2, tzinfo=UTC)  # when an office opens that is asked about its file only
_YES = ("yes", "true", "1")


class FaultList(click.ParamType):  # type: ignore[type-arg]  # generic in the stub alone
    """``lose=0.01,duplicate=0.05``: what goes wrong on the wire."""

    name = "faults"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The faults, or what is wrong with the list."""
        from app.simulator.faults import Faults

        given = dict(part.strip().partition("=")[::2] for part in str(value).split(",") if part.strip())
        try:
            return Faults.of({name: _amount(text) for name, text in given.items()})
        except ValueError as error:
            self.fail(f"{error}; write for example lose=0.01,duplicate=0.05,delay=20,reorder=yes", param, ctx)


def _amount(text: str) -> float | bool:
    return True if text in _YES else float(text)


class Share(click.ParamType):  # type: ignore[type-arg]  # generic in the stub alone
    """A share of something: 1/3 or 0.25."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The share, or what is wrong with it."""
        try:
            share = Fraction(str(value))
        except (ValueError, ZeroDivisionError):
            self.fail("write a share like 1/3 or 0.25", param, ctx)
        if not 0 <= share <= 1:
            self.fail("a share lies between 0 and 1", param, ctx)
        return share


def _instant(start: str) -> datetime:
    try:
        began_at = datetime.fromisoformat(start)
    except ValueError as error:
        raise click.BadParameter("write it like 2026-03-02T00:00+01:00", param_hint="--start") from error
    if began_at.tzinfo is None:
        raise click.BadParameter("needs its offset, e.g. +01:00", param_hint="--start")
    return began_at


@click.group()
def simulate() -> None:
    """Whole days of calls: what becomes of each complaint and of each promise."""


@simulate.command()
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
    began_at = _instant(start)
    matters = _read(file)
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


@simulate.command()
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
    began_at = _instant(start)
    from app.cli.simulation.compare import Compared
    from app.cli.simulation.matters import SHIPPED
    from app.cli.simulation.sites import Site, hotline_names, live_one

    _read(file)
    name = hotline_names(began_at)[0]
    lived = live_one(Site(name, began_at, 1, calls, agents, 0, f"{seed}:{name}", file or SHIPPED))
    found = Compared.of(lived.facts, agents, seed)
    for line in found.printed():
        click.echo(line)
    if report is not None:
        report.write_text(json.dumps(found.to_json(), indent=2) + "\n", encoding="utf-8")
    if plot is not None:
        found.draw(plot)


@simulate.command()
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

    matters = _read(None)
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


@simulate.command()
@_many_days
@click.option("--calls", type=click.IntRange(10, 100_000), default=10_000, show_default=True, help="Of all hotlines.")
@click.option("--days", type=click.IntRange(1, 92), default=31, show_default=True)
def month(**options: Any) -> None:
    """A month of calls, by the day of the week and the calendar: every hotline with a staff of its own.

    Ends with status 1 if a promise was broken by the software, if a customer learnt by silence that we were late, or if
    a complaint is missing.
    """
    _live_days(**options)


@simulate.command()
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


@simulate.command()
@_many_days
@click.option("--calls", type=click.IntRange(10, 2_000_000), default=120_000, show_default=True)
@click.option("--days", type=click.IntRange(1, 731), default=365, show_default=True)
def year(**options: Any) -> None:
    """A year of calls, as `month`; it takes a night."""
    _live_days(**options)


@simulate.command()
@click.option("--owners", type=click.IntRange(10, 100_000), default=10_000, show_default=True, help="Whom it concerns.")
@click.option("--kill", "kills", type=click.IntRange(0, 20), default=2, show_default=True, help="Deaths of the office.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same people.")
@click.option("--report", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write it as JSON, too.")
def campaign(owners: int, kills: int, seed: int, report: Path | None) -> None:
    """Let a recall campaign ring owners who answer, are busy, have machines or hang up, and kill the office meanwhile.

    Ends with status 1 if somebody was called again after the warning, somebody was missed, or a figure is not that of
    the network and of the people.
    """
    configure("CRITICAL")
    from app.cli.simulation.campaign import simulate_campaign
    from app.cli.simulation.campaign_printed import printed_campaign, values_of_campaign

    clock, cpu = time.perf_counter(), time.process_time()
    found = simulate_campaign(owners, kills, seed)
    for line in printed_campaign(found):
        click.echo(line)
    if report is not None:
        report.write_text(json.dumps(values_of_campaign(found), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    # Not on standard output: there the same seed gives the same bytes.
    took, used = time.perf_counter() - clock, time.process_time() - cpu
    click.echo(f"took {took:.1f} s, of the processor {used:.1f} s", err=True)
    if found.wrong:
        raise SystemExit(1)


def _sites(options: dict[str, Any]) -> list[Site]:
    from app.cli.simulation.matters import SHIPPED
    from app.cli.simulation.sites import Site, hotline_names

    _read(options["file"])
    began_at, agents, calls = _instant(options["start"]), options["agents"], options["calls"]
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


def _read(file: Path | None) -> list[Matter]:
    from app.cli.simulation.matters import SHIPPED, read_matters

    path = file or SHIPPED
    try:
        with path.open("rb") as rows:
            matters = read_matters(rows, path.name, lambda problem: click.echo(problem, err=True))
    except BadFile as bad:
        raise click.ClickException(str(bad)) from bad
    if not matters:
        raise click.ClickException(f"{path.name} holds no complaint")
    return matters


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
