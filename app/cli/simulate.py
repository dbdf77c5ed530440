"""`scripts/hotline simulate …`: whole days of calls on a clock that jumps, in an office of their own."""

from __future__ import annotations

import json
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.domain.errors import BadFile
from app.logs import configure

if TYPE_CHECKING:
    from app.cli.simulation.matters import Matter
    from app.cli.simulation.outcome import Outcome
    from app.simulator.faults import Faults

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
    try:
        began_at = datetime.fromisoformat(start)
    except ValueError as error:
        raise click.BadParameter("write it like 2026-03-02T00:00+01:00", param_hint="--start") from error
    if began_at.tzinfo is None:
        raise click.BadParameter("needs its offset, e.g. +01:00", param_hint="--start")
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
