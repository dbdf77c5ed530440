"""`scripts/hotline recalls …`: bring lists of recalls in, and look a product up."""

from __future__ import annotations

from typing import BinaryIO

import click

from app.cli.at_office import at_office
from app.services.import_recalls import import_recalls
from app.services.look_up_recall import look_up_recall


@click.group()
def recalls() -> None:
    """Product recalls."""


@recalls.command("import")
@click.argument("file", type=click.File("rb"))
def import_(file: BinaryIO) -> None:
    """Bring in the recalls of FILE: the CPSC's REST form, the former USA.gov form, or CSV ("-" for standard input).

    Recalls published anew replace what is here. Rows that cannot be read are told by number and left out; then the
    status is 1.
    """
    with at_office() as office, office.database.sessions() as session:

        def after_batch(rows: int) -> None:
            session.commit()
            click.echo(f"{rows} rows read", err=True)

        report = import_recalls(session, file, name=file.name, now=office.clock.now(), after_batch=after_batch)
    for number, problem in report.left_out:
        click.echo(f"{file.name}: row {number}: {problem}", err=True)
    click.echo(
        f"{report.imported} imported, {report.changed} changed, {report.unchanged} here already, "
        f"{len(report.left_out)} left out; {report.doubtful_identifiers} bar codes are doubtful"
    )
    if report.left_out:
        raise SystemExit(1)


@recalls.command("look-up")
@click.argument("identifier")
def look_up(identifier: str) -> None:
    """Look the model or bar code IDENTIFIER up, as callers do."""
    with at_office() as office, office.database.reads() as session:
        match = look_up_recall(session, identifier)
    click.echo(f"match: {match.certainty}")
    for recall in match.recalls:
        click.echo(f"{recall.source} {recall.number}: {recall.title}")
