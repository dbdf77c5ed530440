"""`scripts/hotline contracts …`: bring the company's contracts in, so that cancelling one takes fewer keys."""

from __future__ import annotations

from typing import BinaryIO

import click

from app.cli.at_office import at_office
from app.services.import_contracts import COLUMNS, import_contracts

_HELP = f"""Bring in the contracts of FILE ("-" for standard input): CSV or JSON with the columns {", ".join(COLUMNS)}.

Only the number must be filled; days are written 2026-03-02, goods is yes or no. A contract whose number is here already
is replaced. Rows that cannot be read are told by line and left out; then the status is 1.
"""


@click.group()
def contracts() -> None:
    """Contracts and orders of customers."""


@contracts.command("import", help=_HELP)
@click.argument("file", type=click.File("rb"))
@click.option("--hotline", required=True, help="The hotline at which customers cancel these contracts.")
def import_(file: BinaryIO, hotline: str) -> None:
    with at_office() as office, office.database.sessions.begin() as session:
        named = office.hotlines.named(hotline)
        if named is None:
            known = ", ".join(each.name for each in office.hotlines)
            raise click.ClickException(f"there is no hotline {hotline!r}; known are {known}")
        report = import_contracts(session, office.vault, file, name=file.name, hotline=named, now=office.clock.now())
    for line, problem in report.left_out:
        click.echo(f"{file.name}:{line}: {problem}", err=True)
    click.echo(f"{report.imported} imported, {report.replaced} replaced, {len(report.left_out)} left out")
    if report.left_out:
        raise SystemExit(1)
