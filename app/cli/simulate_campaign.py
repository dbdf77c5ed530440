"""`scripts/hotline simulate campaign`: a recall campaign, and an office that dies meanwhile."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from app.logs import configure


@click.command()
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
