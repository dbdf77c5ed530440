"""`scripts/hotline journal …`: whether what was written down is still as it was."""

from __future__ import annotations

import json

import click
import sqlalchemy as sa

from app.cli.at_office import at_office
from app.models.chain import JournalEntry
from app.services.seal_journal import seal_journal
from app.services.verify_journal import Head, newest_head, verify_journal


@click.group()
def journal() -> None:
    """The chain of entries that shows whether anything was altered afterwards."""


@journal.command()
@click.option("--head", "kept", help="A position that `journal head` told earlier: the journal must still hold it.")
@click.option("--all", "tell_all", is_flag=True, help="Tell every fault, not only the first.")
@click.option("--json", "as_json", is_flag=True, help="Write the verdict as JSON.")
def verify(kept: str | None, *, tell_all: bool, as_json: bool) -> None:
    """Check every entry and every row; name the first one that was altered, and end with status 1."""
    try:
        noted = Head.read(kept) if kept else None
    except ValueError as error:
        raise click.BadParameter("is no position that `journal head` tells", param_hint="--head") from error
    with at_office() as office, office.database.reads() as session:
        found = verify_journal(session, office.vault, kept=noted)
        faults = list(found) if tell_all else [fault for fault in [next(found, None)] if fault is not None]
        entries = session.scalar(sa.select(sa.func.count()).select_from(JournalEntry)) or 0
        head = newest_head(session)
    if as_json:
        told = {"entries": entries, "head": str(head), "intact": not faults, "faults": [str(each) for each in faults]}
        click.echo(json.dumps(told, indent=2))
    else:
        for fault in faults:
            click.echo(str(fault))
        if not faults:
            click.echo(f"{entries} entries, nothing was altered; the journal ends at {head}")
    if faults:
        raise SystemExit(1)


@journal.command("head")
def print_head() -> None:
    """Print how far the journal reaches, to be kept where nobody of this office can alter it."""
    with at_office() as office, office.database.reads() as session:
        click.echo(str(newest_head(session)))


@journal.command()
def seal() -> None:
    """Enter every row that has no entry yet; the clock does so all the time."""
    with at_office() as office:
        sealed = seal_journal(office.database, office.vault, now=office.clock.now(), thorough=True)
    click.echo(f"{sealed} rows entered")
