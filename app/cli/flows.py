"""`scripts/hotline flows …`: check, draw and play what callers hear; write the reference of the node types."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.flows_check import check
from app.domain.errors import BadFile
from app.ivr.drawing import flow_svg
from app.ivr.loader import load_flows
from app.ivr.reference import reference
from app.ivr.words import Words
from app.proving.page import rules_page

FOLDER = click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path("ivr_flows"),
    show_default=True,
    help="Where the flows are.",
)


class _Flows(click.Group):
    """The group; `play` brings the local phone network, so it is only looked for when wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), "play"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name == "play":
            from app.cli.flows_play import play

            return play
        return super().get_command(ctx, cmd_name)


@click.group(cls=_Flows)
def flows() -> None:
    """What callers hear and press."""


flows.add_command(check)


@flows.command()
@FOLDER
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), default=Path("var/flows"), show_default=True)
def draw(folder: Path, to: Path) -> None:
    """Draw each flow as an SVG picture."""
    try:
        loaded = load_flows(folder, Words.load(folder / "prompts"))
    except BadFile as bad:
        click.echo(str(bad), err=True)
        raise SystemExit(1) from bad
    to.mkdir(parents=True, exist_ok=True)
    for flow in loaded.entries:
        path = to / f"{flow}.svg"
        path.write_text(flow_svg(loaded, flow), encoding="utf-8")
        click.echo(str(path))


@flows.command("reference")
@FOLDER
def write_reference(folder: Path) -> None:
    """Write README.md of the flows from the docstrings of the node types."""
    (folder / "README.md").write_text(reference(), encoding="utf-8")
    click.echo(str(folder / "README.md"))


@flows.command("rules")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), default=Path("docs/flow-rules.md"))
def write_rules(to: Path) -> None:
    """Write the page of the rules that are proved."""
    to.write_text(rules_page(), encoding="utf-8")
    click.echo(str(to))
