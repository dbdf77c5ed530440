"""`scripts/hotline complaints …`: bring complaints in from CFPB exports, write them out, print the scheme."""

from __future__ import annotations

import json
from typing import BinaryIO, TextIO

import click

from app.cli.at_office import at_office
from app.domain.complaint import json_schema
from app.domain.complaint_table import markdown
from app.services.export_complaints import ExportForm, export_complaints
from app.services.import_complaints import import_complaints


@click.group()
def complaints() -> None:
    """Complaints in and out, in the form of the US CFPB's complaint database."""


@complaints.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--hotline", "hotline_name", help="Short name of the hotline they belong to; the first one if not said.")
def import_(file: BinaryIO, hotline_name: str | None) -> None:
    """Make a case of every complaint in FILE, a CFPB export as CSV, JSON lines or JSON list ("-" for standard input).

    Columns are found by their heading, in any order. Rows that cannot be read are told by line and left out; rows that
    are here already stay as they are. Ends with status 1 if a row was left out.
    """
    with at_office() as office, office.database.sessions() as session:
        hotline = office.hotlines.named(hotline_name) if hotline_name else next(iter(office.hotlines))
        if hotline is None:
            known = ", ".join(each.name for each in office.hotlines)
            raise click.BadParameter(f"no hotline {hotline_name!r}; there are: {known}", param_hint="--hotline")
        report = import_complaints(
            session,
            office.vault,
            file,
            name=file.name,
            hotline=hotline.name,
            now=office.clock.now(),
            after_batch=session.commit,
        )
    for line, remark in [*report.left_out, *report.remarks]:
        click.echo(f"{file.name}:{line}: {remark}", err=True)
    click.echo(f"{report.imported} imported, {report.unchanged} here already, {len(report.left_out)} left out")
    if report.left_out:
        raise SystemExit(1)


@complaints.command("export")
@click.argument("file", type=click.File("w", encoding="utf-8", lazy=False), default="-")
@click.option(
    "--format", "form", type=click.Choice([form.value for form in ExportForm]), default="jsonl", show_default=True
)
@click.option("--source", help="Only complaints from this source: call, text, cfpb …")
@click.option("--safe", is_flag=True, help="For spreadsheets: an apostrophe before what looks like a formula.")
def export(file: TextIO, form: str, source: str | None, *, safe: bool) -> None:
    """Write the complaints to FILE, or to standard output, so that `complaints import` takes them back unchanged.

    With --safe a spreadsheet shows every cell as text; such a file is for people, not for importing again.
    """
    if safe and form != ExportForm.CSV:
        raise click.UsageError("--safe is for --format csv")
    # Line ends inside cells must stay as they are.
    if hasattr(file, "reconfigure"):
        file.reconfigure(newline="", encoding="utf-8")
    with at_office() as office, office.database.reads() as session:
        number = export_complaints(session, office.vault, file, form=ExportForm(form), source=source, safe=safe)
    click.echo(f"{number} complaints written", err=True)


@complaints.command()
@click.option("--markdown", "as_table", is_flag=True, help="As the table in docs/complaint-record.md.")
def scheme(*, as_table: bool) -> None:
    """Print the scheme of the complaint record as JSON Schema."""
    click.echo(markdown() if as_table else json.dumps(json_schema(), ensure_ascii=False, indent=2), nl=not as_table)
