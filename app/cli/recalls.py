"""`scripts/hotline recalls …`: bring lists of recalls in, and look a product up."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

import click

from app.cli.at_office import at_office
from app.services.import_owners import import_owners
from app.services.import_recalls import analyze_recalls, import_recalls
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
    with at_office() as office, office.database.sessions() as session, progress(file) as bar:

        def after_batch(rows: int) -> None:
            session.commit()
            bar.update(file.tell() - bar.pos if bar.length else 0, rows)

        def on_bad_row(number: int, problem: str) -> None:
            click.echo(f"{file.name}: row {number}: {problem}", err=True)

        report = import_recalls(
            session, file, name=file.name, now=office.clock.now(), after_batch=after_batch, on_bad_row=on_bad_row
        )
        analyze_recalls(session)
        session.commit()
    click.echo(
        f"{report.imported} imported, {report.changed} changed, {report.unchanged} here already, "
        f"{report.bad_rows} left out; {report.doubtful_identifiers} bar codes are doubtful"
    )
    if report.bad_rows:
        raise SystemExit(1)


@recalls.command("owners")
@click.argument("file", type=click.File("rb"))
@click.option("--source", help="Name of the register; that of the file if not said.")
def owners(file: BinaryIO, source: str | None) -> None:
    """Bring in who owns what from FILE: a telephone number, and a model, bar code, lot or serial number.

    On any call from such a number the notice of a recall comes before the queue.
    Rows that cannot be read are told by number and left out; then the status is 1.
    """
    with at_office() as office, office.database.sessions() as session, progress(file) as bar:

        def after_batch(rows: int) -> None:
            session.commit()
            bar.update(file.tell() - bar.pos if bar.length else 0, rows)

        def on_bad_row(number: int, problem: str) -> None:
            click.echo(f"{file.name}: row {number}: {problem}", err=True)

        report = import_owners(
            session,
            office.vault,
            file,
            name=source or file.name,
            country=next(iter(office.hotlines)).country,
            now=office.clock.now(),
            after_batch=after_batch,
            on_bad_row=on_bad_row,
        )
        session.commit()
    click.echo(f"{report.imported} imported, {report.unchanged} here already, {report.bad_rows} left out")
    if report.bad_rows:
        raise SystemExit(1)


@contextlib.contextmanager
def progress(file: BinaryIO) -> Iterator[Any]:
    """A bar on the terminal by the bytes read, with the rows beside it; without bytes to reckon with, rows alone."""
    length = None
    if file.seekable():
        at = file.tell()
        length = file.seek(0, 2)
        file.seek(at)
    with click.progressbar(
        length=length, file=sys.stderr, label="rows", item_show_func=lambda rows: f"{rows or 0}", show_eta=True
    ) as bar:
        yield bar


@recalls.command("look-up")
@click.argument("identifier")
def look_up(identifier: str) -> None:
    """Look the model or bar code IDENTIFIER up, as callers do."""
    with at_office() as office, office.database.reads() as session:
        match = look_up_recall(session, identifier)
    click.echo(f"match: {match.certainty}")
    for recall in match.recalls:
        click.echo(f"{recall.source} {recall.number}: {recall.title}")
