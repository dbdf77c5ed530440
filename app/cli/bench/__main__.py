"""`scripts/bench`: lists what can be measured; each bench is imported only when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import click


@click.group(invoke_without_command=True)
@click.pass_context
def bench(context: click.Context) -> None:
    """Measure how fast the product is, against named yardsticks; only ratios of one run mean anything."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@bench.command()
@click.option("--runs", default=5, show_default=True, type=click.IntRange(1), help="Alternating runs of each side.")
@click.option("--calls", default=160, show_default=True, type=click.IntRange(1), help="Calls in one run.")
@click.option("--lines", default=8, show_default=True, type=click.IntRange(1), help="Callers at the same time.")
@click.option(
    "--database", "databases", multiple=True, type=click.Choice(["sqlite", "postgres"]), help="Default: both."
)
def turn(runs: int, calls: int, lines: int, databases: tuple[str, ...]) -> None:
    """Turns per second: signed and durably committed, against Twilio's classic IVR shape that stores nothing."""
    from app.cli.bench.turn import BenchFailed, measure_turns

    try:
        measure_turns(runs, calls, lines, databases or ("sqlite", "postgres"), click.echo)
    except BenchFailed as failure:
        raise click.ClickException(str(failure)) from failure


@bench.command()
@click.option("--runs", default=9, show_default=True, type=click.IntRange(1), help="Deadlines found at each size.")
def solver(runs: int) -> None:
    """Milliseconds to find a deadline, from 500 to 20,000 open promises at 50 agents."""
    from app.cli.bench.solver import measure_solver

    measure_solver(runs, click.echo)


@bench.command()
@click.option("--runs", default=9, show_default=True, type=click.IntRange(1), help="Promises made at each size.")
@click.option(
    "--database", "databases", multiple=True, type=click.Choice(["sqlite", "postgres"]), help="Default: both."
)
@click.option("--size", "sizes", multiple=True, type=click.IntRange(1), help="Open promises; default: 1,000 to 10,000.")
def promise(runs: int, databases: tuple[str, ...], sizes: tuple[int, ...]) -> None:
    """Milliseconds of a turn in which a callback is promised, from the webhook to the answer, at 50 agents."""
    from app.cli.bench.promise import SIZES, measure_promises

    measure_promises(runs, databases or ("sqlite", "postgres"), sizes or SIZES, click.echo)


@bench.command()
@click.option("--look-ups", default=2000, show_default=True, type=click.IntRange(100), help="Look-ups at each size.")
@click.option(
    "--database", "databases", multiple=True, type=click.Choice(["sqlite", "postgres"]), help="Default: both."
)
@click.option("--size", "sizes", multiple=True, type=click.IntRange(100), help="Units; default: 10,000 to 1 million.")
def recall(look_ups: int, databases: tuple[str, ...], sizes: tuple[int, ...]) -> None:
    """Milliseconds to find out whether a product is recalled, from 10,000 to 1 million identifiers."""
    from app.cli.bench.recall import SIZES, measure_look_ups

    measure_look_ups(look_ups, databases or ("sqlite", "postgres"), sizes or SIZES, click.echo)


@bench.command()
@click.option("--runs", default=5, show_default=True, type=click.IntRange(1), help="Alternating runs of each side.")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path("ivr_flows"),
    show_default=True,
    help="Where the flows are.",
)
def flows(runs: int, folder: Path) -> None:
    """Seconds of `flows check` with all its proofs, from the start of its process on."""
    from app.cli.bench.flows import measure_flows

    measure_flows(runs, folder, click.echo)


@bench.command()
@click.option("--per-second", default=20.0, show_default=True, type=click.FloatRange(0.1, 100), help="So many are due.")
@click.option("--seconds", default=60, show_default=True, type=click.IntRange(1), help="For so long.")
@click.option("--clocks", default=2, show_default=True, type=click.IntRange(1, 8), help="Clock processes.")
@click.option(
    "--database", "databases", multiple=True, type=click.Choice(["sqlite", "postgres"]), help="Default: both."
)
@click.option("--in-memory", is_flag=True, help="No commit waits for the disk.")
@click.option("--answers-after", default=0.3, show_default=True, type=click.FloatRange(0.1, 20), help="Of each ring.")
def dials(
    per_second: float, seconds: int, clocks: int, databases: tuple[str, ...], in_memory: bool, answers_after: float
) -> None:
    """Seconds from the moment at which a callback is due to its dial, with real processes and enough agents."""
    from app.cli.bench.dials import measure_dials

    chosen = databases or ("sqlite", "postgres")
    measure_dials(
        chosen, per_second, seconds, clocks, click.echo, waits_for_disk=not in_memory, answers_after=answers_after
    )


@bench.command()
@click.option("--runs", default=40, show_default=True, type=click.IntRange(1), help="Pages of each kind.")
@click.option(
    "--database", "databases", multiple=True, type=click.Choice(["sqlite", "postgres"]), help="Default: both."
)
@click.option("--size", "sizes", multiple=True, type=click.IntRange(10), help="Calls; default: 10,000 to 1 million.")
def calllog(runs: int, databases: tuple[str, ...], sizes: tuple[int, ...]) -> None:
    """Milliseconds of a page of the call log, by how many calls there are."""
    from app.cli.bench.calllog import measure_log

    measure_log(databases or ("sqlite", "postgres"), sizes, runs, click.echo)


@bench.command()
@click.option(
    "--file",
    type=click.File("rb"),
    default=str(Path(__file__).parents[1] / "simulation" / "cfpb_complaints.jsonl"),
    help="A CFPB export; default: the sample that comes along.",
)
@click.option("--years", default=50, show_default=True, type=click.IntRange(1), help="Made-up years of each kind.")
@click.option("--complaints", default=2000, show_default=True, type=click.IntRange(10), help="Complaints in a year.")
@click.option("--seed", default=1, show_default=True, type=int, help="Of everything that is drawn.")
def signals(file: BinaryIO, years: int, complaints: int, seed: int) -> None:
    """False alarms of the hazard signals on shuffled complaints, and how soon a planted hazard is found."""
    from app.cli.bench.signals import measure_signals

    measure_signals(file, Path(file.name).name, years, complaints, seed, click.echo)


if __name__ == "__main__":
    bench(prog_name="scripts/bench")
