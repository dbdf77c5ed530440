"""`scripts/hotline simulate …`: whole days of calls on a clock that jumps, in an office of their own."""

from __future__ import annotations

import click

from app.cli.simulate_campaign import campaign
from app.cli.simulate_day import compare, day, replay
from app.cli.simulate_month import month, week, year


@click.group()
def simulate() -> None:
    """Whole days of calls: what becomes of each complaint and of each promise."""


for command in (day, compare, replay, week, month, year, campaign):
    simulate.add_command(command)
