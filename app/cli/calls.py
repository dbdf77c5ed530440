"""`scripts/hotline calls …`: the call log."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TextIO

import click

from app.cli.at_office import at_office
from app.services.export_calls import export_calls

_DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])


@click.group()
def calls() -> None:
    """The call log."""


@calls.command()
@click.argument("file", type=click.File("w", encoding="utf-8", lazy=False), default="-")
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True)
@click.option("--since", type=_DAY, help="UTC; only calls that began then or later.")
@click.option("--until", type=_DAY, help="UTC; only calls that began before.")
def export(file: TextIO, form: str, since: datetime | None, until: datetime | None) -> None:
    """Write the call log to FILE, or to standard output, oldest call first."""
    if hasattr(file, "reconfigure"):
        file.reconfigure(newline="", encoding="utf-8")
    with at_office() as office, office.database.reads() as session:
        number = export_calls(
            session,
            office.vault,
            file,
            as_csv=form == "csv",
            since=since.replace(tzinfo=UTC) if since else None,
            until=until.replace(tzinfo=UTC) if until else None,
        )
    click.echo(f"{number} calls written", err=True)
